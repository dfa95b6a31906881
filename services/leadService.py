"""Leads: read, create, change, move, delete, restore.

Each write is lock, check, write, derive, event: one message locks and looks up (holding), the rules
are here, and one message writes (sending).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from models.db.messages.queries import Part
from models.event import EventKind
from services.activities.notes import note
from services.auth.authority import hold_gestor
from services.errors import MISSING, Code, FieldError, Invalid, StaleVersion, invalid_field
from services.history import Change
from services.leads.duplicates import Keys, refuse_duplicates, require_one
from services.leads.reading.reads import Page as Page
from services.leads.reading.reads import list_leads as list_leads
from services.leads.reading.singles import Single as Single
from services.leads.reading.singles import get_lead as get_lead
from services.leads.reading.singles import get_written, keys_of_deleted
from services.leads.writing import upserting
from services.leads.writing.changes import Laid, changed_fields, laid, lay
from services.leads.writing.entering import (
    FOLLOWING,
    Entry,
    come_back,
    enter,
    enter_held,
    since_closing,
    take_over,
)
from services.leads.writing.facts import Asked, check_member, require_member, stage_asked
from services.leads.writing.holding import Held, hold, hold_keyed, look_up
from services.leads.writing.rows import EMPTY
from services.leads.writing.sending import created, delete_row, insert_lead, write
from services.policy import owned_by, owner_of_new, require_gestor
from services.principal import Principal

# Fields that a gestor changes.
_GESTORS = frozenset({"responsavel_id", "nao_contatar_em"})
_ALLOWED = FieldError(
    "motivo_contato", Code.VALOR_INVALIDO, "A pessoa já pode ser contatada: não há motivo a anotar."
)


def create_lead(
    caller: Principal, values: Mapping[str, Any], *, allow_duplicate: bool = False
) -> Single:
    """A new lead. A vendedor's new lead is their own.

    Raises Forbidden, Invalid, DuplicateLead, ExternalIdTaken.
    """
    if allow_duplicate:
        require_gestor(caller)
    owner = owner_of_new(caller, values.get("responsavel_id"))
    new = lay(EMPTY, [], {**values, "responsavel_id": owner})
    keys = Keys.of(values, values.get("contatos") or ())
    lead_id, facts = look_up(
        caller, Asked(keys, True, values.get("etapa"), owner, "motivo_perda" in values)
    )
    require_member(caller, owner, facts)
    etapa, kind = stage_asked(caller, values.get("etapa"), facts)
    enter(new.row, Entry(etapa, kind, True, facts.instant, values, facts.reasons))
    refuse_duplicates(caller, keys, facts.duplicates, allow=allow_duplicate)
    if allow_duplicate:
        hold_gestor(caller)
    return insert_lead(caller, created(lead_id, new.row, values), new)


def update_lead(
    caller: Principal,
    lead_id: int,
    changes: Mapping[str, Any],
    *,
    versions: set[int] | None,
    allow_duplicate: bool = False,
    motivo_contato: str = "",
) -> Single:
    """Change the given fields; nothing changed writes nothing. `atributos` is merged (RFC 7396),
    `contatos` is replaced. Who holds a lease on the lead and moves it becomes its responsável.

    `versions` are those that an If-Match names, None for any; `motivo_contato`: why a person who
    did not want to be contacted may be again, which is kept as a note. Raises NotFound,
    StaleVersion, Forbidden, Invalid, DuplicateLead, ExternalIdTaken.
    """
    if allow_duplicate or not _GESTORS.isdisjoint(changes):
        require_gestor(caller)
    keys = Keys.of(changes, changes.get("contatos") or ())
    asked = Asked(
        keys,
        "etapa" in changes,
        changes.get("etapa"),
        changes.get("responsavel_id"),
        "motivo_perda" in changes,
    )
    held, facts = hold(caller, lead_id, versions, asked)
    old, new = laid(caller, held, facts, changes)
    fields = changed_fields(old, new)
    if motivo_contato and "nao_contatar_em" not in fields:
        raise Invalid(fields=[_ALLOWED])
    if "responsavel_id" in fields:
        require_member(caller, new.row["responsavel_id"], facts)
    if fields & {"etapa", "motivo_perda", "fechado_em"}:
        closed = new.row["fechado_em"] if {"etapa", "fechado_em"} <= fields else None
        since = since_closing(held.row, closed)
        enter_held(held, facts, new.row, said=fields, since=since)
        fields &= changed_fields(old, new)  # a reason may be the old one in another spelling
        if "etapa" in fields and "responsavel_id" not in changes:
            take_over(caller, held, new.row)
        fields |= changed_fields(old, new) & FOLLOWING
    if fields:
        known = Keys.of(held.row, held.others)
        refuse_duplicates(caller, keys.without(known), facts.duplicates, allow=allow_duplicate)
        if allow_duplicate:
            hold_gestor(caller)
    beside = note(caller, held, motivo_contato) if "nao_contatar_em" in fields else ()
    return _changed(caller, held, old, new, fields, beside)


def move_lead(
    caller: Principal,
    lead_id: int,
    values: Mapping[str, Any],
    *,
    since: datetime | None,
    versions: set[int] | None,
) -> Single:
    """Move a lead to the stage `etapa` of `values`, which may have motivo_perda and fechado_em too.

    `since`: when it entered the stage, if that was not now; the date of a closing tells that too.
    Moved to where it is, its dates are corrected. Who holds a lease on it becomes its responsável.
    Raises NotFound, StaleVersion, Invalid.
    """
    held, facts = hold(caller, lead_id, versions, Asked(Keys(), True, values["etapa"], reason=True))
    old, new = laid(caller, held, facts, values)
    after = held.row["etapa_desde"] if old.row["etapa"] != new.row["etapa"] else held.before
    since = since or values.get("fechado_em")
    enter_held(held, facts, new.row, said=values, since=since, after=after)
    if old.row["etapa"] != new.row["etapa"]:
        take_over(caller, held, new.row)
    return _changed(caller, held, old, new, changed_fields(old, new))


def delete_lead(caller: Principal, lead_id: int, *, versions: set[int] | None) -> None:
    """Delete a lead: it leaves every list, its history stays. Raises NotFound, StaleVersion."""
    held, _ = hold(caller, lead_id, versions, Asked(Keys()))
    delete_row(caller, Change(EventKind.LEAD_EXCLUIDO, lead_id, held.versao + 1))


def restore_lead(
    caller: Principal,
    lead_id: int,
    *,
    versions: set[int] | None,
    allow_duplicate: bool = False,
) -> Single:
    """Restore a deleted lead; if its stage is no longer there, it comes back in the first open one.

    Another lead may have got its keys meanwhile, so duplicates are looked for again. Raises
    NotFound, StaleVersion, DuplicateLead, ExternalIdTaken.
    """
    keys = keys_of_deleted(caller, lead_id)
    held, facts = hold(caller, lead_id, versions, Asked(keys, stage=True), deleted=True)
    # Its keys were read so that they could be locked before it. Restored, changed and deleted again
    # meanwhile, it has others than those that were locked and looked for.
    if Keys.of(held.row, held.others).fields.keys() != keys.fields.keys():
        raise StaleVersion()
    refuse_duplicates(caller, keys, facts.duplicates, allow=allow_duplicate)
    old, new = laid(caller, held, facts, {})
    come_back(new.row, held.kind, stage_asked(caller, None, facts), facts.instant)
    return write(caller, held, old, new, (), EventKind.LEAD_RESTAURADO)


def upsert_lead(
    caller: Principal,
    chave: str,
    values: Mapping[str, Any],
    *,
    versions: set[int] | None,
    reopen: bool = False,
) -> tuple[Single, bool]:
    """The lead with the key of the field `chave`, given what is said of it as an import gives it
    (services/leads/merging), or a new lead; whether it was created. `values` holds no nulls.

    A vendedor gives it to leads of their own, or to the one that they hold, alone. Raises
    Forbidden, Invalid, DuplicateLead, AnotherPerson, LeadClosed, StaleVersion.
    """
    if chave not in values:
        raise invalid_field(chave, *MISSING)
    owner = owner_of_new(caller, values.get("responsavel_id"))
    keys = Keys.of(values, values.get("contatos") or ())
    asked = Asked(keys, True, values.get("etapa"), owner, "motivo_perda" in values)
    lead_id, held, facts = hold_keyed(caller, chave, asked)
    check_member(caller, owner, facts)
    said = upserting.checked(caller, values, facts)
    has = Keys.of(held.row, held.others) if held else Keys()
    leased = held.id if held and held.leased else None
    require_one(caller, chave, keys, facts.duplicates, has, leased=leased)
    if versions is not None and (held is None or held.versao not in versions):
        raise StaleVersion()
    if held is None:
        return upserting.create(caller, int(lead_id or 0), owner, said, facts), True
    return _changed(caller, held, *upserting.merge(caller, held, said, facts, reopen=reopen)), False


def _changed(
    caller: Principal,
    held: Held,
    old: Laid,
    new: Laid,
    fields: set[str],
    beside: Sequence[Part] = (),
) -> Single:
    """Write the fields that differ; where none does, nothing is written."""
    if not fields:
        return get_written(caller, held.id)
    taken = held.leased and owned_by(caller, new.row["responsavel_id"])
    if fields & (_GESTORS - {"responsavel_id"} if taken else _GESTORS):
        hold_gestor(caller)
    return write(caller, held, old, new, fields, beside=beside)
