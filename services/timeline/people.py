"""How a sentence names who did it, and an instant."""

from datetime import datetime

from services.timeline.reading import Told
from utils.clock import in_zone

MACHINE, SERVER = "uma integração", "o sistema"


def actor(told: Told) -> str | None:
    """The name of the person who did it in person; None where a key or the server did it."""
    return told.pessoa if told.chave_id is None else None


def subject(told: Told) -> str:
    """At the beginning of a sentence."""
    return actor(told) or _other(told).capitalize()


def by(told: Told) -> str:
    """At its end."""
    if name := actor(told):
        return f"por {name}"
    return f"por {MACHINE}" if told.chave_id is not None else "pelo sistema"


def moment(instant: datetime, zone: str) -> str:
    """An instant in the tenant's zone."""
    local = in_zone(instant, zone)
    return f"{local:%d/%m}/{local.year:04d} {local:%H:%M}"


def _other(told: Told) -> str:
    return MACHINE if told.chave_id is not None else SERVER
