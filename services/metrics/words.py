"""Groups by free text, by origem or by produto: the largest are named, the rest is summed."""

from collections.abc import Iterable
from typing import NamedTuple

from models.derived.figure import NAMED, OTHERS
from services.metrics.reading.asked import Asked
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import INSIDE, NEW, OUT

# The number of groups that a reply names.
LARGEST = 50


class Words(NamedTuple):
    """Of one field: how each key was first written, and of how many words there are no cells: of
    all leads, so None where only some are asked for."""

    names: dict[str, str]
    outside: int | None

    def text(self, key: str) -> str | None:
        """None for leads that have none."""
        return self.names.get(key, key) if key else None


class Ranked[Group](NamedTuple):
    """`grupos`: how many groups the rest are, None where nobody knows."""

    named: list[tuple[str, Group]]
    rest: list[Group]
    grupos: int | None


def words(field: str, asked: Asked, names: Iterable[Row], outside: Iterable[Row]) -> Words:
    """From the rows of the parts NAMES and OUTSIDE."""
    ours = [row for row in names if row.produto == field]
    room = sum(row.tipo == INSIDE for row in ours) < NAMED
    out = [row for row in ours if row.tipo == OUT or (row.tipo == NEW and not room)]
    # What has come since they were counted last.
    more = sum((row.n + row.pesados > 0) - (row.n > 0) for row in out)
    folded = sum(row.n for row in outside if row.produto == field)
    known = {row.chave or "": row.origem or "" for row in ours}
    return Words(known, None if asked.dims else folded + more)


def ranked[Group](found: dict[str, Group], sizes: dict[str, int], of: Words) -> Ranked[Group]:
    """The largest groups first; of those of one size, none comes last."""
    order = sorted(
        (key for key in found if key != OTHERS), key=lambda key: (-sizes[key], key == "", key)
    )
    named, small = order[:LARGEST], order[LARGEST:]
    rest: list[Group] = [found[key] for key in small]
    groups: int | None = len(small)
    if OTHERS in found:
        rest.append(found[OTHERS])
        groups = None if of.outside is None else len(small) + max(of.outside, 1)
    return Ranked([(key, found[key]) for key in named], rest, groups)
