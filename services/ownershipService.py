"""Whose lead it is: a gestor gives it to somebody or to nobody, or lets it be distributed."""

from typing import Literal

from models.types import StageKind
from services.auth.authority import hold_gestor
from services.jobs.steps import Json, Step
from services.leads.duplicates import Keys
from services.leads.reading.singles import Single, get_written
from services.leads.writing.changes import changed_fields, laid
from services.leads.writing.facts import Asked, require_member
from services.leads.writing.holding import hold
from services.leads.writing.sending import write
from services.ownership import handing
from services.ownership.handing import AUTO as AUTO
from services.ownership.handing import FREE as FREE
from services.ownership.handing import KEEP as KEEP
from services.ownership.loads import hold_turn, read_loads
from services.policy import require_gestor
from services.principal import Principal
from services.scores import current
from utils.clock import iso

JOB = handing.JOB


def assign_lead(
    caller: Principal,
    lead_id: int,
    to: int | Literal["auto"] | None,
    *,
    versions: set[int] | None,
) -> Single:
    """Give a lead, open or closed, to a user, to nobody, or to whoever has the fewest open ones. To
    who has it already it changes nothing.

    Raises Forbidden, NotFound, StaleVersion, Invalid, NobodyAvailable.
    """
    require_gestor(caller)
    if to == AUTO:
        current.hold(caller.equipe_id)
        hold_turn(caller)
    owner = to if isinstance(to, int) else None
    held, facts = hold(caller, lead_id, versions, Asked(Keys(), owner=owner))
    if to == AUTO:
        opens = held.kind == StageKind.ABERTA
        owner = read_loads(caller).pick(held.row["responsavel_id"], opens=opens)
    elif owner != held.row["responsavel_id"]:
        require_member(caller, owner, facts)
    old, new = laid(caller, held, facts, {"responsavel_id": owner})
    fields = changed_fields(old, new)
    if not fields:
        return get_written(caller, lead_id)
    hold_gestor(caller)
    return write(caller, held, old, new, fields)


def handover_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
    """The next leads of somebody whose open leads are given away."""
    current.hold(caller.equipe_id)
    person, to = int(parametros["de"]), parametros["para"]
    if to == AUTO:
        hold_turn(caller)
    place = last.checkpoint if last and last.checkpoint else {"apos": "-infinity", "apos_id": 0}
    found = handing.next_leads(caller, person, **place)
    total = last.total if last else handing.open_leads(caller, person)
    given, freed = handing.hand_over(caller, person, to, [lead_id for lead_id, _ in found])
    before = last.resultado if last else {"repassados": 0, "liberados": 0}
    resultado = {
        "repassados": before["repassados"] + given,
        "liberados": before["liberados"] + freed,
    }
    goes_on = len(found) == handing.MOST
    checkpoint = {"apos": iso(found[-1][1]), "apos_id": found[-1][0]} if goes_on else None
    return Step(checkpoint, resultado, len(found) + (last.feitos if last else 0), total)
