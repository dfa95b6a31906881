"""The figures of a tenant's leads, as the caller sees them. docs/metrics.md defines each.

They cost the same for any number of leads: triggers note what changes, and what is noted is summed
in cells (models/figure). A caller who names the version they have is told whether it is the newest,
without a figure being read; and what many ask for at once is read once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from services import jobService
from services.jobs.steps import Json, Step
from services.metrics import calendar, keeping
from services.metrics.reading import shared
from services.metrics.reading.asked import Asked, resolved
from services.metrics.reading.version import Version, etag, version
from services.metrics.reading.view import View
from services.metrics.views.cohorts import cohorts as _cohorts
from services.metrics.views.dashboard import dashboard as _dashboard
from services.metrics.views.forecast import forecast as _forecast
from services.metrics.views.funnel import funnel as _funnel
from services.metrics.views.sellers import sellers as _sellers
from services.metrics.views.series import series as _series
from services.metrics.views.sources import sources as _sources
from services.metrics.views.stage_times import time_in_stage as _time_in_stage
from services.principal import Principal
from utils.clock import now

# The kind of the job that counts all figures of a tenant anew.
JOB = "recontar"
Figures = dict[str, Any]
Known = Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Told:
    """`data` is None where the caller knows this version."""

    etag: str
    data: Figures | None


def dashboard(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """The figures of the dashboard. Like all views it raises Invalid, Forbidden, FilterNeeded."""
    return _told(caller, query, known, _dashboard)


def funnel(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Which stages the leads of a period have passed."""
    return _told(caller, query, known, _funnel)


def cohorts(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """When the leads of each month were won."""
    return _told(caller, query, known, _cohorts)


def forecast(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """What open leads are expected to bring, by month."""
    return _told(caller, query, known, _forecast)


def sellers(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Each person who sells."""
    return _told(caller, query, known, _sellers)


def sources(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Where leads come from."""
    return _told(caller, query, known, _sources)


def series(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Day by day."""
    return _told(caller, query, known, _series)


def time_in_stage(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """How long leads stay in each stage."""
    return _told(caller, query, known, _time_in_stage)


def _told(
    caller: Principal, query: Mapping[str, Any], known: Known, view: Callable[[View], Figures]
) -> Told:
    asked, instant = resolved(caller, query), now()
    found = version(caller, instant)
    asked.days(found.today(instant))
    mark = _mark(found, asked, View(caller, asked, found, instant), view.__name__)
    if known(mark):
        return Told(mark, None)
    return shared.share(
        (caller.equipe_id, mark), lambda: _compute(View(caller, asked, found, instant), view)
    )


def _compute(asked: View, view: Callable[[View], Figures]) -> Told:
    """Once more where all was counted anew by another calendar meanwhile."""
    data = view(asked)
    read = asked.found
    told = asked.told
    if read is not None:
        if (read.fuso, read.lei) != (told.fuso, told.lei):
            newer = told._replace(fuso=read.fuso, lei=read.lei)
            return _compute(View(asked.caller, asked.asked, newer, asked.instant), view)
        told = told._replace(mudancas=read.changes)
    return Told(_mark(told, asked.asked, asked, view.__name__), data)


def _mark(told: Version, asked: Asked, view: View, name: str) -> str:
    """Of one tenant; a vendedor's own figures are another view than a gestor's of them."""
    return etag(told, view.today, name, view.caller.equipe_id, view.caller.gestor, asked.key)


def follow_zone(equipe_id: int, zone: str) -> None:
    """After a tenant has chosen a zone: its days are another's, so all is counted anew by a job.
    Until that is done the figures are of the days before, and say so."""
    if calendar.is_behind(equipe_id, zone):
        jobService.ensure_queued(equipe_id, JOB)


def recount_step(caller: Principal, _: Json, last: Step | None) -> Step:
    """The one step of the job, in a transaction of one moment. Writers go on meanwhile."""
    wrong = keeping.recount(caller.equipe_id)
    if wrong is None:  # somebody folds just now
        return Step({"tentado": True}, {"corrigidos": 0}, last.feitos if last else 0)
    return Step(None, {"corrigidos": wrong}, 1, 1)


def keep_up(equipe_id: int) -> None:
    """Fold what has changed, so that a read finds little beside the cells."""
    keeping.fold(equipe_id)


def keep_house(equipe_id: int) -> None:
    """What is done once a day: cells that have become empty go, and a zone whose law has changed
    is counted anew."""
    keeping.drop_empty(equipe_id)
    follow_zone(equipe_id, calendar.zone_of(equipe_id))
