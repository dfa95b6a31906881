"""The last message of a write to one lead: the row, its event, and what follows from it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from models.db.messages.queries import Part
from models.db.statements import fetch_together
from models.event import EventKind
from services import history
from services.history import Change
from services.leads.contacts import Contact, columns_of, others_query
from services.leads.deriving.derive import ACTIVITIES, before_closing, for_changed, for_new
from services.leads.reading.singles import Single, single_written
from services.leads.writing import rows
from services.leads.writing.changes import Laid, changed_columns
from services.leads.writing.holding import Held
from services.principal import Principal


def created(lead_id: int, row: Mapping[str, Any], fields: Iterable[str]) -> Change:
    """That a lead was created so."""
    since = row["etapa_desde"] if row["etapa_informada"] else None
    return Change(EventKind.LEAD_CRIADO, lead_id, 1, fields, (None, row["etapa"]), since)


def change_of(
    lead_id: int,
    versao: int,
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    fields: Iterable[str],
    kind: EventKind = EventKind.LEAD_ALTERADO,
) -> Change:
    """What happened between two rows of a lead, which may lack columns that cannot have changed. A
    lead that is in another stage was moved; of one that is given to somebody it is told to whom.
    """
    stages = before.get("etapa"), after.get("etapa")
    stayed = stages[0] == stages[1] and before.get("etapa_desde") == after.get("etapa_desde")
    if stages[0] != stages[1] and kind is EventKind.LEAD_ALTERADO:
        kind = EventKind.LEAD_MOVIDO
    since = after["etapa_desde"] if not stayed and after["etapa_informada"] else None
    stages = (None, None) if stayed else stages
    named = frozenset(fields)
    owner = {"responsavel_id": after["responsavel_id"]} if "responsavel_id" in named else None
    return Change(kind, lead_id, versao, named, stages, since, owner)


def write(
    caller: Principal,
    held: Held,
    old: Laid,
    new: Laid,
    fields: Iterable[str],
    kind: EventKind = EventKind.LEAD_ALTERADO,
    beside: Sequence[Part] = (),
) -> Single:
    """Write what has changed of a lead that is held, with its event. `beside`: what writes an
    activity with it."""
    done = ACTIVITIES if beside else ()
    parts = [*beside, *changing(caller, held, old, new, fields, kind, also=done)]
    return single_written(caller, held.id, parts)


def changing(
    caller: Principal,
    held: Held,
    old: Laid,
    new: Laid,
    fields: Iterable[str],
    kind: EventKind = EventKind.LEAD_ALTERADO,
    also: Iterable[str] = (),
) -> list[Part]:
    """What write() writes. `also`: what else has changed that something follows from."""
    change = change_of(held.id, held.versao + 1, old.row, new.row, fields, kind)
    parts: list[Part] = [(rows.update_query(), _of(caller, held.id, new.row))]
    if closes(old.row, new.row):
        parts.insert(0, (before_closing(), _of(caller, held.id)))
    columns = changed_columns(old, new) | set(also)
    if kind is EventKind.LEAD_RESTAURADO:
        columns.add("excluido_em")
    if old.others != new.others:
        parts.append(_others(caller, held.id, new.others))
        columns.add("contatos")
    return [*parts, history.of_lead(caller, change), *following(caller, held.id, columns)]


def closes(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether a change closes a lead: only a closed one has a date of its closing."""
    return before["fechado_em"] is None and after["fechado_em"] is not None


def following(caller: Principal, lead_id: int, changed: Iterable[str]) -> list[Part]:
    """What brings up to date all that follows from these columns of a lead."""
    return [(query, _of(caller, lead_id)) for query in for_changed(changed)]


def insert_lead(caller: Principal, change: Change, new: Laid) -> Single:
    """Write a new lead with its contacts."""
    lead_id = change.lead_id
    parts: list[Part] = [(rows.insert_query(), _of(caller, lead_id, new.row))]
    if new.others:
        parts.append(_others(caller, lead_id, new.others))
    derived = [(query, _of(caller, lead_id)) for query in for_new(new.row)]
    return single_written(caller, lead_id, [*parts, history.of_lead(caller, change), *derived])


def delete_row(caller: Principal, change: Change) -> None:
    """Mark a lead that is held as deleted."""
    lead_id = change.lead_id
    deleted = (rows.delete_query(), _of(caller, lead_id))
    follows = following(caller, lead_id, {"excluido_em"})
    fetch_together([deleted, *follows, history.of_lead(caller, change)])


def _others(caller: Principal, lead_id: int, others: list[Contact]) -> Part:
    return others_query(), _of(caller, lead_id, columns_of(others))


def _of(caller: Principal, lead_id: int, row: Mapping[str, Any] | None = None) -> dict[str, Any]:
    these = {"equipe_id": caller.equipe_id, "id": lead_id, "ids": [lead_id]}
    return {**(row or {}), **these, **history.caused_by(caller)}
