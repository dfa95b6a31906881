"""The goals of a month: what a tenant wants to win, and how far it has come."""

from calendar import monthrange
from collections.abc import Callable, Sequence
from datetime import date
from typing import Any, NamedTuple

from models.db import db
from models.event import EventKind
from services import history
from services.auth.authority import hold_gestor
from services.errors import StaleVersion
from services.goals import kept, telling
from services.goals.wanted import Wanted as Wanted
from services.goals.wanted import require_goals
from services.metrics.reading.asked import Asked, Days
from services.metrics.reading.telling import Told, tell
from services.metrics.reading.view import View
from services.policy import sees_goal
from services.principal import Principal
from services.queue.hours import working_days
from services.queue.settings import complete
from utils.wire.etags import version_etag


class Goals(NamedTuple):
    """Of one month, as they were asked for."""

    versao: int
    data: dict[str, Any]


def get_goals(caller: Principal, month: date, known: Callable[[str], bool]) -> Told:
    """The goals that the caller sees, with what was won towards each. Raises FilterNeeded where the
    leads of a produto that has no figures of its own are too many to count."""
    found = kept.read(caller, month)
    goals = [goal for goal in found.metas if sees_goal(caller, goal.responsavel_id)]
    days = Days(month, month.replace(day=monthrange(month.year, month.month)[1]))

    def progress(view: View) -> dict[str, Any]:
        working = working_days(complete(found.fila), days.de, days.ate)
        return telling.told(view, days, working, goals)

    def tag(mark: str) -> str:
        return version_etag(found.versao, mark.strip('"'))

    whose = None if caller.gestor else caller.usuario_id
    reply = tell(caller, Asked({}), lambda mark: known(tag(mark)), progress, whose, month, found)
    return Told(tag(reply.etag), reply.data)


def replace_goals(
    caller: Principal, month: date, wanted: Sequence[Wanted], *, versions: set[int] | None
) -> Goals:
    """Make these the goals of the month. Raises Forbidden, StaleVersion, Invalid."""
    held = kept.hold(caller.equipe_id, month)
    if versions is not None and held.versao not in versions:
        raise StaleVersion()
    owners = {goal.responsavel_id for goal in wanted} - {None}
    require_goals(wanted, kept.users_among(caller.equipe_id, owners))
    if kept.replace(month, wanted):
        held.versao += 1
        when = {"ano": month.year, "mes": month.month}
        history.record(EventKind.METAS_ALTERADAS, usuario_id=caller.usuario_id, dados=when)
    db.session.flush()
    hold_gestor(caller)  # at the end, as by all who wait for others
    return Goals(held.versao, {"mes": f"{month:%Y-%m}", "metas": list(map(telling.plain, wanted))})
