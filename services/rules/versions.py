"""A tenant's rules as rows: drafts, what is in force, and what was."""

from datetime import datetime
from typing import NamedTuple

from sqlalchemy import func, select

from models.db import db
from models.db.messages.queries import Query
from models.db.statements import fetch, fetch_here
from models.db.transactions import is_open
from models.scoring.rule_version import RulesState, RuleVersion
from models.team_settings import TeamSettings
from services.errors import Code, Conflict, NotFound
from services.principal import Principal
from services.rules.definition import RuleSet, from_json, to_json
from services.rules.standard import DEFAULT, DEFAULT_VERSION

MAX_DRAFTS = 20
SHOWN = 100  # versions of the history
_LISTED = """
select r.versao, r.estado, r.origem_versao, jsonb_array_length(r.definicao->'regras'),
  r.criado_em, r.atualizado_em, r.publicada_em, u.id, u.nome
from regras r left join usuarios u on u.id = r.publicada_por
where r.equipe_id = %(equipe_id)s and r.estado """
_DRAFTS = Query(_LISTED + "= 'rascunho' order by r.versao", {})
_HISTORY = Query(_LISTED + f"<> 'rascunho' order by r.publicada_em desc limit {SHOWN}", {})
_IN_FORCE = Query("select regras_versao from configuracao where equipe_id = %(equipe_id)s", {})
_ONE = Query(
    "select estado, definicao from regras where equipe_id = %(equipe_id)s and versao = %(versao)s",
    {},
)


class AlreadyPublished(Conflict):
    code = Code.REGRAS_JA_PUBLICADAS
    message = "Estas regras já foram publicadas, e não mudam mais: comece outro rascunho."


class TooManyDrafts(Conflict):
    code = Code.RASCUNHOS_DEMAIS
    message = f"A equipe já tem {MAX_DRAFTS} rascunhos de regras: exclua os que não servem mais."


class Listed(NamedTuple):
    """A version without its rules; `regras`: how many they are."""

    versao: int
    estado: str
    origem_versao: int | None
    regras: int
    criado_em: datetime | None
    atualizado_em: datetime | None
    publicada_em: datetime | None
    por_id: int | None
    por_nome: str | None


_FIRST = Listed(DEFAULT_VERSION, RulesState.PUBLICADA, None, len(DEFAULT.regras), *[None] * 5)


def drafts(equipe_id: int) -> list[Listed]:
    rows = fetch(_DRAFTS, {"equipe_id": equipe_id}, equipe_id=equipe_id)
    return [Listed(*row) for row in rows]


def history(equipe_id: int) -> list[Listed]:
    """What was published, the newest first, and behind it what every tenant begins with."""
    rows = fetch(_HISTORY, {"equipe_id": equipe_id}, equipe_id=equipe_id)
    return [*(Listed(*row) for row in rows), _FIRST]


def in_force(equipe_id: int) -> int:
    return int(fetch(_IN_FORCE, {"equipe_id": equipe_id}, equipe_id=equipe_id)[0][0])


def published(equipe_id: int, versao: int) -> RuleSet:
    """What was published under this number. Raises NotFound."""
    if versao == DEFAULT_VERSION:
        return DEFAULT
    estado, rules = _read(equipe_id, versao)
    if estado == RulesState.RASCUNHO:
        raise NotFound()
    return rules


def drafted(equipe_id: int, versao: int) -> RuleSet:
    """What a draft says. Raises NotFound, AlreadyPublished."""
    estado, rules = _read(equipe_id, versao)
    if estado != RulesState.RASCUNHO:
        raise AlreadyPublished()
    return rules


def _read(equipe_id: int, versao: int) -> tuple[str, RuleSet]:
    values = {"equipe_id": equipe_id, "versao": versao}
    here = is_open()
    rows = fetch_here(_ONE, values) if here else fetch(_ONE, values, equipe_id=equipe_id)
    if not rows:
        raise NotFound()
    estado, definition = rows[0]
    return estado, from_json(definition)


def published_here(versao: int) -> RuleSet:
    """The same inside a transaction."""
    if versao == DEFAULT_VERSION:
        return DEFAULT
    row = row_of(versao)
    if row is None or row.estado == RulesState.RASCUNHO:
        raise NotFound()
    return from_json(row.definicao)


def hold_settings() -> TeamSettings:
    """Nobody else of the tenant numbers or publishes rules meanwhile."""
    return db.session.scalars(select(TeamSettings).with_for_update(key_share=True)).one()


def row_of(versao: int) -> RuleVersion | None:
    """Held for a change."""
    found = select(RuleVersion).where(RuleVersion.versao == versao).with_for_update()
    return db.session.scalar(found.execution_options(populate_existing=True))


def hold_draft(versao: int) -> RuleVersion:
    """A draft, held for a change. Raises NotFound, AlreadyPublished."""
    row = row_of(versao)
    if row is None:
        raise NotFound()
    if row.estado != RulesState.RASCUNHO:
        raise AlreadyPublished()
    return row


def add(caller: Principal, rules: RuleSet, origem: int | None) -> RuleVersion:
    """A new draft; the settings are held. Raises TooManyDrafts."""
    number = db.session.scalar(select(func.coalesce(func.max(RuleVersion.versao), 0) + 1))
    row = RuleVersion(
        versao=number,
        estado=RulesState.RASCUNHO,
        origem_versao=origem,
        definicao=to_json(rules),
        criado_por=caller.usuario_id,
    )
    db.session.add(row)
    db.session.flush()
    return row


def require_room() -> None:
    """Raises TooManyDrafts."""
    there = select(func.count()).select_from(RuleVersion)
    count = db.session.scalar(there.where(RuleVersion.estado == RulesState.RASCUNHO))
    if (count or 0) >= MAX_DRAFTS:
        raise TooManyDrafts()
