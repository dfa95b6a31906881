"""What other rules would make of the leads that there are, without writing any of it.

The new scores come from the very statement by which leads are scored, so that publishing does what
was shown to all leads that have not changed since. Leads are looked at in stretches of ids; what
stretches come to is put together.
"""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    any_,
    bindparam,
    case,
    cast,
    func,
    or_,
    select,
)

from models.db.messages.queries import Query, Row, compile_query
from models.derived.lead_score import SCORES
from models.derived.queue_entry import QUEUE
from models.lead import LEADS
from services.scores.statement import Scoring, scored

MOST_SHOWN = 20
BANDS = ("quente", "morno", "frio")
# The order of a lead in the queue, from its columns, from those of a score, and by whose it is.
Order = Callable[[FromClause, FromClause, ColumnElement[int]], ColumnElement[float]]


@dataclass(frozen=True, slots=True)
class Effect:
    """What the stretches looked at until now come to; all of it is JSON. `contagens`: how many
    leads go [from band, to band, whose they are, up or down]; `maiores`: [id, from score, to
    score], the largest first; `fila`: [id, order], the first first."""

    contagens: list[list[Any]]
    maiores: list[list[Any]]
    fila: list[list[Any]]

    @classmethod
    def of(cls, row: Row) -> "Effect":
        """A row of simulate()."""
        return cls(*map(json.loads, row))

    def and_also(self, other: "Effect") -> "Effect":
        counts: dict[tuple[Any, ...], int] = {}
        for *key, n in (*self.contagens, *other.contagens):
            counts[tuple(key)] = counts.get(tuple(key), 0) + n
        largest = sorted(self.maiores + other.maiores, key=lambda x: (-abs(x[2] - x[1]), x[0]))
        first = sorted(self.fila + other.fila, key=lambda x: (-x[1], x[0]))
        listed = [[*key, n] for key, n in counts.items()]
        return Effect(listed, largest[:MOST_SHOWN], first[:MOST_SHOWN])

    def kept(self) -> dict[str, Any]:
        return asdict(self)


def shown(effect: Effect, before: Sequence[Row], names: Sequence[Row]) -> dict[str, Any]:
    """As it is told. `before`: the places of the leads of `fila` in the queue as it is; `names`: of
    the people whose leads change, (id, name)."""
    rows = effect.contagens
    places: dict[int, int] = {id: place for id, place in before}
    return {
        "total": sum(n for *_, n in rows),
        "sobem": sum(n for *_, way, n in rows if way > 0),
        "descem": sum(n for *_, way, n in rows if way < 0),
        "faixas": {de: {para: _cell(rows, de, para) for para in BANDS} for de in BANDS},
        "maiores": [{"lead_id": id, "de": de, "para": para} for id, de, para in effect.maiores],
        "fila": [
            {"lead_id": id, "de": places.get(id), "para": place}
            for place, (id, _) in enumerate(effect.fila, start=1)
        ],
        "por_responsavel": _by_person(rows, dict(names)),
    }


def _cell(rows: Sequence[Sequence[Any]], de: str, para: str) -> int:
    return sum(n for da_faixa, para_faixa, *_, n in rows if (da_faixa, para_faixa) == (de, para))


def _by_person(rows: Sequence[Sequence[Any]], names: dict[int | None, str]) -> list[dict[str, Any]]:
    """Those whose leads change, the most changed first."""
    moved: dict[int | None, list[int]] = {}
    for _, _, person, way, n in rows:
        if way:
            moved.setdefault(person, [0, 0])[way < 0] += n
    order = sorted(moved, key=lambda person: (-sum(moved[person]), person or 0))
    return [
        {
            "responsavel_id": person,
            "nome": names.get(person),
            "sobem": moved[person][0],
            "descem": moved[person][1],
        }
        for person in order
    ]


@cache
def stretch() -> Query:
    """How many live leads come next, and the id of their last. Parameters: equipe_id, depois_de and
    quantos."""
    live = (LEADS.c.equipe_id == bindparam("equipe_id"), LEADS.c.excluido_em.is_(None))
    ids = (
        select(LEADS.c.id)
        .where(*live, LEADS.c.id > bindparam("depois_de"))
        .order_by(LEADS.c.id)
        .limit(bindparam("quantos"))
        .subquery()
    )
    ends: list[Any] = [func.count(), func.max(ids.c.id)]
    return compile_query(select(*ends))


@cache
def places() -> Query:
    """Where leads are in the queue as it is, by its order. Parameters: equipe_id and ids."""
    place = func.row_number().over(order_by=(QUEUE.c.ordem.desc(), QUEUE.c.lead_id))
    ranked = (
        select(QUEUE.c.lead_id, place.label("lugar"))
        .where(QUEUE.c.equipe_id == bindparam("equipe_id"), _ready())
        .subquery()
    )
    wanted = ranked.c.lead_id == any_(cast(bindparam("ids"), ARRAY(BigInteger)))
    return compile_query(select(ranked).where(wanted))


def simulate(scoring: Scoring, order: Order) -> Query:
    """One row: as JSON, how many leads go from band to band, whose and in which direction; those
    that change the most; and the first of the queue, by their new order. Parameters: equipe_id,
    depois_de and ate."""
    rows = _changes(scoring, order).cte("mudancas")
    away = func.abs(rows.c.para - rows.c.de)
    columns: list[Any] = [
        _listed(_counted(rows)),
        _listed(
            select(rows.c.id, rows.c.de, rows.c.para)
            .where(away > 0)
            .order_by(away.desc(), rows.c.id)
            .limit(MOST_SHOWN)
        ),
        _listed(
            select(rows.c.id, rows.c.ordem)
            .where(rows.c.na_fila)
            .order_by(rows.c.ordem.desc(), rows.c.id)
            .limit(MOST_SHOWN)
        ),
    ]
    return compile_query(select(*columns))


def _changes(scoring: Scoring, order: Order) -> Select[Any]:
    """A row for each lead: its score and band, as they are and as they would be."""
    ours = (LEADS.c.equipe_id == bindparam("equipe_id"), LEADS.c.excluido_em.is_(None))
    new = scored(scoring, LEADS, and_(*ours, _stretch(LEADS.c.id))).subquery("novo")
    old, lead, place = (
        and_(there.c.equipe_id == new.c.equipe_id, key == new.c.id, _stretch(key))
        for there, key in (
            (SCORES, SCORES.c.lead_id),
            (LEADS, LEADS.c.id),
            (QUEUE, QUEUE.c.lead_id),
        )
    )
    ready = func.coalesce(_ready(), False)
    return select(
        new.c.id,
        new.c.responsavel_id,
        SCORES.c.score.label("de"),
        new.c.score.label("para"),
        SCORES.c.faixa.label("da_faixa"),
        new.c.faixa.label("para_faixa"),
        ready.label("na_fila"),
        case((ready, order(LEADS, new, bindparam("equipe_id")))).label("ordem"),
    ).select_from(new.join(SCORES, old).join(LEADS, lead).outerjoin(QUEUE, place))


def _stretch(id: ColumnElement[int]) -> ColumnElement[bool]:
    """Said of each table by itself: PostgreSQL concludes no range from an equality."""
    return and_(id > bindparam("depois_de"), id <= bindparam("ate"))


def _ready() -> ColumnElement[bool]:
    """Offered by its order: neither promised for a time, nor resting."""
    rested = or_(QUEUE.c.livre_em.is_(None), QUEUE.c.livre_em <= func.now())
    return and_(QUEUE.c.lead_id.is_not(None), QUEUE.c.retorno_em.is_(None), rested)


def _counted(rows: Any) -> Select[Any]:
    key = (rows.c.da_faixa, rows.c.para_faixa, rows.c.responsavel_id)
    way = func.sign(rows.c.para - rows.c.de)
    return select(*key, way, func.count()).group_by(*key, way)


def _listed(rows: Select[Any]) -> ColumnElement[str]:
    each = rows.subquery()
    listed = func.json_agg(func.json_build_array(*each.c))
    return cast(select(func.coalesce(listed, cast("[]", JSON))).scalar_subquery(), Text)
