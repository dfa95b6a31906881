"""Who sees which leads and jobs, and what a vendedor may not do with them. No other module decides
it."""

from enum import StrEnum

from sqlalchemy import ColumnElement, ScalarSelect, and_, bindparam, func, or_, select

from models.activity import ACTIVITIES
from models.db.messages.queries import compile_condition
from models.derived.lead_score import SCORES
from models.derived.queue_entry import LEASES, QUEUE
from models.job import JOBS
from models.lead import LEADS
from services.errors import Forbidden
from services.principal import Principal


def visible(gestor: bool, *, deleted: bool = False) -> tuple[ColumnElement[bool], ...]:
    """Leads of the tenant, live or deleted ones; for a vendedor their own only.

    Parameters: those of scope().
    """
    deletion = LEADS.c.excluido_em
    alive = deletion.is_not(None) if deleted else deletion.is_(None)
    team = (LEADS.c.equipe_id == bindparam("equipe_id"), alive)
    return team if gestor else (*team, LEADS.c.responsavel_id == bindparam("usuario_id"))


def visible_by_id(gestor: bool, *, deleted: bool = False) -> tuple[ColumnElement[bool], ...]:
    """The same for leads that are found by their ids, one by one: a vendedor also has the rights
    of the responsável over the lead that they hold a lease on."""
    team = visible(True, deleted=deleted)
    return team if gestor else (*team, or_(_mine(), LEADS.c.id == leased_id()))


def visible_in_passing(gestor: bool) -> tuple[ColumnElement[bool], ...]:
    """visible() for leads that are found by their scores, in their order."""
    team = visible(True)
    return team if gestor else (*team, _mine())


def leased_id() -> ScalarSelect[int]:
    """The lead that the caller holds a lease on: the one they took last, if its own row says so
    too. Parameters: those of scope()."""
    held = and_(
        QUEUE.c.equipe_id == LEASES.c.equipe_id,
        QUEUE.c.lead_id == LEASES.c.lead_id,
        QUEUE.c.reservado_por == LEASES.c.usuario_id,
        QUEUE.c.reservado_ate > func.now(),
    )
    mine = and_(
        LEASES.c.equipe_id == bindparam("equipe_id"), LEASES.c.usuario_id == bindparam("usuario_id")
    )
    return (
        select(QUEUE.c.lead_id).select_from(LEASES.join(QUEUE, held)).where(mine).scalar_subquery()
    )


def _mine() -> ColumnElement[bool]:
    """Compared so that PostgreSQL uses no index for it: not knowing who asks, it takes one lead for
    as many as a person has, and would read all of them."""
    return LEADS.c.responsavel_id.is_not_distinct_from(bindparam("usuario_id"))


def visible_scores(gestor: bool) -> tuple[ColumnElement[bool], ...]:
    """Scores of the leads of visible(), by the copy of the responsável that an index there has."""
    team = (SCORES.c.equipe_id == bindparam("equipe_id"),)
    return team if gestor else (*team, SCORES.c.responsavel_id == bindparam("usuario_id"))


def visible_sql(gestor: bool) -> str:
    """visible() as text, for a query that reads from `leads` without an alias."""
    return compile_condition(*visible(gestor))


def cared_for_sql(table: str, person: str) -> str:
    """Rows of leads, or of what has a copy of their responsável, that are a person's, as text: to
    count them, or to give them away. `person` is a column or a parameter."""
    return f"{table}.responsavel_id = {person}"


def scope(caller: Principal) -> dict[str, int]:
    """What the conditions of visible() compare with."""
    return {"equipe_id": caller.equipe_id, "usuario_id": caller.usuario_id}


def sees(caller: Principal, responsavel_id: int | None) -> bool:
    """visible(), asked of one live lead of the caller's tenant by its responsável."""
    return caller.gestor or owned_by(caller, responsavel_id)


def sees_goal(caller: Principal, responsavel_id: int | None) -> bool:
    """A goal of all people is everybody's, with what was won towards it; one of a person is theirs
    and the gestores'."""
    return responsavel_id is None or sees(caller, responsavel_id)


def owned_by(caller: Principal, responsavel_id: int | None) -> bool:
    """Whether the caller is the responsável."""
    return responsavel_id == caller.usuario_id


def may_change_activity(
    caller: Principal, usuario_id: int | None, chave_id: int | None, *, keeps: bool
) -> bool:
    """Who wrote an activity may change it, and a gestor. What a key wrote is the key's, as with
    jobs. A promise follows its lead: whoever sees the lead may keep it (`keeps`), and may change
    one that followed from a lead's next contact, which nobody wrote."""
    if caller.gestor or keeps or usuario_id is None:
        return True
    return usuario_id == caller.usuario_id and chave_id == caller.chave_id


class Whose(StrEnum):
    """Of whom the promises are that are asked for."""

    UM = "um"
    NINGUEM = "nenhum"
    TODOS = "todos"


def promised(whose: Whose) -> tuple[ColumnElement[bool], ...]:
    """Open promises about live leads, by the copy of the responsável that an index begins with.

    Parameters: equipe_id, and of one person responsavel_id.
    """
    owner = ACTIVITIES.c.responsavel_id
    of_whom = {
        Whose.UM: (owner == bindparam("responsavel_id"),),
        Whose.NINGUEM: (owner.is_(None),),
        Whose.TODOS: (),
    }
    ours = (ACTIVITIES.c.equipe_id == bindparam("equipe_id"), ACTIVITIES.c.concluida_em.is_(None))
    return (*ours, *of_whom[whose], LEADS.c.excluido_em.is_(None))


def whose_promises(caller: Principal, asked: int | str | None) -> tuple[Whose, int | None]:
    """Whose promises the caller asks for: of a user by their id, all, nobody's, or by default their
    own. Raises Forbidden."""
    if asked is None:
        return Whose.UM, caller.usuario_id
    if not caller.gestor and asked != caller.usuario_id:
        raise Forbidden("Só um gestor vê as tarefas de outra pessoa.")
    return (Whose.UM, asked) if isinstance(asked, int) else (Whose(asked), None)


def visible_jobs(caller: Principal) -> tuple[ColumnElement[bool], ...]:
    """A gestor sees the tenant's jobs, a vendedor those they asked for themselves. A key's are the
    key's: it may have less power than the gestor who made it."""
    team = (JOBS.c.equipe_id == caller.equipe_id,)
    if caller.gestor:
        return team
    own = JOBS.c.usuario_id == caller.usuario_id
    return (*team, own, JOBS.c.chave_id.is_not_distinct_from(caller.chave_id))


def owner_of_new(caller: Principal, asked: int | None) -> int | None:
    """The responsável of a new lead: for a vendedor always the caller. Raises Forbidden."""
    if caller.gestor:
        return asked
    if asked is not None and not sees(caller, asked):
        raise Forbidden("Só um gestor atribui leads a outra pessoa.")
    return caller.usuario_id


def require_gestor(caller: Principal) -> None:
    """Refuse what only a gestor may do or see, such as deleted leads. Raises Forbidden."""
    if not caller.gestor:
        raise Forbidden()
