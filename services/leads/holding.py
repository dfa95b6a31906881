"""What a writer asks of the database before it writes, in one message: the locks in their order
(keys, stage, lead), then everything that its rules look at, read under these locks.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    ScalarSelect,
    Text,
    bindparam,
    cast,
    exists,
    false,
    func,
    null,
    select,
)

from models.db.statements import Query, compile_query, fetch_together
from models.lead import LEADS
from models.lead_contact import CONTACTS, FIRST_OTHER
from models.stage import STAGES
from models.stay import STAYS
from models.team_settings import SETTINGS
from models.user import USERS
from services.errors import NotFound, StaleVersion
from services.leads import duplicates
from services.leads.contacts import Contact, listed
from services.leads.duplicates import Found, Keys
from services.leads.locking import held_stage, stages_lock
from services.leads.rows import COLUMNS
from services.policy import scope, visible
from services.principal import Principal
from utils.text import fold

Parts = list[tuple[Query, Mapping[str, Any]]]


class Facts(NamedTuple):
    """What the rules of a write look at. `stage`: the key and kind of the stage that was asked for,
    or of the first open one; None if the tenant has no such stage. `duplicates`: live leads with
    one of the keys."""

    instant: datetime
    stage: tuple[str, str] | None
    reasons: list[str] | None
    member: bool
    duplicates: list[Found]


class Held(NamedTuple):
    """A lead that is locked: its row by column (`atributos` as JSON text), its other contacts, the
    kind of its stage (None: it is archived), and when the stay before the present one began."""

    id: int
    versao: int
    row: dict[str, Any]
    others: list[Contact]
    kind: str | None
    before: datetime | None


class Asked(NamedTuple):
    """What a request says that has to be looked up. `stage`: whether a stage is asked for, and is
    the first open one without `etapa`; `reason`: whether it gives a reason of loss; `rest`:
    whether a lead's contacts, or its stay before, matter too."""

    keys: Keys
    stage: bool = False
    etapa: str | None = None
    owner: int | None = None
    reason: bool = False
    rest: bool = False

    @property
    def wants(self) -> "_Wants":
        owner = self.owner is not None
        return _Wants(self.stage, owner, self.reason, bool(self.keys.fields))


class _Wants(NamedTuple):
    """Which of the facts a statement looks up: what nobody asks for costs nothing."""

    stage: bool
    owner: bool
    reason: bool
    keys: bool


def look_up(caller: Principal, asked: Asked) -> tuple[int, Facts]:
    """Before a new lead: its id, and the facts."""
    locks = duplicates.key_locks(caller.equipe_id, asked.keys)
    rows = fetch_together([*locks, (_new_query(asked.wants), _values(caller, asked))])
    lead_id, *facts = rows[0]
    return lead_id, _facts(facts)


def hold(
    caller: Principal,
    lead_id: int,
    versions: set[int] | None,
    asked: Asked,
    *,
    deleted: bool = False,
) -> tuple[Held, Facts]:
    """Lock a live lead that the caller sees, or a `deleted` one, for a change.

    `versions` are those that an If-Match names, None for any; they are compared under the lock.
    Raises NotFound, StaleVersion.
    """
    values = _values(caller, asked, lead_id)
    parts = duplicates.key_locks(caller.equipe_id, asked.keys)
    if deleted:
        parts.append((stages_lock(), values))
    if asked.rest:
        parts.append((_lock_query(caller.gestor, deleted, asked.stage), values))
    query = _held_query(caller.gestor, deleted, asked.wants)
    rows = fetch_together([*parts, (query, values)])
    if not rows:
        raise NotFound()
    held, facts = rows[0][: len(Held._fields) + len(COLUMNS) - 1], rows[0][-len(Facts._fields) :]
    lead = _held(held)
    if versions is not None and lead.versao not in versions:
        raise StaleVersion()
    return lead, _facts(facts)


def _values(caller: Principal, asked: Asked, lead_id: int = 0) -> dict[str, Any]:
    etapa = asked.etapa
    return {
        "id": lead_id,
        **scope(caller),
        **asked.keys.parameters(),
        "etapa": None if etapa is None else fold(etapa),
        "novo_dono": asked.owner,
    }


def _facts(row: Sequence[Any]) -> Facts:
    instant, stage, reasons, member, found = row
    return Facts(
        instant,
        None if stage is None else tuple(stage),
        reasons,
        member,
        [Found(*each) for each in found or ()],
    )


def _held(row: Sequence[Any]) -> Held:
    lead_id, versao, *rest = row
    columns, (others, kind, before) = rest[: len(COLUMNS)], rest[len(COLUMNS) :]
    contacts = [Contact(*each) for each in others or ()]
    return Held(lead_id, versao, dict(zip(COLUMNS, columns, strict=True)), contacts, kind, before)


@cache
def _new_query(wants: _Wants) -> Query:
    return compile_query(select(func.nextval("leads_id_seq"), *_fact_columns(wants)), hot=True)


@cache
def _lock_query(gestor: bool, deleted: bool, stage: bool) -> Query:
    """Locks a lead in a statement of its own: one that waits for it sees all else as it was."""
    one = (*visible(gestor, deleted=deleted), LEADS.c.id == bindparam("id"))
    locked = select(LEADS.c.id, held_stage() if stage else null()).where(*one)
    return compile_query(locked.with_for_update(key_share=True), hot=True)


@cache
def _held_query(gestor: bool, deleted: bool, wants: _Wants) -> Query:
    columns = [
        cast(LEADS.c[name], Text) if name == "atributos" else LEADS.c[name] for name in COLUMNS
    ]
    statement = (
        select(
            LEADS.c.id,
            LEADS.c.versao,
            *columns,
            _others(),
            _kind(),
            _before() if wants.stage else null(),
            *_fact_columns(wants),
        )
        .where(*visible(gestor, deleted=deleted), LEADS.c.id == bindparam("id"))
        .with_for_update(key_share=True)
    )
    return compile_query(statement, hot=True)


def _fact_columns(wants: _Wants) -> list[ColumnElement[Any]]:
    reasons = select(SETTINGS.c.motivos_perda).where(_ours(SETTINGS))
    member = exists().where(
        USERS.c.equipe_id == bindparam("equipe_id"),
        USERS.c.id == bindparam("novo_dono"),
        USERS.c.ativo,
    )
    return [
        func.now(),
        held_stage() if wants.stage else null(),
        reasons.scalar_subquery() if wants.reason else null(),
        member if wants.owner else false(),
        duplicates.found() if wants.keys else null(),
    ]


def _others() -> ScalarSelect[Any]:
    """The contacts beside the principal ones."""
    pairs = listed(func.jsonb_build_array(CONTACTS.c.tipo, CONTACTS.c.valor))
    return pairs.where(CONTACTS.c.ordem >= FIRST_OTHER).scalar_subquery()


def _kind() -> ScalarSelect[Any]:
    return (
        select(STAGES.c.tipo)
        .where(_ours(STAGES), STAGES.c.chave == LEADS.c.etapa, STAGES.c.arquivada_em.is_(None))
        .scalar_subquery()
    )


def _before() -> ScalarSelect[Any]:
    return (
        select(func.max(STAYS.c.entrou_em))
        .where(
            STAYS.c.equipe_id == LEADS.c.equipe_id,
            STAYS.c.lead_id == LEADS.c.id,
            STAYS.c.saiu_em.is_not(None),
        )
        .scalar_subquery()
    )


def _ours(table: Any) -> ColumnElement[bool]:
    ours: ColumnElement[bool] = table.c.equipe_id == bindparam("equipe_id")
    return ours
