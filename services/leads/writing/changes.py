"""A request's fields laid over the row of a lead, and what of it they change."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from models.lead import FIELD_OF_CENTS
from services.errors import invalid_field
from services.leads.attributes import as_text, size_error
from services.leads.contacts import Contact, settle
from services.leads.writing.facts import Facts, stage_asked
from services.leads.writing.holding import Held
from services.leads.writing.rows import GIVEN, MARKS, as_json, columns_of, complete
from services.principal import Principal
from utils.wire.merge_patch import merge_patch

# The fields that a lead's contacts come from.
OF_CONTACTS = frozenset({"contatos", "telefone", "email"})


# The columns whose change an event names; the others follow from these.
_NAMED = frozenset((*GIVEN, *MARKS, "etapa_desde", "criado_em"))


class Laid(NamedTuple):
    """The row as it will be, and its contacts beside the principal ones."""

    row: dict[str, Any]
    others: list[Contact]


def lay(row: Mapping[str, Any], others: list[Contact], values: Mapping[str, Any]) -> Laid:
    """The row and the contacts of a lead with the fields of a request. `atributos` are merged
    (RFC 7396), `contatos` are replaced as a whole. Raises Invalid."""
    new = {**row, **columns_of(values)}
    if "atributos" in values:
        new["atributos"] = merged_attributes(row["atributos"], values["atributos"])
    if not OF_CONTACTS.isdisjoint(values):
        sent = values["contatos"] or [] if "contatos" in values else others
        others = settle(sent, new, promote="contatos" in values)
    complete(new)
    return Laid(new, others)


def laid(
    caller: Principal, held: Held, facts: Facts, changes: Mapping[str, Any]
) -> tuple[Laid, Laid]:
    """A lead as it is, and with the changes, their stage by its key. Raises Invalid."""
    old = Laid(held.row, held.others)
    if "etapa" in changes:
        changes = {**changes, "etapa": stage_asked(caller, changes["etapa"], facts)[0]}
    return old, lay(held.row, held.others, changes)


def changed_fields(old: Laid, new: Laid) -> set[str]:
    """The names of the fields that differ."""
    names = differing(old.row, new.row)
    return names | ({"contatos"} if old.others != new.others else set())


def differing(old: Mapping[str, Any], new: Mapping[str, Any]) -> set[str]:
    """The same of two rows with the same columns, which need not be all."""
    return {
        FIELD_OF_CENTS.get(name, name)
        for name in old
        if name in _NAMED and _differs(name, old, new)
    }


def changed_columns(old: Laid, new: Laid) -> set[str]:
    return {name for name, value in new.row.items() if value != old.row[name]}


def _differs(name: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> bool:
    if name != "atributos":
        return bool(old[name] != new[name])
    # As the database shows it, not as it was sent: blanks and the order of keys mean nothing.
    return as_text(json.loads(old[name] or "{}")) != as_text(json.loads(new[name] or "{}"))


def merged_attributes(kept: str | None, patch: dict[str, Any] | None) -> str:
    """The merged object, which may outgrow what either was allowed; null empties it. Raises
    Invalid."""
    merged: dict[str, Any] = merge_patch(json.loads(kept or "{}"), patch) or {}
    if found := size_error(merged):
        raise invalid_field("atributos", *found)
    return as_json(merged)
