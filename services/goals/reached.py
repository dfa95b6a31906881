"""What was won towards goals, read from the cells that all figures come from."""

from collections.abc import Collection, Iterable, Mapping

from services.goals.wanted import Aim
from services.metrics.people import Won
from services.metrics.reading.asked import Asked
from services.metrics.reading.cells import outside
from services.metrics.reading.statement import Part
from services.metrics.reading.view import View

# Days, each from one number to another.
Spans = Mapping[str, tuple[int, int]]
# By span and aim; nothing was won where there is no entry.
Reached = dict[tuple[str, Aim], Won]


def reached(view: View, aims: Collection[Aim], spans: Spans) -> Reached:
    """What was won towards each aim within each span."""
    shapes = sorted({_shape(aim) for aim in aims})
    found = _read(view, shapes, spans)
    produtos = {aim.produto for aim in aims if aim.produto is not None}
    if uncounted := outside(view.caller.equipe_id, "produto", produtos):
        found |= _counted(view, uncounted, spans)
    return found


def _shape(aim: Aim) -> tuple[str, ...]:
    """What its wins are told apart by."""
    return tuple(name for name, key in aim._asdict().items() if key is not None)


def _read(view: View, shapes: Iterable[tuple[str, ...]], spans: Spans) -> Reached:
    parts = [Part("ganho", shape, span) for span in spans for shape in shapes]
    return {
        (part.span or "", Aim(row.responsavel_id, row.produto)): Won(row.n, row.valor)
        for part, found in zip(parts, view.read(parts, spans), strict=True)
        for row in found
    }


def _counted(view: View, produtos: Iterable[str], spans: Spans) -> Reached:
    """The same of produtos that have no cells of their own, counted from their leads at once."""
    theirs = Asked({"produto": tuple(sorted(produtos))})
    alone = View(view.caller, theirs, view.told, view.instant)
    return _read(alone, [("produto",), ("responsavel_id", "produto")], spans)
