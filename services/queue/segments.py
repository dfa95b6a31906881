"""The statement of a page of the queue: its segments in the order in which they are offered.

Each segment is walked along an index that begins with the equipe, a person's own part of it and
nobody's each by itself; a page takes what it needs of the first that have rows.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    DateTime,
    Double,
    and_,
    bindparam,
    func,
    literal_column,
    or_,
    select,
    text,
    true,
)
from sqlalchemy import column as named
from sqlalchemy.types import TypeEngine

from models.db.messages.queries import Query, compile_query
from models.derived.lead_score import SCORES
from models.derived.queue_entry import SOMEBODYS
from models.lead import LEADS
from services.leads.reading.columns import lead_columns
from services.leads.reading.singles import contacts_of_lead
from services.queue.ranges import READY, RETAKEN

_LONG_AGO = (
    "f.retorno_em <= cast(:agora as timestamptz) - "
    f"(select {RETAKEN} from configuracao c where c.equipe_id = :equipe_id)"
)
_MINE, _NOBODYS = "array[:usuario_id]::bigint[]", "array[0]::bigint[]"
_BOTH = "array[:usuario_id, 0]::bigint[]"
_ALL = "array(select u.id from usuarios u where u.equipe_id = :equipe_id) || array[0]::bigint[]"
_TODAY = "f.retorno_em >= :hoje and f.retorno_em <= :agora"
_OLDER = "f.retorno_em < :hoje"
# Asleep still, as nobody has asked for the next lead since; there are as many as have been called.
_RESTED = "f.retorno_em is null and f.livre_em <= :agora"


@dataclass(frozen=True, slots=True)
class Segment:
    """`owners`: SQL of whose leads, None for those that others have missed. `where`: one condition
    for each index that holds a part of it."""

    owners: str | None
    where: tuple[str, ...]
    column: str = "retorno_em"
    descending: bool = False


def _segments(today: list[str], everybody: str, *, missed: bool) -> tuple[Segment, ...]:
    promises = [
        segment
        for owners in today
        for segment in (Segment(owners, (_TODAY,)), Segment(owners, (_OLDER,), descending=True))
    ]
    if missed:
        promises.append(Segment(None, (f"{_LONG_AGO} and {SOMEBODYS} and f.dono <> :usuario_id",)))
    return (
        *promises,
        Segment(everybody, (READY, _RESTED), "ordem", True),
        Segment(everybody, ("f.retorno_em > :agora",)),
        Segment(everybody, ("f.retorno_em is null and f.livre_em > :agora",), "livre_em"),
    )


# By whether a gestor asks, who sees the whole equipe's.
SEGMENTS = {
    False: _segments([_MINE, _NOBODYS], _BOTH, missed=True),
    True: _segments([_ALL], _ALL, missed=False),
}
# The columns of a row's place, in their order.
PLACED = (
    "segmento chave lead_id dono ordem retorno_em livre_em nao_antes_de tentativas "
    "reservado_por reservado_ate"
).split()
_OWN = PLACED[2:]
_TYPES: dict[str, TypeEngine[Any]] = {
    "chave": Double(),
    "ordem": Double(),
    **dict.fromkeys("segmento lead_id dono tentativas reservado_por".split(), BigInteger()),
    **dict.fromkeys(
        "retorno_em livre_em nao_antes_de reservado_ate".split(), DateTime(timezone=True)
    ),
}


@lru_cache(maxsize=64)
def page_query(gestor: bool, start: int, continues: bool) -> Query:
    """A page from a segment on, or from behind a row of it. Parameters: those of scope(), hoje,
    agora, limite, and apos and apos_id where it continues."""
    arms = [
        arm
        for number, segment in enumerate(SEGMENTS[gestor])
        if number >= start
        for arm in _arms(number, segment, continues and number == start)
    ]
    united = " union all ".join(f"({arm})" for arm in arms)
    order = "order by segmento, chave, desempate"
    page = (
        text(f"select * from ({united}) s {order} limit :limite")
        .columns(*(named(name, _TYPES[name]) for name in PLACED), named("desempate", BigInteger()))
        .cte("pagina")
    )
    scored = and_(SCORES.c.equipe_id == bindparam("equipe_id"), SCORES.c.lead_id == page.c.lead_id)
    shown = and_(
        LEADS.c.equipe_id == bindparam("equipe_id"),
        LEADS.c.id == page.c.lead_id,
        true() if gestor else _mine(),
    )
    statement = (
        select(
            *(page.c[name] for name in PLACED),
            *(SCORES.c[name] for name in ("score", "faixa", "pontos", "versao")),
            *lead_columns(),
            contacts_of_lead(),
        )
        .select_from(page.join(SCORES, scored).outerjoin(LEADS, shown))
        .order_by(page.c.segmento, page.c.chave, page.c.desempate)
    )
    return compile_query(statement, hot=start == 0 and not continues)


def _mine() -> ColumnElement[bool]:
    """Whether the caller sees this lead as its responsável does: it is theirs, or held by them."""
    held = and_(
        _column("reservado_por") == bindparam("usuario_id"),
        _column("reservado_ate") > func.now(),
    )
    return or_(_column("dono") == bindparam("usuario_id"), held)


def _column(name: str) -> ColumnElement[Any]:
    return literal_column(f"pagina.{name}", _TYPES[name])


def _arms(number: int, segment: Segment, continues: bool) -> list[str]:
    """The parts of a segment, each of as many rows as a page has."""
    by_order = segment.column == "ordem"
    sign = "-" if segment.descending else ""
    key = "x.ordem" if by_order else f"extract(epoch from x.{segment.column})::float8"
    tie = "x.lead_id" if by_order else f"{sign}x.lead_id"
    shown = f"{number} as segmento, {sign}{key} as chave, {tie} as desempate"
    return [
        f"select {shown}, x.* from {_source(segment, f'{where}{after}')}"
        for where in segment.where
        for after in (_after(segment) if continues else [""])
    ]


def _source(segment: Segment, where: str) -> str:
    columns = ", ".join(f"f.{name}" for name in _OWN)
    direction = " desc" if segment.descending else ""
    tie = direction if segment.column != "ordem" else ""
    rows = (
        f"select {columns} from fila f where f.equipe_id = :equipe_id and {{}}{where} "
        f"order by f.{segment.column}{direction}, f.lead_id{tie} limit :limite"
    )
    if segment.owners is None:
        return f"({rows.format('')}) x"
    each = rows.format("f.dono = d.dono and ")
    return f"unnest({segment.owners}) d(dono) cross join lateral ({each}) x"


def _after(segment: Segment) -> list[str]:
    """What lies behind the row where the page before ended. Many leads may have one order, as those
    of an import: they are a range of their own."""
    if segment.column == "ordem":
        last = "cast(:apos as float8)"
        return [f" and f.ordem = {last} and f.lead_id > :apos_id", f" and f.ordem < {last}"]
    compared = "<" if segment.descending else ">"
    last = "(cast(:apos as timestamptz), :apos_id)"
    return [f" and (f.{segment.column}, f.lead_id) {compared} {last}"]
