"""What was won towards goals, read from the cells that all figures come from."""

from collections.abc import Collection, Iterable, Mapping

from models.derived.figure import NAMED
from services.goals.wanted import Aim
from services.metrics.people import Won
from services.metrics.reading.asked import Asked
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import INSIDE, NAMES, Part
from services.metrics.reading.view import View

# Days, each from one number to another.
Spans = Mapping[str, tuple[int, int]]
# By span and aim; nothing was won where there is no entry.
Reached = dict[tuple[str, Aim], Won]


def reached(view: View, aims: Collection[Aim], spans: Spans) -> Reached:
    """What was won towards each aim within each span."""
    shapes = sorted({_shape(aim) for aim in aims})
    parts = [Part("ganho", shape, span) for span in spans for shape in shapes]
    *rows, names = view.read([*parts, Part(NAMES)], spans)
    found = _by_aim(parts, rows)
    for produto in _without_cells(aims, names):
        found |= _counted(view, produto, spans)
    return found


def _shape(aim: Aim) -> tuple[str, ...]:
    """What its wins are told apart by."""
    return tuple(name for name, key in aim._asdict().items() if key is not None)


def _by_aim(parts: Iterable[Part], rows: Iterable[Iterable[Row]]) -> Reached:
    return {
        (part.span or "", Aim(row.responsavel_id, row.produto)): Won(row.n, row.valor)
        for part, found in zip(parts, rows, strict=True)
        for row in found
    }


def _without_cells(aims: Iterable[Aim], names: Iterable[Row]) -> list[str]:
    """Of a tenant's produtos only the first have cells of their own."""
    inside = {row.chave for row in names if (row.produto, row.tipo) == ("produto", INSIDE)}
    asked = {aim.produto for aim in aims if aim.produto is not None}
    return sorted(asked - inside) if len(inside) >= NAMED else []


def _counted(view: View, produto: str, spans: Spans) -> Reached:
    """The same of one produto, counted from its leads."""
    alone = View(view.caller, Asked({"produto": produto}), view.told, view.instant)
    parts = [Part("ganho", by, span) for span in spans for by in ((), ("responsavel_id",))]
    found = _by_aim(parts, alone.read(parts, spans))
    return {(span, aim._replace(produto=produto)): won for (span, aim), won in found.items()}
