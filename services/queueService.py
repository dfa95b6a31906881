"""The queue: whom a person calls next, one lead at a time and nobody else's meanwhile.

The lease stands in the lead's row of the queue (services/queue/ranges); what its holder may do is
said in services/policy.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from services.leads.reading.singles import Single
from services.principal import Principal
from services.queue import ending, hours
from services.queue.claiming import Claimed, claim
from services.queue.listing import Item as Item
from services.queue.listing import Page as Page
from services.queue.listing import list_queue as list_queue
from services.queue.reasons import reasons
from services.queue.waiting import waiting
from utils.clock import now


class Situation(StrEnum):
    LEAD = "lead"
    VAZIA = "vazia"
    OCUPADA = "ocupada"
    FORA_DO_HORARIO = "fora_do_horario"


@dataclass(frozen=True, slots=True)
class Next:
    """What a claim comes to. `tentar_em`: when to ask again, where it gives no lead."""

    situacao: Situation
    lead: Single | None = None
    motivos: Sequence[str] = ()
    reserva_ate: datetime | None = None
    tentar_em: datetime | None = None


def next_lead(caller: Principal, *, any_hour: bool = False) -> Next:
    """The next lead, held for the caller alone; the one that they hold already, for as long as they
    do. `any_hour`: outside the equipe's hours too."""
    found = claim(caller, any_hour=any_hour)
    if found.lead is None or found.place is None:
        return _none(caller, found)
    why = reasons(caller, found.place, now())
    return Next(Situation.LEAD, found.lead, why, found.reserva_ate)


def skip(caller: Principal, reason: str) -> tuple[int, datetime]:
    """Let the lead that the caller holds rest for an hour, for everybody; its id, and until when.
    Raises NoLease."""
    return ending.skip(caller, reason)


def release(caller: Principal, lead_id: int) -> None:
    """Give back the lead that the caller holds. Raises NotFound, NoLease."""
    ending.release(caller, lead_id)


def _none(caller: Principal, found: Claimed) -> Next:
    """Why there is no lead. One that has none to come is told so at any hour."""
    there = waiting(caller)
    if found.all_closed and (there.free or there.until is not None):
        return _closed(caller, found)
    if there.free and found.closed:
        closed = _closed(caller, found)
        moments = [each for each in (closed.tentar_em, there.until) if each is not None]
        return replace(closed, tentar_em=min(moments, default=None))
    # One that is free, and yet was not given, is in the hands of somebody for a moment.
    until = now() + timedelta(seconds=1) if there.free else there.until
    return Next(Situation.VAZIA if until is None else Situation.OCUPADA, tentar_em=until)


def _closed(caller: Principal, found: Claimed) -> Next:
    opening = hours.next_opening(found.settings, caller.fuso, now())
    return Next(Situation.FORA_DO_HORARIO, tentar_em=opening)
