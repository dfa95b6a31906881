"""Writes one event per change. Only an import writes to `eventos` in another way, as one insert."""

from collections.abc import Iterable

from models.db import db
from models.event import Event, EventKind


def record(
    tipo: EventKind,
    *,
    usuario_id: int | None,
    lead_id: int | None = None,
    alvo_id: int | None = None,
    campos: Iterable[str] = (),
    de_etapa: str | None = None,
    para_etapa: str | None = None,
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
            de_etapa=de_etapa,
            para_etapa=para_etapa,
        )
    )
