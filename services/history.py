"""One write, one event: the only way anything enters `eventos` but an import's set-based insert."""

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
    """Append to the history of the tenant at work; written with the change's own flush.

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
