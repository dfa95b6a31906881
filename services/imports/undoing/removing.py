"""The leads that an import has made: those that nobody has touched since are gone, as if the file
had never come. Only the history keeps that they were there.

Somebody has touched a lead if the history tells anything of it that is not of this import.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

from models.db.messages.queries import Part, Query
from models.db.statements import fetch_here, fetch_together
from models.event import EventKind
from services.history import caused_by
from services.imports.undoing.outcome import Kept, WhyKept
from services.leads.forgetting import forgetting
from services.principal import Principal

_OURS = "equipe_id = %(equipe_id)s"
_BOUNDS = Query(
    f"select coalesce(min(id) - 1, 0), coalesce(max(id), 0) from leads where {_OURS} "  # noqa: S608 - texts of ours
    "and importacao_id = %(importacao_id)s",
    {},
)
# By their ids, which an import draws one after another: for a comparison with `=` the planner could
# read and sort all leads of the import for each step.
_NEXT = Query(
    f"select id from leads where {_OURS} and id > %(depois)s and id <= %(ate)s "  # noqa: S608 - texts of ours
    "and importacao_id is not distinct from %(importacao_id)s order by id limit %(quantos)s",
    {},
)
_SINCE = Query(
    "select l.id, l.excluido_em is not null, l.versao, e.tipo, "
    "coalesce(f.reservado_ate > now(), false) from leads l left join fila f "
    "on f.equipe_id = l.equipe_id and f.lead_id = l.id left join lateral ("
    "select e.tipo from eventos e where e.equipe_id = l.equipe_id and e.lead_id = l.id "
    "and e.importacao_id is distinct from %(importacao_id)s limit 1) e on true "
    "where l.equipe_id = %(equipe_id)s and l.id = any(cast(%(ids)s as bigint[])) order by l.id",
    {},
)
_RECORD = Query(
    "insert into eventos (equipe_id, tipo, lead_id, usuario_id, chave_id, trabalho_id, "  # noqa: S608 - texts of ours
    f"importacao_id, versao) select %(equipe_id)s, '{EventKind.LEAD_EXCLUIDO}', id, "
    "%(usuario_id)s, %(chave_id)s, %(trabalho_id)s, %(importacao_id)s, versao + 1 from leads "
    f"where {_OURS} and id = any(cast(%(ids)s as bigint[])) order by id",
    {},
)
_KINDS = {"atividade": WhyKept.ATIVIDADE, "score": WhyKept.SCORE}


class _Since(NamedTuple):
    """A lead, and what has happened to it since; `tipo`: of an event that tells of it."""

    lead_id: int
    deleted: bool
    versao: int
    tipo: str | None
    leased: bool

    @property
    def reason(self) -> WhyKept | None:
        """Why it stays."""
        if self.deleted:
            return WhyKept.EXCLUIDO
        if self.versao > 1:
            return WhyKept.ALTERADO
        if self.tipo is not None:
            return _KINDS.get(self.tipo.partition("_")[0], WhyKept.FILA)
        return WhyKept.RESERVADO if self.leased else None


def bounds(equipe_id: int, importacao_id: int) -> tuple[int, int]:
    """Behind which id the leads begin that the import has made, and which is the last."""
    ((before, last),) = fetch_here(
        _BOUNDS, {"equipe_id": equipe_id, "importacao_id": importacao_id}
    )
    return before, last


def next_leads(equipe_id: int, importacao_id: int, after: int, last: int, most: int) -> list[int]:
    """The next of these leads, so many."""
    asked = {"equipe_id": equipe_id, "importacao_id": importacao_id, "quantos": most}
    return [lead_id for (lead_id,) in fetch_here(_NEXT, {**asked, "depois": after, "ate": last})]


def remove(caller: Principal, importacao_id: int, ids: Sequence[int]) -> list[Kept]:
    """Remove those of these leads that nobody has touched since, which are held; the others."""
    asked = {"equipe_id": caller.equipe_id, "importacao_id": importacao_id, "ids": list(ids)}
    since = [_Since(*row) for row in fetch_here(_SINCE, asked)]
    kept = [Kept(each.lead_id, each.reason) for each in since if each.reason]
    untouched = [each.lead_id for each in since if each.reason is None]
    if untouched:
        fetch_together(_removal(caller, importacao_id, untouched))
    return kept


def _removal(caller: Principal, importacao_id: int, ids: list[int]) -> list[Part]:
    values: dict[str, Any] = {
        **caused_by(caller, importacao_id),
        "equipe_id": caller.equipe_id,
        "ids": ids,
    }
    return [(_RECORD, values), *((query, values) for query in forgetting())]
