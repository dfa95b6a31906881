"""Writes one event per change. Only what changes many leads at once writes to `eventos` in another
way, as one insert."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, String, bindparam, cast, insert
from sqlalchemy.dialects.postgresql import JSONB

from models.db import db
from models.db.statements import Query, compile_query
from models.event import EVENTS, Event, EventKind
from services.principal import Principal

# `dados` of a lead `l` whose stay was reported from outside.
REPORTED_SQL = "jsonb_build_object('desde', (extract(epoch from l.etapa_desde) * 1000000)::bigint)"
_OF_LEAD = (
    "equipe_id tipo lead_id usuario_id chave_id trabalho_id versao campos de_etapa para_etapa dados"
).split()


def record(
    tipo: EventKind,
    *,
    usuario_id: int | None,
    lead_id: int | None = None,
    alvo_id: int | None = None,
    campos: Iterable[str] = (),
) -> None:
    """Append to the history of the current tenant; the event is flushed together with the change.

    `campos` are kept in alphabetical order, as an import writes them too.
    """
    db.session.add(
        Event(
            tipo=tipo,
            usuario_id=usuario_id,
            lead_id=lead_id,
            alvo_id=alvo_id,
            campos=sorted(campos),
        )
    )


def of_lead(
    caller: Principal,
    tipo: EventKind,
    lead_id: int,
    versao: int,
    *,
    campos: Iterable[str] = (),
    stages: tuple[str | None, str | None] = (None, None),
    since: datetime | None = None,
) -> tuple[Query, Mapping[str, Any]]:
    """What records a change of a lead, for the message that makes it. `stages`: from which to which
    it moved; `since`: since when it is there, if the caller told."""
    values = {
        "equipe_id": caller.equipe_id,
        "tipo": tipo.value,
        "lead_id": lead_id,
        "usuario_id": caller.usuario_id,
        "chave_id": caller.chave_id,
        "trabalho_id": caller.trabalho_id,
        "versao": versao,
        "campos": sorted(campos),
        "de_etapa": stages[0],
        "para_etapa": stages[1],
        "dados": None if since is None else f'{{"desde": {int(since.timestamp() * 1_000_000)}}}',
    }
    return _of_lead(), values


@cache
def _of_lead() -> Query:
    values: dict[str, Any] = {name: bindparam(name) for name in _OF_LEAD}
    values["campos"] = cast(bindparam("campos"), ARRAY(String(64)))
    values["dados"] = cast(bindparam("dados"), JSONB)
    return compile_query(insert(EVENTS).values(values), hot=True)
