"""The last message of a write to one lead: the row, its event, and what follows from it."""

from collections.abc import Iterable, Mapping
from typing import Any

from models.db.messages.queries import Query
from models.db.statements import fetch_together
from models.event import EventKind
from services import history
from services.history import Change
from services.leads.contacts import Contact, columns_of, others_query
from services.leads.derive import for_changed, for_new
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
    lead that is in another stage was moved."""
    stages = before.get("etapa"), after.get("etapa")
    stayed = stages[0] == stages[1] and before.get("etapa_desde") == after.get("etapa_desde")
    if stages[0] != stages[1] and kind is EventKind.LEAD_ALTERADO:
        kind = EventKind.LEAD_MOVIDO
    since = after["etapa_desde"] if not stayed and after["etapa_informada"] else None
    return Change(kind, lead_id, versao, fields, (None, None) if stayed else stages, since)


def write(
    caller: Principal,
    held: Held,
    old: Laid,
    new: Laid,
    fields: Iterable[str],
    kind: EventKind = EventKind.LEAD_ALTERADO,
) -> Single:
    """Write what has changed of a lead that is held, with its event."""
    change = change_of(held.id, held.versao + 1, old.row, new.row, fields, kind)
    others = None if old.others == new.others else new.others
    columns = changed_columns(old, new)
    if kind is EventKind.LEAD_RESTAURADO:
        columns.add("excluido_em")
    return update_lead(caller, change, new.row, columns, others)


def insert_lead(caller: Principal, change: Change, new: Laid) -> Single:
    """Write a new lead with its contacts."""
    parts = [(rows.insert_query(), _of(caller, change, new.row))]
    if new.others:
        parts.append(_others(caller, change, new.others))
    return _sent(caller, change, parts, for_new())


def update_lead(
    caller: Principal,
    change: Change,
    row: Mapping[str, Any],
    columns: Iterable[str],
    others: list[Contact] | None,
) -> Single:
    """Write the row of a lead that is held, whose `columns` have changed. `others`: its contacts
    beside the principal ones, None where they stay."""
    parts = [(rows.update_query(), _of(caller, change, row))]
    if others is not None:
        parts.append(_others(caller, change, others))
    changed = columns if others is None else {*columns, "contatos"}
    return _sent(caller, change, parts, for_changed(changed))


def delete_row(caller: Principal, change: Change) -> None:
    """Mark a lead that is held as deleted."""
    query, values = rows.delete_query(), _of(caller, change, {})
    follows = [(each, values) for each in for_changed({"excluido_em"})]
    fetch_together([(query, values), *follows, history.of_lead(caller, change)])


def _sent(
    caller: Principal,
    change: Change,
    parts: list[tuple[Query, dict[str, Any]]],
    follows: Iterable[Query],
) -> Single:
    values = _of(caller, change, {})
    derived = [(query, values) for query in follows]
    return single_written(
        caller, change.lead_id, [*parts, history.of_lead(caller, change), *derived]
    )


def _others(
    caller: Principal, change: Change, others: list[Contact]
) -> tuple[Query, dict[str, Any]]:
    return others_query(), _of(caller, change, columns_of(others))


def _of(caller: Principal, change: Change, row: Mapping[str, Any]) -> dict[str, Any]:
    key = {"equipe_id": caller.equipe_id, "id": change.lead_id, "ids": [change.lead_id]}
    return {**row, **key}
