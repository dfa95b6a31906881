"""Moves all live leads of some stages at once: each is one change, with its event."""

from collections.abc import Mapping

from sqlalchemy import ARRAY, Text, bindparam, text

from models.db import db
from models.db.statements import count_here
from models.event import EventKind
from services.history import caused_by
from services.leads.deriving.derive import derive, found_by
from services.leads.locking import lock_leads
from services.leads.stages import begins_sql
from services.principal import Principal

_MOVES = "unnest(cast(:de as text[]), cast(:para as text[])) as m(de, para)"
_HERE = "l.equipe_id = :equipe_id and l.excluido_em is null and l.etapa = m.de"
_IN_THEM = "select id from leads where equipe_id = :equipe_id and etapa = any(:de)"
_RECORD = (
    "insert into eventos (equipe_id, tipo, lead_id, usuario_id, chave_id, versao, campos, "
    f"de_etapa, para_etapa) select :equipe_id, '{EventKind.LEAD_MOVIDO}', l.id, :usuario_id, "
    f":chave_id, l.versao + 1, '{{etapa}}', l.etapa, m.para from leads l, {_MOVES} where {_HERE} "
    "order by l.id"
)
_MOVE = (
    f"update leads l set etapa = m.para, etapa_desde = {begins_sql('now()', 'etapa_desde')}, "
    "etapa_informada = false, versao = versao + 1, atualizado_em = now() "
    f"from {_MOVES} where {_HERE}"
)
_COUNT = (
    "select etapa, count(*) from leads where equipe_id = :equipe_id and excluido_em is null "
    "and etapa = any(:de) group by etapa order by etapa"
)
_JUST_MOVED = found_by(
    "select id from leads where equipe_id = :equipe_id and etapa = any(:para) "
    "and atualizado_em = now()"
)
_TEXTS = ARRAY(Text)


def move_all(caller: Principal, moves: Mapping[str, str]) -> None:
    """Move the leads of each stage to another one of the same kind. The stages are locked."""
    values = {
        "equipe_id": caller.equipe_id,
        "usuario_id": caller.usuario_id,
        "chave_id": caller.chave_id,
        "de": list(moves),
        "para": list(moves.values()),
    }
    sources = text(_IN_THEM).bindparams(equipe_id=caller.equipe_id, de=list(moves))
    lock_leads(caller.equipe_id, sources)
    count_here(text(_RECORD), values)
    count_here(text(_MOVE), values)
    cause = {**values, **caused_by(caller)}
    derive(_JUST_MOVED, {"etapa", "etapa_desde", "etapa_informada"}, cause)


def leads_in(equipe_id: int, stages: set[str]) -> dict[str, int]:
    """How many live leads there are in each of these stages; of those that have none, nothing."""
    statement = text(_COUNT).bindparams(bindparam("de", type_=_TEXTS))
    values = {"equipe_id": equipe_id, "de": sorted(stages)}
    return {etapa: count for etapa, count in db.session.execute(statement, values)}
