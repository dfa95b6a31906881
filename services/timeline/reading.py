"""The rows of a timeline: events and activities of one lead, merged in one statement.

Each half is read from its own index, from where the page begins and no further than the page could
need. That an activity was written is no row of its own: the activity stands there itself. Nor is
what became of one as a consequence of what is told: it says so itself.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from models.db.messages.queries import Query, compile_condition
from models.db.statements import fetch
from models.event import EventKind
from services.errors import NotFound
from services.history import FOLLOWS
from services.policy import scope, visible_by_id
from services.principal import Principal

EVENT, ACTIVITY = "evento", "atividade"
# That an activity was written, and that a move has ended a lease, is told with these.
_UNTOLD = f"('{EventKind.ATIVIDADE_CRIADA}', '{EventKind.RESERVA_ENCERRADA}')"
_LAST_ID = 2**63 - 1
# What each kind has beside what both have, with the types of what the other one lacks.
_OF_EVENTS = {
    "campos": "varchar[]",
    "de_etapa": "text",
    "para_etapa": "text",
    "versao": "int",
    "importacao_id": "bigint",
    "trabalho_id": "bigint",
    "dados": "jsonb",
}
_OF_ACTIVITIES = {
    "resultado": "text",
    "texto": "text",
    "prevista_para": "timestamptz",
    "concluida_em": "timestamptz",
    "encerrada": "bool",
    "atualizado_em": "timestamptz",
}


class Told(NamedTuple):
    """One thing that happened, and the names of today of who and what it is about."""

    origem: str
    id: int
    quando: datetime
    tipo: str
    usuario_id: int | None
    chave_id: int | None
    campos: list[str] | None
    de_etapa: str | None
    para_etapa: str | None
    versao: int | None
    importacao_id: int | None
    trabalho_id: int | None
    dados: dict[str, Any] | None
    resultado: str | None
    texto: str | None
    prevista_para: datetime | None
    concluida_em: datetime | None
    encerrada: bool | None
    atualizado_em: datetime | None
    pessoa: str | None
    de_nome: str | None
    para_nome: str | None
    dono: str | None


@dataclass(frozen=True, slots=True)
class Position:
    """Behind which item a page begins."""

    quando: str = "infinity"
    origem: str = EVENT
    id: int = _LAST_ID

    def bound(self, origem: str) -> int:
        """The id that those of one half are below, of those of the same moment: of the half that
        comes later in the order all of them, of the one that came before none."""
        if origem == self.origem:
            return self.id
        return _LAST_ID if origem < self.origem else 0


def read(caller: Principal, lead_id: int, position: Position, most: int) -> Sequence[Told]:
    """So many items, the newest first. Raises NotFound for a lead that the caller does not see."""
    values = {
        "lead_id": lead_id,
        **scope(caller),
        "ate": position.quando,
        "ate_evento": position.bound(EVENT),
        "ate_atividade": position.bound(ACTIVITY),
        "limite": most,
    }
    rows = fetch(_query(caller.gestor), values, equipe_id=caller.equipe_id)
    if not rows:
        raise NotFound()
    return [Told(*row) for row in rows if row[0] is not None]


@cache
def _query(gestor: bool) -> Query:
    """A lead that is seen gives one row at least; of the others nothing is read."""
    return Query(
        f"""
        select t.*, {_name_of("p")}, {_stage("de_etapa")}, {_stage("para_etapa")}, {_name_of("d")}
        from leads left join (
          select * from (
            ({_half(EVENT)}) union all ({_half(ACTIVITY)})
          ) itens order by quando desc, origem desc, id desc limit %(limite)s
        ) t on true
        left join usuarios p on p.id = t.usuario_id
        left join usuarios d on d.id = cast(t.dados->>'responsavel_id' as bigint)
        where {compile_condition(*visible_by_id(gestor))} and leads.id = %(lead_id)s
        order by t.quando desc, t.origem desc, t.id desc
        """,  # noqa: S608 - texts of ours
        {},
        hot=True,
    )


def _name_of(person: str) -> str:
    """They are found by their id alone: with the equipe PostgreSQL would read all of its people."""
    return f"case when {person}.equipe_id = leads.equipe_id then {person}.nome end"


def _stage(column: str) -> str:
    """All names are read once, since there are few."""
    names = "select jsonb_object_agg(chave, nome) from etapas where equipe_id = %(equipe_id)s"
    return f"({names})->>t.{column}"


def _half(origem: str) -> str:
    own = _OF_EVENTS if origem == EVENT else _OF_ACTIVITIES
    columns = [
        name if name in own else f"cast(null as {kind})"
        for name, kind in (_OF_EVENTS | _OF_ACTIVITIES).items()
    ]
    others = f"and tipo not in {_UNTOLD} and (dados->>'{FOLLOWS}') is null"
    told_otherwise = others if origem == EVENT else ""
    return f"""
        select cast('{origem}' as text) as origem, id, criado_em as quando,
          cast(tipo as text) as tipo, usuario_id, chave_id, {", ".join(columns)}
        from {origem}s
        where equipe_id = %(equipe_id)s and lead_id = %(lead_id)s {told_otherwise}
          and (criado_em, id) < (cast(%(ate)s as timestamptz), cast(%(ate_{origem})s as bigint))
        order by criado_em desc, id desc limit %(limite)s
        """  # noqa: S608 - names of ours
