"""Finding a lead that is already there: same document, e-mail, phone or external id.

Writers lock the hashed keys before they look, so two writers with one key cannot both find nothing.
The locks are a bounded number of buckets per tenant: no import can exhaust the server's lock table,
and an import without keys waits for no other writer.
"""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from models.db.locks import lock_names, name_locks
from models.db.messages.queries import Query
from models.lead_contact import ContactKind
from services.errors import Code, Conflict, FieldError
from services.leads.contacts import Contact, principal_of
from services.policy import sees
from services.principal import Principal

# The columns of staged lines that hold a key, the most important first, with its kind, which is
# also the field that an error names.
KEYS = {
    "documento": "documento",
    "email": ContactKind.EMAIL.value,
    "telefone_chave": ContactKind.TELEFONE.value,
    "id_externo": "id_externo",
}
# Kinds that are columns of a lead; the others are kinds of contacts. These two are one person's
# alone: a family shares its phone, and an office its e-mail.
STRONG = ("documento", "id_externo")
_SPOKEN = {"email": "e-mail", "whatsapp_id": "id do WhatsApp", "contatos": "contato"}
BUCKETS = 512
# Of more leads with the keys of a request nobody needs to know.
MOST_FOUND = 100


class DuplicateLead(Conflict):
    code = Code.LEAD_DUPLICADO
    message = "Já existe um lead com este documento, e-mail ou telefone."


class AmbiguousLead(DuplicateLead):
    message = "Estes dados são de mais de um lead."


class ExternalIdTaken(Conflict):
    code = Code.ID_EXTERNO_DUPLICADO
    message = "Já existe um lead com este id_externo."


class Keys:
    """The keys by which a lead is recognised, each with the field that an error names for it."""

    def __init__(self) -> None:
        self.fields: dict[tuple[str, str], str] = {}

    @classmethod
    def of(cls, lead: Mapping[str, Any], contacts: Iterable[Contact] = ()) -> "Keys":
        """Of fields of a lead, and of contacts in the order in which they were sent."""
        keys = cls()
        for name in STRONG:
            if lead.get(name):
                keys.fields[name, lead[name]] = name
        for each in principal_of(lead):
            keys.fields[each.tipo, each.chave] = each.tipo
        for n, each in enumerate(contacts):
            keys.fields.setdefault((each.tipo, each.chave), f"contatos.{n}.valor")
        return keys

    def without(self, others: "Keys") -> "Keys":
        """Those that are not among others."""
        keys = Keys()
        keys.fields = {key: name for key, name in self.fields.items() if key not in others.fields}
        return keys

    def parameters(self) -> dict[str, Any]:
        """The parameters of matching.found()."""
        contacts = [key for key in self.fields if key[0] not in STRONG]
        said = dict(self.fields)  # a strong key is there once at the most
        strong = {kind: value for kind, value in said if kind in STRONG}
        return {
            **{name: strong.get(name) for name in STRONG},
            "chave_tipos": [kind for kind, _ in contacts],
            "chave_valores": [value for _, value in contacts],
        }


class Found(NamedTuple):
    """A live lead that shares a key with the request."""

    id: int
    responsavel_id: int | None
    tipo: str
    chave: str


def bucket(kind: str, value: str) -> int:
    """The lock bucket of one key of a lead."""
    digest = hashlib.blake2b(f"{kind}:{value}".encode(), digest_size=4).digest()
    return int.from_bytes(digest) % BUCKETS


class KeyBuckets:
    """The lock buckets of the keys of any number of leads. `full`: all buckets are taken."""

    def __init__(self) -> None:
        self.numbers: set[int] = set()
        self.full = False

    def add(self, kind: str, value: str) -> None:
        self.numbers.add(bucket(kind, value))
        self.full = len(self.numbers) == BUCKETS


def lock_buckets(equipe_id: int, buckets: Iterable[int], *, patiently: bool = True) -> None:
    """Wait for the other writers of these keys; held until the transaction ends."""
    lock_names(_group(equipe_id), {str(number) for number in buckets}, patiently=patiently)


def key_locks(equipe_id: int, keys: Keys) -> list[tuple[Query, Mapping[str, Any]]]:
    """What locks a lead's keys; before any row is locked, as an import does.

    A caller waits for the reply: while a batch of an import has them, the wait is short, and the
    request is tried again (controllers/web/operation).
    """
    numbers = {str(bucket(kind, value)) for kind, value in keys.fields}
    return name_locks(_group(equipe_id), numbers, patiently=False)


def _group(equipe_id: int) -> str:
    return f"leads:{equipe_id}"


def has_same(who: str, kind: str) -> str:
    """The message of an error at the field of a key, such as "Outro lead tem este e-mail."."""
    return f"{who} tem este {_SPOKEN.get(kind, kind)}."


def refuse_duplicates(
    caller: Principal, keys: Keys, found: Iterable[Found], *, allow: bool
) -> None:
    """Raise DuplicateLead or ExternalIdTaken for leads that were found by one of the keys, with the
    ids the caller may read and the fields that are the same.

    `allow` is the gestor's override, which does not reach `id_externo`: that one is unique.
    """
    same = [each for each in found if (each.tipo, each.chave) in keys.fields]
    taken = any(each.tipo == "id_externo" for each in same)
    if taken or (same and not allow):
        kinds = {(each.tipo, each.chave): None for each in same}
        conflict = ExternalIdTaken if taken else DuplicateLead
        fields = [_same(kind, keys.fields[kind, value]) for kind, value in kinds]
        raise conflict(data=_readable(caller, same), fields=fields)


def require_one(
    caller: Principal,
    named: str,
    keys: Keys,
    found: Sequence[Found],
    has: Keys,
    *,
    leased: int | None = None,
) -> None:
    """Refuse keys that lead to more than one lead, or to one that the caller may not read: they
    read the one that is `leased` to them.

    The key of the field `named` decides which lead is meant; if no lead has it, any other key does.
    What that lead `has` already may be another's too, but it gets nothing that another has. Where
    so many share a contact that `found` is not all of them, only a strong key names one. Raises
    DuplicateLead with the ids the caller may read.
    """
    same = [each for each in found if (each.tipo, each.chave) in keys.fields]
    meant = {each.id for each in same if keys.fields[each.tipo, each.chave] == named}
    meant = meant or {each.id for each in same}
    own = {(each.tipo, each.chave) for each in same if each.id in meant}
    # Of a crowd the lead's own contact may not be among those found, so it is asked what it has.
    others = {(each.tipo, each.chave) for each in same if each.id not in meant} - has.fields.keys()
    hidden = any(
        each.id in meant and each.id != leased and not sees(caller, each.responsavel_id)
        for each in same
    )
    crowd = len(found) == MOST_FOUND and named not in STRONG
    if len(meant) > 1 or others or hidden or crowd:
        kinds = sorted(others or own)
        fields = [
            FieldError(keys.fields[kind, value], Code.LEAD_DUPLICADO, has_same("Outro lead", kind))
            for kind, value in kinds
        ]
        conflict = DuplicateLead if hidden and len(meant) == 1 else AmbiguousLead
        raise conflict(data=_readable(caller, same), fields=fields)


def _readable(caller: Principal, found: Iterable[Found]) -> dict[str, list[int]]:
    return {"ids": sorted({each.id for each in found if sees(caller, each.responsavel_id)})}


def _same(kind: str, campo: str) -> FieldError:
    code = Code.ID_EXTERNO_DUPLICADO if kind == "id_externo" else Code.LEAD_DUPLICADO
    return FieldError(campo, code, has_same("Outro lead", kind))
