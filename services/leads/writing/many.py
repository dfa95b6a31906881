"""Many leads in one transaction: held and read in one message, written in one more."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Text, bindparam, cast, func, null, select, update

from models.db.messages.queries import Query, compile_query
from models.db.messages.records import records
from models.db.statements import fetch_together
from models.event import EventKind
from models.lead import LEADS
from services import history
from services.history import Change
from services.leads.deriving.derive import before_closing, for_changed
from services.leads.locking import any_of_ids, these_lock
from services.leads.writing.related import kind_of_stage, other_contacts, stay_before
from services.policy import visible
from services.principal import Principal

# Of what is read beside a lead's own columns.
_BESIDE = {"tipo": kind_of_stage, "antes": stay_before, "outros": other_contacts}
# When a lead was deleted: by what has happened to it.
_DELETED = {EventKind.LEAD_EXCLUIDO: func.now(), EventKind.LEAD_RESTAURADO: null()}


class Row(NamedTuple):
    """A lead's columns that were asked for, by name. Beside them may be `tipo`, the kind of its
    stage (None: archived), `antes`, when the stay before began, and `outros`, the contacts beside
    the principal ones, as [tipo, valor]."""

    id: int
    versao: int
    columns: dict[str, Any]


def read_many(
    caller: Principal,
    ids: Sequence[int],
    columns: tuple[str, ...],
    *,
    deleted: bool = False,
    hold: bool = True,
) -> list[Row]:
    """The live leads among the ids, or the `deleted` ones, by ascending id. Without `hold` they are
    not locked."""
    values = {"equipe_id": caller.equipe_id, "ids": list(ids)}
    locks = [(these_lock(deleted), values)] if hold else []
    rows = fetch_together([*locks, (_read_query(columns, deleted), values)])
    return [
        Row(lead_id, versao, dict(zip(columns, row, strict=True))) for lead_id, versao, *row in rows
    ]


def write_many(
    caller: Principal,
    written: Sequence[tuple[Change, Mapping[str, Any]]],
    columns: tuple[str, ...],
    kind: EventKind,
) -> None:
    """Write these columns of leads that are held, an event for each, and what follows."""
    changes = [change for change, _ in written]
    rows = [
        {"id": change.lead_id, **{name: _as_json(name, row[name]) for name in columns}}
        for change, row in written
    ]
    values = {
        "equipe_id": caller.equipe_id,
        "ids": [change.lead_id for change in changes],
        "linhas": orjson.dumps(rows).decode(),
    }
    events = history.of_leads(caller, changes)
    changed = {*columns, "excluido_em"} if kind in _DELETED else set(columns)
    derived = {**values, **history.caused_by(caller)}
    follows = [(query, derived) for query in for_changed(changed)]
    # Of those that are closed already nothing is kept anew.
    closed = [change.lead_id for change, row in written if row.get("fechado_em") is not None]
    first = [(before_closing(), {**values, "ids": closed})] if closed else []
    fetch_together([*first, (_write_query(columns, kind), values), events, *follows])


def _as_json(name: str, value: Any) -> Any:
    return orjson.Fragment(value) if name == "atributos" else value


@lru_cache(maxsize=128)
def _read_query(columns: tuple[str, ...], deleted: bool) -> Query:
    these = (*visible(True, deleted=deleted), LEADS.c.id == any_of_ids())
    read = select(LEADS.c.id, LEADS.c.versao, *map(_column, columns)).where(*these)
    return compile_query(read.order_by(LEADS.c.id))


def _column(name: str) -> Any:
    if name in _BESIDE:
        return _BESIDE[name]()
    return cast(LEADS.c.atributos, Text) if name == "atributos" else LEADS.c[name]


@lru_cache(maxsize=128)
def _write_query(columns: tuple[str, ...], kind: EventKind) -> Query:
    lines = records("linhas", LEADS, ("id", *columns))
    values: dict[str, Any] = {name: lines.c[name] for name in columns}
    if kind in _DELETED:
        values["excluido_em"] = _DELETED[kind]
    values |= {"versao": LEADS.c.versao + 1, "atualizado_em": func.now()}
    key = (LEADS.c.equipe_id == bindparam("equipe_id")) & (LEADS.c.id == lines.c.id)
    return compile_query(update(LEADS).where(key).values(values))
