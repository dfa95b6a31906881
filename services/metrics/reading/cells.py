"""Reads figures: the cells and the changes that are not folded into them yet, in one statement.

What one part of a view needs is a fact, by some of its dimensions, within a span of days or months.
Each part reads the cells of the coarsest grain that has what it needs. Beyond a tenant's first
origens and produtos (models/derived/figure) there are no cells of one: then its leads are counted.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy.exc import DBAPIError

from models.db.errors import is_cancelled
from models.db.messages.queries import Query
from models.db.statements import fetch
from models.derived.figure import NAMED
from services.errors import Code, FieldError, FilterNeeded
from services.metrics.reading.asked import Asked, Key
from services.metrics.reading.statement import Part, statement
from services.metrics.reading.version import Version


class Row(NamedTuple):
    """One group of a part: what it is by, and its sums. Money is in cents."""

    responsavel_id: int | None
    origem: str | None
    produto: str | None
    quando: int | None
    chave: str | None
    tipo: str | None
    balde: int | None
    n: int
    valor: Any
    pesados: int
    ponderado: Any
    variancia: Any


class Found(NamedTuple):
    """The rows of each part, in the order they were asked for; `changes`: how many changes they
    follow from."""

    parts: list[list[Row]]
    changes: int
    fuso: str
    lei: int


def read(
    equipe_id: int,
    asked: Asked,
    parts: Sequence[Part],
    told: Version,
    spans: Mapping[str, tuple[int, int]],
    due: tuple[datetime, datetime] | None = None,
) -> Found:
    """The figures of one moment. `due`: within which moments promises are counted one by one, for
    the part `vencidas`. Raises FilterNeeded."""
    bound = tuple(sorted(asked.dims))
    counted = _is_outside(equipe_id, asked)
    values: dict[str, Any] = {"equipe_id": equipe_id, "fuso": told.fuso, "lei": told.lei}
    values |= {f"so_{name}": key for name, key in asked.dims.items()}
    values |= {f"um_de_{name}": _keys(key) for name, key in asked.dims.items()}
    for name, (first, last) in spans.items():
        values |= {f"{name}_de": first, f"{name}_ate": last}
    if due is not None:
        values |= {"vence_de": due[0], "vence_ate": due[1]}
    query = statement(tuple(parts), bound, counted)
    found: list[list[Row]] = [[] for _ in parts]
    changes, fuso, lei = told.mudancas, told.fuso, told.lei
    for part, *row in _fetched(equipe_id, query, values, counted):
        if part < 0:
            changes, fuso, lei = row[7], row[1], row[3]
        else:
            found[part].append(Row(*row))
    return Found(found, changes, fuso, lei)


def _fetched(equipe_id: int, query: Query, values: Mapping[str, Any], counted: bool) -> Any:
    try:
        return fetch(query, values, equipe_id=equipe_id)
    except DBAPIError as error:
        if counted and is_cancelled(error):
            raise FilterNeeded(_TOO_MANY) from error
        raise


_TOO_MANY = FieldError(
    "de",
    Code.FILTRO_NECESSARIO,
    f"Só as {NAMED} primeiras origens e os {NAMED} primeiros produtos têm números prontos, e "
    "contar este demora demais agora.",
)
_OUTSIDE = Query(
    "select w.chave from unnest(cast(%(chaves)s as text[])) w(chave) "  # noqa: S608 - text of ours
    "left join metricas_nomes m on m.equipe_id = %(equipe_id)s "
    "and m.campo = %(campo)s and m.chave = w.chave "
    "where not coalesce(m.dentro, (select count(*) from metricas_nomes n "
    f"where n.equipe_id = %(equipe_id)s and n.campo = %(campo)s and n.dentro) < {NAMED})",
    {},
)


def outside(equipe_id: int, field: str, keys: Collection[Any]) -> set[str]:
    """Those of the origens, or produtos, that have no cells of their own."""
    if not keys:
        return set()
    values = {"equipe_id": equipe_id, "campo": field, "chaves": list(keys)}
    return {key for (key,) in fetch(_OUTSIDE, values, equipe_id=equipe_id)}


def _is_outside(equipe_id: int, asked: Asked) -> bool:
    """Whether an origem or a produto that is asked for has no cells of its own. Leads without any
    have."""
    words = {name: asked.dims.get(name) for name in ("origem", "produto")}
    return any(outside(equipe_id, name, _keys(key)) for name, key in words.items() if key)


def _keys(asked: Key) -> list[Any]:
    return [*asked] if isinstance(asked, tuple) else [asked]
