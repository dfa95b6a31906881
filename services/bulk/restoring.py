"""Restoring many leads: their keys are locked before they are, and no two of them share one."""

from collections.abc import Sequence
from typing import Any

from models.db.statements import execute_here
from services.bulk.prepared import STAGE, Prepared
from services.errors import StaleVersion
from services.leads.contacts import Contact
from services.leads.duplicates import Found, Keys, bucket, lock_buckets, refuse_duplicates
from services.leads.locking import stages_lock
from services.leads.matching import taken
from services.leads.writing.entering import come_back
from services.leads.writing.facts import Asked, stage_asked
from services.leads.writing.holding import look_at
from services.leads.writing.many import Row, read_many
from services.principal import Principal

_KEYS = ("documento", "id_externo", "email", "telefone", "outros")


def restore(caller: Principal, ids: Sequence[int], *, permitir_duplicado: bool = False) -> Prepared:
    locked = _lock_keys(caller, ids)
    execute_here(stages_lock(), {"equipe_id": caller.equipe_id})
    facts = look_at(caller, Asked(Keys(), stage=True))
    first = stage_asked(caller, None, facts)
    known = taken(caller, {key for keys in locked.values() for key in keys.fields})

    def rule(lead: Row) -> None:
        keys = _keys(lead)
        # As of a single one (leadService): what was locked must be what it has.
        if lead.id not in locked or keys.fields.keys() != locked[lead.id].fields.keys():
            raise StaleVersion()
        same = [Found(0, None, *key) for key in keys.fields if key in known]
        refuse_duplicates(caller, keys, same, allow=permitir_duplicado)
        come_back(lead.columns, lead.columns["tipo"], first, facts.instant)
        known.update(keys.fields)

    return Prepared(rule, STAGE, ("tipo", *_KEYS))


def _lock_keys(caller: Principal, ids: Sequence[int]) -> dict[int, Keys]:
    """The keys of the leads as they were before they were locked, by lead."""
    found = read_many(caller, ids, _KEYS, deleted=True, hold=False)
    keys = {lead.id: _keys(lead) for lead in found}
    numbers = {bucket(*key) for each in keys.values() for key in each.fields}
    if numbers:
        lock_buckets(caller.equipe_id, numbers, patiently=False)
    return keys


def _keys(lead: Row) -> Keys:
    row: dict[str, Any] = lead.columns
    return Keys.of(row, [Contact(*each) for each in row["outros"] or ()])
