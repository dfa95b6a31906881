"""The figures of a tenant's leads, as the caller sees them. docs/metrics.md defines each.

They cost the same for any number of leads: triggers note what changes, and what is noted is summed
in cells (models/derived/figure). A caller who names the version they have is told whether it is the
newest, without a figure being read; and what many ask for at once is read once.
"""

from collections.abc import Mapping
from typing import Any

from services import jobService
from services.jobs.steps import Json, Step
from services.metrics import calendar, keeping
from services.metrics.reading.asked import resolved
from services.metrics.reading.telling import Known, tell
from services.metrics.reading.telling import Told as Told
from services.metrics.views.cohorts import cohorts as _cohorts
from services.metrics.views.dashboard import dashboard as _dashboard
from services.metrics.views.forecast import forecast as _forecast
from services.metrics.views.funnel import funnel as _funnel
from services.metrics.views.sellers import sellers as _sellers
from services.metrics.views.series import series as _series
from services.metrics.views.sources import sources as _sources
from services.metrics.views.stage_times import time_in_stage as _time_in_stage
from services.principal import Principal

# The kind of the job that counts all figures of a tenant anew.
JOB = "recontar"


def dashboard(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """The figures of the dashboard. Like all views it raises Invalid, Forbidden, FilterNeeded."""
    return tell(caller, resolved(caller, query), known, _dashboard)


def funnel(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Which stages the leads of a period have passed."""
    return tell(caller, resolved(caller, query), known, _funnel)


def cohorts(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """When the leads of each month were won."""
    return tell(caller, resolved(caller, query), known, _cohorts)


def forecast(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """What open leads are expected to bring, by month."""
    return tell(caller, resolved(caller, query), known, _forecast)


def sellers(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Each person who sells."""
    return tell(caller, resolved(caller, query), known, _sellers)


def sources(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Where leads come from."""
    return tell(caller, resolved(caller, query), known, _sources)


def series(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """Day by day."""
    return tell(caller, resolved(caller, query), known, _series)


def time_in_stage(caller: Principal, query: Mapping[str, Any], known: Known) -> Told:
    """How long leads stay in each stage."""
    return tell(caller, resolved(caller, query), known, _time_in_stage)


def follow_zone(equipe_id: int, zone: str) -> None:
    """After a tenant has chosen a zone: its days are another's, so all is counted anew by a job.
    Until that is done the figures are of the days before, and say so. A count that is being done
    may end with the zone that was chosen before."""
    if calendar.is_behind(equipe_id, zone) or jobService.is_at_work(equipe_id, (JOB,)):
        jobService.ensure_queued(equipe_id, JOB)


def recount_step(caller: Principal, _: Json, last: Step | None) -> Step:
    """The one step of the job, in a transaction of one moment. Writers go on meanwhile."""
    wrong = keeping.recount(caller.equipe_id)
    if wrong is None:  # somebody folds just now
        return Step({"tentado": True}, {"corrigidos": 0}, last.feitos if last else 0)
    return Step(None, {"corrigidos": wrong}, 1, 1)


def keep_up(equipe_id: int) -> bool:
    """One step of folding what has changed, so that a read finds little beside the cells; whether
    nothing is left."""
    return keeping.fold(equipe_id)


def keep_up_with_much(equipe_id: int) -> None:
    """The same behind whoever changes many leads, once there is enough for a whole step."""
    keeping.fold_much(equipe_id)


def keep_house(equipe_id: int) -> None:
    """What is done once a day: cells that have become empty go with their words, and a zone whose
    law has changed is counted anew."""
    keeping.drop_empty(equipe_id)
    follow_zone(equipe_id, calendar.zone_of(equipe_id))
