"""The last message of a write to one lead: the row, its event, and what follows from it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from models.db.queries import Query
from models.db.statements import fetch_together
from models.event import EventKind
from services import history
from services.leads.contacts import Contact, columns_of, others_query
from services.leads.derive import for_changed, for_new
from services.leads.reading.singles import Single, single_written
from services.leads.writing import rows
from services.principal import Principal


class Change(NamedTuple):
    """Of a lead: what happened, its version after it, the fields it was about, the stages it moved
    between, and since when it is there, if the caller told."""

    kind: EventKind
    lead_id: int
    versao: int
    fields: Iterable[str] = ()
    stages: tuple[str | None, str | None] = (None, None)
    since: datetime | None = None


def insert_lead(
    caller: Principal, change: Change, row: Mapping[str, Any], others: list[Contact]
) -> Single:
    """Write a new lead with its contacts."""
    parts = [(rows.insert_query(), _of(caller, change, row))]
    if others:
        parts.append(_others(caller, change, others))
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
    return _sent(caller, change, parts, for_changed(columns))


def delete_lead(caller: Principal, change: Change) -> None:
    """Mark a lead that is held as deleted."""
    query, values = rows.delete_query(), _of(caller, change, {})
    follows = [(each, values) for each in for_changed({"excluido_em"})]
    fetch_together([(query, values), *follows, _event(caller, change)])


def _sent(
    caller: Principal,
    change: Change,
    parts: list[tuple[Query, dict[str, Any]]],
    follows: Iterable[Query],
) -> Single:
    values = _of(caller, change, {})
    derived = [(query, values) for query in follows]
    return single_written(caller, change.lead_id, [*parts, _event(caller, change), *derived])


def _event(caller: Principal, change: Change) -> tuple[Query, Mapping[str, Any]]:
    return history.of_lead(
        caller,
        change.kind,
        change.lead_id,
        change.versao,
        campos=change.fields,
        stages=change.stages,
        since=change.since,
    )


def _others(
    caller: Principal, change: Change, others: list[Contact]
) -> tuple[Query, dict[str, Any]]:
    return others_query(), _of(caller, change, columns_of(others))


def _of(caller: Principal, change: Change, row: Mapping[str, Any]) -> dict[str, Any]:
    key = {"equipe_id": caller.equipe_id, "id": change.lead_id, "ids": [change.lead_id]}
    return {**row, **key}
