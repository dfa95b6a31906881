"""Giving a person the next lead: locked, leased and read in one message."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, select

from models.db.messages.queries import Query, Row, compile_query
from models.db.statements import fetch_together
from models.derived.lead_score import SCORES
from models.derived.queue_entry import QUEUE
from models.lead import LEADS
from models.team_settings import SETTINGS
from services.leads.reading.singles import Single, single_columns
from services.policy import leased_id, scope
from services.principal import Principal
from services.queue import hours, ranges
from services.queue.reasons import PLACE, Place
from services.queue.settings import Settings, complete
from services.scores.statement import OF_LEAD
from utils.clock import day_bounds, local_day, now


@dataclass(frozen=True, slots=True)
class Claimed:
    """The lead that the caller now holds, its place and until when, or None. `closed`: where nobody
    is called now, so that leads from there were passed over."""

    settings: Settings
    lead: Single | None
    place: Place | None
    reserva_ate: datetime | None
    closed: Sequence[str] = ()

    @property
    def all_closed(self) -> bool:
        return len(self.closed) == len(hours.PLACES)


def claim(caller: Principal, *, any_hour: bool) -> Claimed:
    """Lease the next lead to the caller, or find the one that they hold already."""
    values = {**asked(caller), "qualquer_hora": any_hour}
    found = _sent([ranges.FIRST, ranges.LOCK, ranges.WAKE, ranges.claim(False)], values)
    if found.lead is not None or any_hour or found.settings["horario"] is None:
        return found
    closed = hours.closed(found.settings, caller.fuso, now())
    if len(closed) < len(hours.PLACES):
        values |= {"qualquer_hora": True, "fechadas": closed}
        found = _sent([ranges.claim(bool(closed))], values)
    return replace(found, closed=closed)


def asked(caller: Principal) -> dict[str, Any]:
    """What the ranges of the queue compare with."""
    today, _ = day_bounds(local_day(now(), caller.fuso), caller.fuso)
    return {**scope(caller), "hoje": today}


def _sent(steps: Sequence[Query], values: Mapping[str, Any]) -> Claimed:
    return _claimed(fetch_together([(step, values) for step in (*steps, held_query())])[0])


def _claimed(row: Row) -> Claimed:
    settings, reserva_ate, *rest = row
    place, lead = rest[: len(PLACE)], rest[len(PLACE) :]
    if reserva_ate is None:
        return Claimed(complete(settings), None, None, None)
    return Claimed(complete(settings), Single.of(lead), Place(*place), reserva_ate)


@cache
def held_query() -> Query:
    """The equipe's settings, and beside them the lead that the caller holds, if any. Parameters:
    those of scope()."""
    held = and_(LEADS.c.equipe_id == SETTINGS.c.equipe_id, LEADS.c.id == leased_id())
    place = (QUEUE.c.equipe_id == LEADS.c.equipe_id) & (QUEUE.c.lead_id == LEADS.c.id)
    source = SETTINGS.outerjoin(LEADS, held).outerjoin(SCORES, OF_LEAD).outerjoin(QUEUE, place)
    statement = (
        select(SETTINGS.c.fila, QUEUE.c.reservado_ate, *PLACE, *single_columns())
        .select_from(source)
        .where(SETTINGS.c.equipe_id == bindparam("equipe_id"))
    )
    return compile_query(statement, hot=True)
