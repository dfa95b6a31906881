"""Deletes rows that are no longer needed and may hold personal data, and brings up to date what is
typical of leads that have changed, how many each person has, the figures, and scores that the
passing of time changes.

Each function is one step, for its own transaction: it deletes at most MOST rows of a kind, so that
it holds its locks briefly, and returns whether none is left. Only one process sweeps at a time; a
step that finds another one at work does nothing.
"""

from datetime import date, timedelta

from sqlalchemy import delete, select, text

from models.access.quota import Quota
from models.access.session import UserSession
from models.db import db, enter_tenant
from models.db.locks import try_lock
from models.db.statements import count_here
from models.team import NOBODY, Team
from models.user import User
from services import metricsService
from services.idempotencyService import purge
from services.imports import tidying
from services.jobService import asked_since, ensure_queued, forget_ended, is_at_work
from services.modelService import JOB as TRAIN
from services.modelService import ensure_trained
from services.ownership import loads
from services.queue import typical
from services.reviews import overrides
from services.scores import behind, current
from services.scoreService import JOB, PUBLISH
from utils.clock import now

MOST = 5_000
# An ended session is kept for a while: it tells why it ended.
_SESSIONS_KEPT = timedelta(days=30)
_SCORED_EVERY = timedelta(days=1)
# Who cancels a rescoring, or one that fails, is not asked again at once.
_MENDED_EVERY = timedelta(minutes=10)
_NEWEST = text(
    "select xid::text || ' ' || id from eventos where equipe_id = :equipe_id "
    "order by epoca desc, xid desc, id desc limit 1"
)
# The newest event of each tenant when this process last looked.
_refreshed: dict[int, str] = {}
# The day on which this process last counted all leads of each tenant.
_counted: dict[int, date] = {}
# The day on which this process last cleared up the figures of each tenant.
_kept: dict[int, date] = {}
_FORGET_REFUSALS = text("select apagar_logins_recusados(:maximo)")


def tenants() -> list[int]:
    """All tenants, with the one for rows that belong to no team."""
    return [NOBODY, *db.session.scalars(select(Team.id).order_by(Team.id))]


def sweep_tenant(equipe_id: int) -> bool:
    """Expired replies of keyed requests, refused logins that are older than 90 days, and scores
    that gestores gave leads until some day that is past."""
    enter_tenant(equipe_id)
    if not _ours():
        return True
    removed = purge(MOST), overrides.purge(equipe_id, MOST)
    refusals = db.session.scalar(_FORGET_REFUSALS, {"maximo": MOST})
    return max(*removed, int(refusals or 0)) < MOST


def sweep_imports(equipe_id: int) -> bool:
    """What imports have left: files that nobody reads, lines that are told for long enough, and
    the end of those whose job has ended otherwise than they would."""
    enter_tenant(equipe_id)
    return not _ours() or tidying.tidy(equipe_id, MOST) < MOST


def refresh_typical(equipe_id: int) -> bool:
    """What a tenant's leads are typically worth, if anything has happened since it was last asked
    here."""
    enter_tenant(equipe_id)
    newest = db.session.scalar(_NEWEST, {"equipe_id": equipe_id})
    if newest is None or _refreshed.get(equipe_id) == newest or not _ours():
        return True
    if not typical.refresh(equipe_id):
        ensure_queued(equipe_id, JOB)
    _refreshed[equipe_id] = newest
    return True


def count_loads(equipe_id: int) -> bool:
    """How many leads each person has: what has changed is added up, and once a day all are counted
    again. A tenant whose leads are being distributed is left for the next round."""
    enter_tenant(equipe_id)
    if not loads.try_turn(equipe_id):
        return True
    today = now().date()
    if _counted.get(equipe_id) != today:
        loads.recount(equipe_id)
        _counted[equipe_id] = today
    return loads.fold(equipe_id, MOST) < MOST


def keep_figures(equipe_id: int) -> bool:
    """What has changed is folded into the figures; what is left to be done once a day is done."""
    enter_tenant(equipe_id)
    if equipe_id == NOBODY or not _ours():
        return True
    today = now().date()
    if _kept.get(equipe_id) != today:
        metricsService.keep_house(equipe_id)
        _kept[equipe_id] = today
    return metricsService.keep_up(equipe_id)


def retrain(equipe_id: int) -> bool:
    """Ask for a training where there is something new to learn."""
    enter_tenant(equipe_id)
    if _ours():
        ensure_trained(equipe_id)
    return True


def score_as_time_passes(equipe_id: int) -> bool:
    """Once a day, the scores of a tenant whose rules look at ages, or whose points fade."""
    enter_tenant(equipe_id)
    if equipe_id == NOBODY or not _ours() or not current.in_force(equipe_id).ages:
        return True
    if not asked_since(equipe_id, (JOB, PUBLISH), now() - _SCORED_EVERY):
        ensure_queued(equipe_id, JOB)
    return True


def score_what_was_left(equipe_id: int) -> bool:
    """Ask for a rescoring where leads are left behind by a job that was cancelled or failed, after
    other rules or another model had come into force."""
    enter_tenant(equipe_id)
    if equipe_id == NOBODY or behind.has_looked(equipe_id) or not _ours():
        return True
    recently = asked_since(equipe_id, (JOB,), now() - _MENDED_EVERY)
    if recently or is_at_work(equipe_id, (JOB, PUBLISH, TRAIN)):
        return True
    if behind.look(equipe_id):
        ensure_queued(equipe_id, JOB)
        return True
    return behind.has_looked(equipe_id)


def sweep_sessions() -> bool:
    """Sessions that ended, or expired, more than 30 days ago."""
    if not _ours():
        return True
    before = now() - _SESSIONS_KEPT
    over = (UserSession.encerrada_em < before) | (UserSession.expira_em < before)
    found = select(UserSession.id).where(over).limit(MOST)
    return count_here(delete(UserSession).where(UserSession.id.in_(found))) < MOST


def sweep_jobs() -> bool:
    """Jobs that ended more than 90 days ago."""
    return not _ours() or forget_ended(MOST) < MOST


def sweep_counters() -> bool:
    """Quotas whose window is over, and activation codes that have expired."""
    if not _ours():
        return True
    expired = select(Quota.chave).where(Quota.expira_em < now()).limit(MOST)
    removed = count_here(delete(Quota).where(Quota.chave.in_(expired)))
    codes = select(User.id).where(User.codigo_expira_em < now()).limit(MOST)
    for user in db.session.scalars(select(User).where(User.id.in_(codes)).with_for_update()):
        user.codigo_hash = user.codigo_expira_em = None
    return removed < MOST


def _ours() -> bool:
    return try_lock("varredura")
