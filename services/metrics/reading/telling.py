"""Tells a view of the figures once: not to a caller who knows its version, and to many who ask for
it at once from one reading."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from services.metrics.keeping import fold_before_reading
from services.metrics.reading import shared
from services.metrics.reading.asked import Asked
from services.metrics.reading.version import Version, etag, version
from services.metrics.reading.view import View
from services.principal import Principal
from utils.clock import now

Figures = dict[str, Any]
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """`data` is None where the caller knows this version."""

    etag: str
    data: Figures | None


def tell(
    caller: Principal,
    asked: Asked,
    known: Known,
    view: Callable[[View], Figures],
    *more: object,
) -> Told:
    """`more`: what else the reply follows from, beside the leads, what is asked and the role of
    who asks. Raises Invalid, FilterNeeded."""
    instant = now()
    found = version(caller, instant)
    asked.days(found.today(instant))
    first = View(caller, asked, found, instant)
    mark = _mark(first, found, view.__name__, more)
    if known(mark):
        return Told(mark, None)
    return shared.share((caller.equipe_id, mark), lambda: _compute(first, view, more))


def _compute(first: View, view: Callable[[View], Figures], more: tuple[object, ...]) -> Told:
    """Once more where all was counted anew by another calendar meanwhile."""
    fold_before_reading(first.caller.equipe_id, first.told.pendentes)
    data, read, told = view(first), first.found, first.told
    if read is not None:
        if (read.fuso, read.lei) != (told.fuso, told.lei):
            told = told._replace(fuso=read.fuso, lei=read.lei, pendentes=0)
            return _compute(View(first.caller, first.asked, told, first.instant), view, more)
        told = told._replace(mudancas=read.changes)
    return Told(_mark(first, told, view.__name__, more), data)


def _mark(view: View, told: Version, name: str, more: tuple[object, ...]) -> str:
    """Of one tenant; a vendedor's own figures are another view than a gestor's of them."""
    who = (view.caller.equipe_id, view.caller.gestor)
    return etag(told, view.today, name, *who, view.asked.key, *more)
