"""Entities and the database machinery. Importing this package registers every table."""

from models import (
    api_key,
    event,
    idempotency,
    import_run,
    import_turn,
    job,
    lead,
    lead_contact,
    lead_score,
    lead_search,
    quota,
    stage,
    stay,
    team,
    team_settings,
    user,
)
from models import session as session

__all__ = [
    "api_key",
    "event",
    "idempotency",
    "import_run",
    "import_turn",
    "job",
    "lead",
    "lead_contact",
    "lead_score",
    "lead_search",
    "quota",
    "session",
    "stage",
    "stay",
    "team",
    "team_settings",
    "user",
]
