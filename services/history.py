"""Writes one event per change. Only what changes many leads at once writes to `eventos` in another
way, as one insert."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnElement,
    FromClause,
    Select,
    bindparam,
    cast,
    func,
    insert,
    literal,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from models.db import db
from models.db.messages.queries import Query, compile_query
from models.db.messages.records import records
from models.event import EVENTS, Event, EventKind
from services.principal import Principal

# `dados` of a lead `l` whose stay was reported from outside.
REPORTED_SQL = "jsonb_build_object('desde', (extract(epoch from l.etapa_desde) * 1000000)::bigint)"
# The same of one that was given to somebody.
GIVEN_SQL = "jsonb_build_object('responsavel_id', l.responsavel_id)"
# Stands in `dados` of what follows from another change, which is told by itself.
FOLLOWS = "consequencia"
_BY = ("equipe_id", "usuario_id", "chave_id", "trabalho_id")
# What an event comes from, beside its equipe: the parameters of caused_by().
CAUSE = ("usuario_id", "chave_id", "trabalho_id", "importacao_id")
FOLLOWED = ("equipe_id", *CAUSE, "tipo", "lead_id", "campos", "dados")
_OF_CHANGE = "tipo lead_id versao campos de_etapa para_etapa dados".split()


def record(
    tipo: EventKind,
    *,
    usuario_id: int | None,
    lead_id: int | None = None,
    alvo_id: int | None = None,
    campos: Iterable[str] = (),
    dados: Mapping[str, int | None] | None = None,
    trabalho_id: int | None = None,
    chave_id: int | None = None,
) -> None:
    """Append to the history of the current tenant; the event is flushed together with the change.

    `campos` are kept in alphabetical order, as an import writes them too. `dados`: ids and numbers.
    """
    db.session.add(
        Event(
            tipo=tipo,
            usuario_id=usuario_id,
            lead_id=lead_id,
            alvo_id=alvo_id,
            campos=sorted(campos),
            dados=dados,
            trabalho_id=trabalho_id,
            chave_id=chave_id,
        )
    )


class Change(NamedTuple):
    """Of a lead: what happened, its version after it (None: the lead itself has not changed), the
    fields it was about, the stages it moved between, and since when it is there, if the caller
    told. `dados`: what else the event tells, in ids and numbers."""

    kind: EventKind
    lead_id: int
    versao: int | None
    fields: Iterable[str] = ()
    stages: tuple[str | None, str | None] = (None, None)
    since: datetime | None = None
    dados: Mapping[str, int | None] | None = None


def of_lead(caller: Principal, change: Change) -> tuple[Query, Mapping[str, Any]]:
    """What records a change of a lead, for the message that makes it."""
    event = _event(change)
    event["dados"] = event["dados"] and orjson.dumps(event["dados"]).decode()
    return lead_query(), event | _by(caller)


def of_leads(caller: Principal, changes: Iterable[Change]) -> tuple[Query, Mapping[str, Any]]:
    """The same for many leads."""
    events = [_event(change) for change in changes]
    return _of_leads(), {"eventos": orjson.dumps(events).decode(), **_by(caller)}


def of_activity(
    caller: Principal, kind: EventKind, lead_id: int, atividade_id: int, fields: Iterable[str] = ()
) -> tuple[Query, Mapping[str, Any]]:
    """What records a change of an activity, which is no version of its lead."""
    return of_lead(
        caller, Change(kind, lead_id, None, fields, dados={"atividade_id": atividade_id})
    )


def caused_by(caller: Principal, importacao_id: int | None = None) -> dict[str, int | None]:
    """What followed() is told of who makes the change."""
    told = {"importacao_id": importacao_id}
    return {name: told.get(name, getattr(caller, name, None)) for name in CAUSE}


def causes() -> list[ColumnElement[Any]]:
    """The parameters of caused_by(), as columns."""
    return [cast(bindparam(name), BigInteger) for name in CAUSE]


def followed(kind: EventKind, rows: FromClause, fields: ColumnElement[Any]) -> Select[Any]:
    """Events, as FOLLOWED, of activities that follow from another change: `rows` have their
    equipe_id, lead_id and id. They are told as what follows, for who tells the change already."""
    dados = func.jsonb_build_object("atividade_id", rows.c.id, FOLLOWS, 1)
    return select(rows.c.equipe_id, *causes(), literal(kind.value), rows.c.lead_id, fields, dados)


def names(*fields: str) -> ColumnElement[Any]:
    """Names of fields, as followed() takes them."""
    return cast(literal_column(f"'{{{','.join(sorted(fields))}}}'"), EVENTS.c.campos.type)


def _event(change: Change) -> dict[str, Any]:
    since = change.since
    told = {} if since is None else {"desde": int(since.timestamp() * 1_000_000)}
    return {
        "tipo": change.kind.value,
        "lead_id": change.lead_id,
        "versao": change.versao,
        "campos": sorted(change.fields),
        "de_etapa": change.stages[0],
        "para_etapa": change.stages[1],
        "dados": {**told, **(change.dados or {})} or None,
    }


def _by(caller: Principal) -> dict[str, Any]:
    return {name: getattr(caller, name) for name in _BY}


@cache
def lead_query() -> Query:
    """One event of a lead. Parameters: its columns."""
    values: dict[str, Any] = {name: bindparam(name) for name in (*_BY, *_OF_CHANGE)}
    values["campos"] = cast(bindparam("campos"), EVENTS.c.campos.type)
    values["dados"] = cast(bindparam("dados"), JSONB)
    return compile_query(insert(EVENTS).values(values), hot=True)


@cache
def _of_leads() -> Query:
    events = records("eventos", EVENTS, _OF_CHANGE)
    by = [cast(bindparam(name), BigInteger) for name in _BY]
    rows = select(*by, *(events.c[name] for name in _OF_CHANGE)).order_by(events.c.lead_id)
    return compile_query(insert(EVENTS).from_select([*_BY, *_OF_CHANGE], rows))
