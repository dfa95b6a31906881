"""The team itself: its name and the time zone of its days."""

from collections.abc import Mapping

from models.db import db
from models.event import EventKind
from models.team import Team
from services import history
from services.auth.managers import require_manager
from services.principal import Principal


def get_team(caller: Principal) -> Team:
    return db.session.get_one(Team, caller.equipe_id)


def update_team(caller: Principal, changes: Mapping[str, str]) -> Team:
    """Change nome or fuso. Raises Forbidden."""
    require_manager(caller)
    team = get_team(caller)
    if changed := team.change(changes):
        history.record(EventKind.EQUIPE_ALTERADA, usuario_id=caller.usuario_id, campos=changed)
    return team
