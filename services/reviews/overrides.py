"""The score that a gestor gives a lead for a while. It stands in a table of its own, so that no
scoring touches it, and is shown beside the computed score, which it does not change.

It ends by itself: whoever reads it compares its end with the clock, and the sweep deletes it.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, FromClause, and_, bindparam, delete, func, or_, select
from sqlalchemy.dialects.postgresql import insert

from models.db.messages.queries import Part, Query, compile_query
from models.db.statements import count_here, fetch_here, fetch_together
from models.event import EventKind
from models.lead import LEADS
from models.scoring.review import OVERRIDES
from models.user import USERS
from services import history
from services.errors import Code, NotFound, invalid_field
from services.history import Change
from services.leads.duplicates import Keys
from services.leads.writing.facts import Asked
from services.leads.writing.holding import hold
from services.principal import Principal
from utils.clock import now

LONGEST = timedelta(days=366)
SAID = ("score", "motivo", "ate")
_NOT_SOON = f"Use um instante no futuro, dentro de {LONGEST.days} dias."
_SIGNER = and_(USERS.c.equipe_id == OVERRIDES.c.equipe_id, USERS.c.id == OVERRIDES.c.usuario_id)


class Override(NamedTuple):
    """`nome`: who signed it, as they are called today."""

    score: int
    motivo: str
    ate: datetime
    usuario_id: int
    nome: str
    criado_em: datetime

    @staticmethod
    def of(row: Sequence[Any]) -> "Override | None":
        """A row of columns(), which are null where there is none."""
        return None if row[0] is None else Override(*row)


def columns() -> list[ColumnElement[Any]]:
    """Those of an Override, of beside()."""
    own = {name: OVERRIDES.c[name] for name in Override._fields if name != "nome"}
    return [own.get(name, USERS.c.nome) for name in Override._fields]


def beside(leads: FromClause) -> FromClause:
    """`leads`, a join that has LEADS in it, each with the override that is in force."""
    of_lead = and_(
        OVERRIDES.c.equipe_id == LEADS.c.equipe_id, OVERRIDES.c.lead_id == LEADS.c.id, _in_force()
    )
    return leads.outerjoin(OVERRIDES, of_lead).outerjoin(USERS, _SIGNER)


def put(caller: Principal, lead_id: int, said: Mapping[str, Any]) -> Override:
    """Give a lead a score, in place of one that it was given before. Raises NotFound, Invalid."""
    require_soon("ate", said["ate"])
    hold(caller, lead_id, None, Asked(Keys()))
    return lay(caller, lead_id, said)


def require_soon(field: str, ate: datetime) -> None:
    """Refuse an end that has passed, or that nobody can foresee. Raises Invalid."""
    if not now() < ate <= now() + LONGEST:
        raise invalid_field(field, Code.FORA_DA_FAIXA, _NOT_SOON)


def lay(caller: Principal, lead_id: int, said: Mapping[str, Any]) -> Override:
    """The same of a lead that is held. Said once more by the same person it changes nothing."""
    one = {"equipe_id": caller.equipe_id, "lead_id": lead_id}
    signed = {name: said[name] for name in SAID} | {"usuario_id": caller.usuario_id}
    parts: list[Part] = [(_one_query(), one)]
    if fetch_here(_put_query(), one | signed):
        parts.insert(0, _event(caller, EventKind.SCORE_AJUSTADO, lead_id, SAID))
    return Override(*fetch_together(parts)[0])


def remove(caller: Principal, lead_id: int) -> None:
    """End the override that a lead has. Raises NotFound."""
    hold(caller, lead_id, None, Asked(Keys()))
    event = _event(caller, EventKind.SCORE_AJUSTE_REMOVIDO, lead_id)
    one = {"equipe_id": caller.equipe_id, "lead_id": lead_id}
    if not fetch_together([event, (_remove_query(), one)]):
        raise NotFound("O score deste lead não tem ajuste em vigor.")


def purge(equipe_id: int, most: int) -> int:
    """Delete overrides that have ended, so many of them; how many there were.

    A gestor may have given one another end meanwhile: its row is asked again.
    """
    ended = and_(OVERRIDES.c.equipe_id == equipe_id, OVERRIDES.c.ate <= func.now())
    found = select(OVERRIDES.c.lead_id).where(ended).limit(most)
    return count_here(delete(OVERRIDES).where(ended, OVERRIDES.c.lead_id.in_(found)))


def _event(caller: Principal, kind: EventKind, lead_id: int, fields: Sequence[str] = ()) -> Part:
    return history.of_lead(caller, Change(kind, lead_id, None, fields))


def _of_lead() -> ColumnElement[bool]:
    ours = OVERRIDES.c.equipe_id == bindparam("equipe_id")
    return ours & (OVERRIDES.c.lead_id == bindparam("lead_id"))


def _in_force() -> ColumnElement[bool]:
    return OVERRIDES.c.ate > func.now()


@cache
def _put_query() -> Query:
    """No row where it stands already. Parameters: equipe_id, lead_id, usuario_id and SAID."""
    names = ("equipe_id", "lead_id", "usuario_id", *SAID)
    new = insert(OVERRIDES).values({name: bindparam(name) for name in names})
    signed = ("usuario_id", *SAID)
    old, said = ([columns[name] for name in signed] for columns in (OVERRIDES.c, new.excluded))
    over = OVERRIDES.c.ate <= func.now()
    laid = new.on_conflict_do_update(
        index_elements=["equipe_id", "lead_id"],
        set_={**{name: new.excluded[name] for name in signed}, "criado_em": func.now()},
        where=or_(func.row(*old).is_distinct_from(func.row(*said)), over),
    )
    return compile_query(laid.returning(OVERRIDES.c.lead_id))


@cache
def _one_query() -> Query:
    """Parameters: equipe_id, lead_id."""
    return compile_query(select(*columns()).join(USERS, _SIGNER).where(_of_lead()))


@cache
def _remove_query() -> Query:
    """No row where there is none. Parameters: equipe_id, lead_id."""
    removed = delete(OVERRIDES).where(_of_lead(), _in_force())
    return compile_query(removed.returning(OVERRIDES.c.lead_id))
