"""One write, one event: the only way anything enters `eventos` but an import's set-based insert."""

from collections.abc import Sequence

from models.db import db
from models.event import Event


def record(
    tipo: str,
    *,
    usuario_id: int | None,
    lead_id: int | None = None,
    alvo_id: int | None = None,
    campos: Sequence[str] = (),
    de_etapa: str | None = None,
    para_etapa: str | None = None,
) -> None:
    """Append to the history of the tenant at work; written with the change's own flush."""
    db.session.add(
        Event(
            tipo=tipo,
            usuario_id=usuario_id,
            lead_id=lead_id,
            alvo_id=alvo_id,
            campos=list(campos),
            de_etapa=de_etapa,
            para_etapa=para_etapa,
        )
    )
