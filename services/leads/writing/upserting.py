"""What an upsert checks before it is known whether the lead is there, and what it then writes.

A body is right or wrong by itself: whether a lead is there changes nothing in that, so that a
caller who repeats a call is not refused for what was taken before.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from models.types import StageKind
from services.errors import FieldError, Invalid
from services.leads import stages
from services.leads.fields import HISTORY, UNNAMED
from services.leads.merging import (
    CLOSED,
    AnotherPerson,
    LeadClosed,
    fitting,
    merged,
    of_closed,
    other_key,
    other_key_error,
)
from services.leads.reading.singles import Single
from services.leads.writing.changes import Laid, changed_fields, laid, lay
from services.leads.writing.entering import (
    FOLLOWING,
    Entry,
    enter,
    enter_held,
    since_closing,
    spelt,
    take_over,
)
from services.leads.writing.facts import Facts, require_member, stage_asked
from services.leads.writing.holding import Held
from services.leads.writing.rows import EMPTY
from services.leads.writing.sending import created, insert_lead
from services.principal import Principal


def checked(caller: Principal, values: Mapping[str, Any], facts: Facts) -> dict[str, Any]:
    """What is said, the stage by its key and the reason as the tenant spells it. Raises Invalid."""
    said, kind = dict(values), None
    require_member(caller, said.get("responsavel_id"), facts)
    if "etapa" in said:
        said["etapa"], kind = stage_asked(caller, said["etapa"], facts)
    if "motivo_perda" in said:
        said["motivo_perda"] = spelt(said["motivo_perda"], facts.reasons)
    if errors := list(_errors(said, kind, facts)):
        raise Invalid(fields=errors)
    return said


def _errors(said: Mapping[str, Any], kind: str | None, facts: Facts) -> Iterator[FieldError]:
    if stages.lacks_reason(kind, said.get("motivo_perda")):
        yield stages.REASON_MISSING
    for name in HISTORY:
        if name in said and said[name] > facts.instant:
            yield replace(stages.IN_THE_FUTURE, campo=name)
    told = [said[name] for name in ("fechado_em", "criado_em") if name in said]
    if len(told) == 2 and told[0] < told[1] and kind != StageKind.ABERTA:
        yield stages.CLOSED_BEFORE


def create(
    caller: Principal, lead_id: int, owner: int | None, said: Mapping[str, Any], facts: Facts
) -> Single:
    """A new lead; since when it is in its stage, its closing or its creation tells."""
    etapa, kind = stage_asked(caller, None, facts)
    kept = fitting(said, kind)
    new = lay(EMPTY, [], {"nome": UNNAMED, **kept, "responsavel_id": owner})
    since = kept.get("criado_em") if kind == StageKind.ABERTA else kept.get("fechado_em")
    enter(new.row, Entry(etapa, kind, True, facts.instant, kept, facts.reasons, since))
    return insert_lead(caller, created(lead_id, new.row, kept), new)


def merge(
    caller: Principal, held: Held, said: Mapping[str, Any], facts: Facts, *, reopen: bool
) -> tuple[Laid, Laid, set[str]]:
    """The lead as it is and with what is said of it, and the fields that differ. Raises
    AnotherPerson, LeadClosed, Invalid."""
    before = str(held.kind)
    kind = stage_asked(caller, None, facts)[1] if "etapa" in said else before
    _refuse(held, said, opens=stages.reopens(before, kind) and not reopen)
    if not caller.gestor:  # it is theirs, or they hold it: then a move makes it theirs
        said = {name: value for name, value in said.items() if name != "responsavel_id"}
    changes = merged(held.row, held.others, of_closed(fitting(said, kind), kind))
    old, new = laid(caller, held, facts, changes)
    fields = changed_fields(old, new)
    if fields & {"etapa", "motivo_perda", "fechado_em"}:
        closed = changes.get("fechado_em") if "etapa" in fields else None
        since = since_closing(held.row, closed)
        enter_held(held, facts, new.row, said=changes, since=since)
        if "etapa" in fields and "responsavel_id" not in changes:
            take_over(caller, held, new.row)
        fields |= changed_fields(old, new) & FOLLOWING
    return old, new, fields


def _refuse(held: Held, said: Mapping[str, Any], *, opens: bool) -> None:
    """Raise AnotherPerson or LeadClosed."""
    data = {"ids": [held.id]}
    if key := other_key(held.row, said):
        raise AnotherPerson(fields=[other_key_error(key)], data=data)
    if opens:
        raise LeadClosed(fields=[CLOSED], data=data)
