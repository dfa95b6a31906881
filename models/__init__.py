"""Entities and the database machinery. Importing this package registers every table."""

from models import (
    api_key,
    event,
    idempotency,
    import_run,
    import_turn,
    lead,
    lead_score,
    quota,
    stage,
    team,
    user,
)
from models import session as session

__all__ = [
    "api_key",
    "event",
    "idempotency",
    "import_run",
    "import_turn",
    "lead",
    "lead_score",
    "quota",
    "session",
    "stage",
    "team",
    "user",
]
