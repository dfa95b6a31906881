"""An activity as a row of its table, and the statements that write it. Their parameters are those
of parameters(), unless they say otherwise."""

from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Boolean, DateTime, bindparam, case, cast, delete, func, insert, or_, update

from models.activity import ACTIVITIES
from models.db.messages.queries import Part, Query, compile_query
from models.event import EVENTS, EventKind
from services import history
from services.leads.deriving.promises import ENDED
from services.principal import Principal

# What a caller says of an activity.
SAID = ("tipo", "resultado", "texto", "prevista_para", "concluida_em")
NOTHING: Mapping[str, Any] = dict.fromkeys(SAID)


class Activity(NamedTuple):
    """An activity as it is shown."""

    id: int
    lead_id: int
    usuario_id: int | None
    tipo: str
    resultado: str | None
    texto: str | None
    prevista_para: datetime | None
    concluida_em: datetime | None
    encerrada: bool
    criado_em: datetime
    atualizado_em: datetime

    @property
    def said(self) -> dict[str, Any]:
        return {name: getattr(self, name) for name in SAID}


COLUMNS = [ACTIVITIES.c[name] for name in Activity._fields]


def creating(
    caller: Principal, lead_id: int, owner: int | None, atividade_id: int, said: Mapping[str, Any]
) -> list[Part]:
    """Write a new activity about a lead whose responsável is `owner`, with its event."""
    values = {**said, **parameters(caller, lead_id, atividade_id), "responsavel_id": owner}
    by = {"usuario_id": caller.usuario_id, "chave_id": caller.chave_id}
    fields = [name for name in SAID if said[name] is not None]
    kind = EventKind.ATIVIDADE_CRIADA
    event = history.of_activity(caller, kind, lead_id, atividade_id, fields)
    return [(_insert_query(), values | by), event]


def changing(
    caller: Principal,
    owner: int | None,
    known: Activity,
    said: Mapping[str, Any],
    fields: set[str],
) -> list[Part]:
    """Write what a known activity says now; `fields` are those that differ."""
    values = {**said, **parameters(caller, known.lead_id, known.id), "encerrada": known.encerrada}
    values |= {"usuario_id": known.usuario_id, "responsavel_id": owner}
    kind = EventKind.ATIVIDADE_ALTERADA
    event = history.of_activity(caller, kind, known.lead_id, known.id, fields)
    return [(_update_query(), values), event]


def deleting(caller: Principal, lead_id: int, atividade_id: int) -> list[Part]:
    kind = EventKind.ATIVIDADE_EXCLUIDA
    event = history.of_activity(caller, kind, lead_id, atividade_id)
    return [(_delete_query(), parameters(caller, lead_id, atividade_id)), event]


def settling(
    caller: Principal, lead_id: int, atividade_id: int, promise: datetime | None, *, every: bool
) -> Part:
    """Promises about a lead that are due are kept; those before the next one end, or `every` one.
    Of the activity that does it, its own row says what becomes of it."""
    until = datetime.max.replace(tzinfo=UTC) if every else promise
    values = {**parameters(caller, lead_id, atividade_id), "promessa": until, "todas": every}
    return _settle_query(), {**values, **history.caused_by(caller)}


def parameters(caller: Principal, lead_id: int, atividade_id: int) -> dict[str, Any]:
    return {"equipe_id": caller.equipe_id, "lead_id": lead_id, "atividade_id": atividade_id}


def is_one() -> Any:
    """The activity `atividade_id` of `equipe_id`."""
    ours = ACTIVITIES.c.equipe_id == bindparam("equipe_id")
    return ours & (ACTIVITIES.c.id == bindparam("atividade_id"))


@cache
def _insert_query() -> Query:
    names = ("equipe_id", "lead_id", "usuario_id", "chave_id", "responsavel_id", *SAID)
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    return compile_query(
        insert(ACTIVITIES).values(values | {"id": bindparam("atividade_id")}), hot=True
    )


@cache
def _update_query() -> Query:
    names = ("usuario_id", "responsavel_id", "encerrada", *SAID)
    values: dict[str, Any] = {name: bindparam(name) for name in names}
    changed = update(ACTIVITIES).where(is_one()).values(values | {"atualizado_em": func.now()})
    return compile_query(changed, hot=True)


@cache
def _delete_query() -> Query:
    return compile_query(delete(ACTIVITIES).where(is_one()), hot=True)


@cache
def _settle_query() -> Query:
    due = ACTIVITIES.c.prevista_para
    settled = (
        update(ACTIVITIES)
        .where(
            ACTIVITIES.c.equipe_id == bindparam("equipe_id"),
            ACTIVITIES.c.lead_id == bindparam("lead_id"),
            ACTIVITIES.c.concluida_em.is_(None),
            ACTIVITIES.c.id != bindparam("atividade_id"),
            or_(due <= func.now(), due < promise()),
        )
        .values(
            concluida_em=func.now(),
            encerrada=or_(cast(bindparam("todas"), Boolean), due > func.now()),
            atualizado_em=func.now(),
        )
        .returning(*(ACTIVITIES.c[name] for name in ("equipe_id", "lead_id", "id", "encerrada")))
        .cte("acertadas")
    )
    fields = case((settled.c.encerrada, ENDED), else_=history.names("concluida_em"))
    events = history.followed(EventKind.ATIVIDADE_ALTERADA, settled, fields)
    return compile_query(insert(EVENTS).from_select(list(history.FOLLOWED), events), hot=True)


def promise() -> Any:
    """The next promise that is made, the parameter `promessa`."""
    return cast(bindparam("promessa"), DateTime(timezone=True))
