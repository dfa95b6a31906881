"""What the rules of a write look at, and how it is looked up: only what its request asks for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    false,
    func,
    null,
    or_,
    select,
)

from models.db.messages.queries import Query
from models.db.statements import fetch_here
from models.stage import STAGES
from models.team_settings import SETTINGS
from models.types import StageKind
from models.user import USERS
from services.leads import matching
from services.leads.duplicates import Found, Keys
from services.leads.unknown import unknown_member, unknown_stage
from services.policy import scope
from services.principal import Principal
from services.scores import current
from utils.text import fold

# Gestores first, by id: whoever changes people locks them so (services/auth/managers).
_MEMBERS = Query(
    "select id from usuarios where equipe_id = %(equipe_id)s and ativo "
    "and id = any(cast(%(ids)s as bigint[])) order by role <> 'gestor', id for share",
    {},
)


class Facts(NamedTuple):
    """What the rules of a write look at. `stage`: the key and kind of the stage that was asked for,
    or of the first open one; None if the tenant has no such stage. `duplicates`: live leads with
    one of the keys; `versions`: of the rules and the model that scores follow from."""

    instant: datetime
    stage: tuple[str, str] | None
    reasons: list[str] | None
    member: bool
    duplicates: list[Found]
    versions: list[int]


class Asked(NamedTuple):
    """What a request says that has to be looked up. `stage`: whether a stage is asked for, and is
    the first open one without `etapa`; `reason`: whether it gives a reason of loss; `lease`:
    whether it ends a lease, as a move does too."""

    keys: Keys
    stage: bool = False
    etapa: str | None = None
    owner: int | None = None
    reason: bool = False
    lease: bool = False

    @property
    def wants(self) -> "Wants":
        owner = self.owner is not None
        lease = self.stage or self.lease
        return Wants(self.stage, owner, self.reason, bool(self.keys.fields), lease)


class Wants(NamedTuple):
    """Which of the facts a statement looks up: what nobody asks for costs nothing."""

    stage: bool
    owner: bool
    reason: bool
    keys: bool
    lease: bool


def values_of(caller: Principal, asked: Asked, lead_id: int = 0) -> dict[str, Any]:
    etapa = asked.etapa
    return {
        "id": lead_id,
        **scope(caller),
        **asked.keys.parameters(),
        "etapa": None if etapa is None else fold(etapa),
        "novo_dono": asked.owner,
    }


def facts_of(row: Sequence[Any]) -> Facts:
    instant, stage, reasons, member, found, versions = row
    return Facts(
        instant,
        None if stage is None else tuple(stage),
        reasons,
        member,
        [Found(*each) for each in found or ()],
        versions,
    )


def check_member(caller: Principal, owner: int | None, facts: Facts) -> None:
    """Check that the new owner is none or an active user of the caller's tenant. Raises Invalid."""
    if owner not in (None, caller.usuario_id) and not facts.member:
        raise unknown_member(caller.equipe_id)


def require_member(caller: Principal, owner: int | None, facts: Facts) -> None:
    """The same, and so it stays until the transaction ends."""
    check_member(caller, owner, facts)
    if owner not in (None, caller.usuario_id) and not hold_members(caller, [owner]):
        raise unknown_member(caller.equipe_id)


def hold_members(caller: Principal, ids: Collection[int]) -> set[int]:
    """Those of the ids that are active users of the caller's tenant. Who deactivates one of them
    waits, or has been waited for.

    The caller is locked with them: in what only a gestor does, their role is asked for at the end.
    """
    values = {"equipe_id": caller.equipe_id, "ids": [caller.usuario_id, *ids]}
    return {user_id for (user_id,) in fetch_here(_MEMBERS, values)} & set(ids)


def stage_asked(caller: Principal, said: str | None, facts: Facts) -> tuple[str, str]:
    """The key and kind of the stage that was asked for, or of the first. Raises Invalid."""
    if facts.stage is None:
        raise unknown_stage(caller.equipe_id, said or "")
    return facts.stage


def held_stage() -> Select[Any]:
    return asked_stage().with_for_update(read=True, key_share=True)


def asked_stage() -> Select[Any]:
    """The stage with this key or name, folded; without one the first open stage."""
    said = cast(bindparam("etapa"), Text)
    first = and_(said.is_(None), STAGES.c.tipo == StageKind.ABERTA.value)
    return (
        select(STAGES.c.chave, STAGES.c.tipo)
        .where(
            STAGES.c.equipe_id == bindparam("equipe_id"),
            STAGES.c.arquivada_em.is_(None),
            or_(first, STAGES.c.chave == said, STAGES.c.nome_chave == said),
        )
        .order_by(case((STAGES.c.chave == said, 0), else_=1), STAGES.c.ordem, STAGES.c.id)
        .limit(1)
    )


def fact_columns(
    wants: Wants, stage: Select[Any], matches: FromClause | None = None
) -> list[ColumnElement[Any]]:
    """The facts in their order. `matches`: the leads with the keys, if found already."""
    asked = stage.cte("etapa_pedida")
    found = select(func.json_build_array(asked.c.chave, asked.c.tipo)).scalar_subquery()
    reasons = select(SETTINGS.c.motivos_perda).where(ours(SETTINGS))
    member = exists().where(
        USERS.c.equipe_id == bindparam("equipe_id"),
        USERS.c.id == bindparam("novo_dono"),
        USERS.c.ativo,
    )
    return [
        func.now(),
        found if wants.stage else null(),
        reasons.scalar_subquery() if wants.reason else null(),
        member if wants.owner else false(),
        matching.found(_or_found(matches)) if wants.keys else null(),
        current.versions(),
    ]


def _or_found(matches: FromClause | None) -> FromClause:
    return matching.matches().subquery() if matches is None else matches


def ours(table: Any) -> ColumnElement[bool]:
    ours: ColumnElement[bool] = table.c.equipe_id == bindparam("equipe_id")
    return ours
