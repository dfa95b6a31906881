"""Finding a lead that is already there: same document, e-mail, phone or external id.

Writers lock the hashed keys before they look, so two writers with one key cannot both find nothing.
The locks are a bounded number of buckets per tenant: no import can exhaust the server's lock table,
and an import without keys waits for no other writer.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from sqlalchemy import bindparam, false, or_, select

from models.db.locks import lock_names
from models.db.statements import Query, compile_query, fetch_here
from models.lead import LEADS
from services.errors import Code, Conflict, FieldError
from services.policy import sees, visible
from services.principal import Principal

# The column of each key and the field that an error names for it, the most important key first.
KEYS = {
    "documento": "documento",
    "email": "email",
    "telefone_chave": "telefone",
    "id_externo": "id_externo",
}
BUCKETS = 512


class DuplicateLead(Conflict):
    code = Code.LEAD_DUPLICADO
    message = "Já existe um lead com este documento, e-mail ou telefone."


class ExternalIdTaken(Conflict):
    code = Code.ID_EXTERNO_DUPLICADO
    message = "Já existe um lead com este id_externo."


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys by which a lead is recognised; an absent key matches nothing."""

    documento: str | None = None
    email: str | None = None
    telefone_chave: str | None = None
    id_externo: str | None = None

    def present(self) -> dict[str, str]:
        pairs = ((name, getattr(self, name)) for name in KEYS)
        return {name: value for name, value in pairs if value is not None}


def bucket(name: str, value: str) -> int:
    """The lock bucket of one key of a lead."""
    digest = hashlib.blake2b(f"{name}:{value}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) % BUCKETS


class KeyBuckets:
    """The lock buckets of the keys of any number of leads. `full`: all buckets are taken."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self.full = False

    def add(self, name: str, value: str) -> None:
        self.numbers.add(bucket(name, value))
        self.full = len(self.numbers) == BUCKETS


def lock_buckets(equipe_id: int, buckets: Iterable[int], *, patiently: bool = True) -> None:
    """Wait for the other writers of these keys; held until the transaction ends."""
    lock_names(f"leads:{equipe_id}", {str(number) for number in buckets}, patiently=patiently)


def lock_keys(equipe_id: int, keys: Keys) -> None:
    """Wait for the other writers of a lead's keys; before any row is locked, as an import does.

    A caller waits for the reply: if an import is running, the wait is short and ends with a 503.
    """
    numbers = [bucket(name, value) for name, value in keys.present().items()]
    lock_buckets(equipe_id, numbers, patiently=False)


def has_same(who: str, campo: str) -> str:
    """The message of an error at the field of a key, such as "Outro lead tem este e-mail."."""
    return f"{who} tem este {'e-mail' if campo == 'email' else campo}."


def refuse_duplicates(caller: Principal, keys: Keys, *, ignore: int | None, allow: bool) -> None:
    """Raise DuplicateLead or ExternalIdTaken, with the ids the caller may read and the fields that
    are the same. Under lock_keys().

    `ignore` is the lead being changed; `allow` is the gestor's override, which does not reach
    `id_externo`: that one is unique.
    """
    present = keys.present()
    found = _find(caller.equipe_id, present, ignore) if present else ()
    same = [name for name in present if any(row.has(name, present) for row in found)]
    if "id_externo" in same or (found and not allow):
        conflict = ExternalIdTaken if "id_externo" in same else DuplicateLead
        raise conflict(data=_readable(caller, found), fields=[_same(name) for name in same])


class _Found(NamedTuple):
    """A live lead that shares a key."""

    id: int
    responsavel_id: int | None
    documento: str | None
    email: str | None
    telefone_chave: str | None
    id_externo: str | None

    def has(self, name: str, present: Mapping[str, str]) -> bool:
        return bool(getattr(self, name) == present[name])


def _readable(caller: Principal, found: Iterable[_Found]) -> dict[str, list[int]]:
    return {"ids": [row.id for row in found if sees(caller, row.responsavel_id)]}


def _same(name: str) -> FieldError:
    code = Code.ID_EXTERNO_DUPLICADO if name == "id_externo" else Code.LEAD_DUPLICADO
    return FieldError(KEYS[name], code, has_same("Outro lead", KEYS[name]))


def _find(equipe_id: int, present: dict[str, str], ignore: int | None) -> Sequence[_Found]:
    values = {**present, "equipe_id": equipe_id, "ignorado": ignore or 0}
    return [_Found(*row) for row in fetch_here(_same_keys(tuple(present)), values)]


@cache
def _same_keys(names: tuple[str, ...]) -> Query:
    """Live leads with any of these keys, as _Found."""
    same = [LEADS.c[name] == bindparam(name) for name in names]
    # id_externo comes first, so that the limit does not cut it off: no override allows it.
    foremost = [
        LEADS.c.id_externo.is_distinct_from(bindparam(n)) for n in names if n == "id_externo"
    ]
    return compile_query(
        select(*(LEADS.c[name] for name in _Found._fields))
        .where(*visible(True), or_(false(), *same), LEADS.c.id != bindparam("ignorado"))
        .order_by(*foremost, LEADS.c.id)
        .limit(100)
    )
