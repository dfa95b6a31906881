"""Entities and the database machinery. Importing this package registers every table."""

from models import activity, event, goal, job, lead, lead_contact, stage, team, team_settings, user
from models.access import api_key, idempotency, quota, session
from models.derived import figure, lead_score, lead_search, load, queue_entry, stay
from models.imports import file, line, preview, run, turn
from models.scoring import review, rule_version, snapshot, win_model

__all__ = [
    "activity",
    "api_key",
    "event",
    "figure",
    "file",
    "goal",
    "idempotency",
    "job",
    "lead",
    "lead_contact",
    "lead_score",
    "lead_search",
    "line",
    "load",
    "preview",
    "queue_entry",
    "quota",
    "review",
    "rule_version",
    "run",
    "session",
    "snapshot",
    "stage",
    "stay",
    "team",
    "team_settings",
    "turn",
    "user",
    "win_model",
]
