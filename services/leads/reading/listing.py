"""The rows of a list and their number, whichever way is the shortest to them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from models.db.messages.queries import Row
from models.db.statements import fetch
from services.leads.reading import finding
from services.leads.reading.filters import NARROW
from services.leads.reading.patience import Patience
from services.leads.reading.shapes import (
    NEAR,
    USUAL,
    Shape,
    count_query,
    near_query,
    page_query,
)


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page starts: in the values or the nulls of its order, after which row."""

    nulls: bool = False
    value: str | int | None = None
    id: int | None = None


class Listing:
    """`values`: the parameters of its statements.

    Words are looked for near the page's beginning first. Only where that does not fill the page, it
    is asked which leads have them, and the page is one of these leads.
    """

    def __init__(self, patience: Patience, shape: Shape, values: Mapping[str, Any]) -> None:
        self._patience = patience
        self._shape = shape
        self._values = values

    def rows(self, position: Position, limite: int) -> list[Row]:
        """Up to limite + 1 rows."""
        if not self._looks_up:
            return self._collect(position, limite)
        near = None if self._shape.deleted else self._near(position, limite)
        if near is not None:
            return near
        return [] if self._found == [] else self._shortest._collect(position, limite)

    def count(self) -> int:
        """How many leads match; costs a scan of the matches, so only on request."""
        listing = self._shortest
        query = count_query(listing._shape.filters, listing._shape.gestor, listing._shape.deleted)
        return int(self._patience.fetch(query, listing._values)[0][0])

    @property
    def _looks_up(self) -> bool:
        """Whether words are the way to the leads: those with a document or contact are few."""
        return "q" in self._shape.filters and not NARROW.intersection(self._shape.filters)

    @cached_property
    def _found(self) -> list[int] | None:
        return finding.find(self._patience, self._values) if self._looks_up else None

    @property
    def _shortest(self) -> "Listing":
        """The same list of the leads that have its words, if there are not too many."""
        if self._found is None:
            return self
        shape = replace(self._shape, filters=tuple(sorted([*self._shape.filters, "encontrados"])))
        # As text, which PostgreSQL reads faster than as many expressions.
        ids = f"{{{','.join(map(str, self._found))}}}"
        return Listing(self._patience, shape, {**self._values, "encontrados": ids})

    def _collect(self, position: Position, limite: int) -> list[Row]:
        rows: list[Row] = []
        for segment in self._segments(position):
            shape, values = self._part(segment, limite + 1 - len(rows))
            read = self._fetch if shape.listed else self._patience.fetch
            rows.extend(read(page_query(shape), values))
            if len(rows) > limite:
                break
        return rows

    def _near(self, position: Position, limite: int) -> list[Row] | None:
        """The page, if the first rows are enough for it or there are no more."""
        rows: list[Row] = []
        for segment in self._segments(position):
            shape, values = self._part(segment, limite + 1 - len(rows))
            found = self._fetch(near_query(shape), values)
            rows.extend(row[:-1] for row in found if row[-1] <= NEAR)
            if len(rows) > limite:
                return rows
            if found and found[-1][-1] > NEAR:
                return None
        return rows

    def _segments(self, position: Position) -> Iterator[Position]:
        """Rows without a sort value come last, by id."""
        yield position
        if self._shape.nullable and not position.nulls:
            yield Position(nulls=True)

    def _part(self, position: Position, most: int) -> tuple[Shape, dict[str, Any]]:
        shape = replace(
            self._shape,
            continues=position.id is not None,
            nulls=position.nulls,
            usual=most == USUAL,
        )
        bound = {"apos": position.value, "apos_id": position.id, "limite": most}
        return shape, {**self._values, **bound}

    def _fetch(self, query: Any, values: Mapping[str, Any]) -> Any:
        return fetch(query, values, equipe_id=self._patience.equipe_id)
