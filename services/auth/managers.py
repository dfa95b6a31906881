"""The gestores who govern an equipe, held still while somebody acts on their power."""

from collections.abc import Sequence

from models.db import db
from models.user import User
from services.errors import Forbidden
from services.principal import Principal


def lock_managers(equipe_id: int) -> Sequence[User]:
    """The tenant's active gestores, whom nobody else makes or unmakes until this ends."""
    return db.session.scalars(User.locked(User.active_managers(equipe_id))).all()


def require_manager(caller: Principal) -> None:
    """Ask again under the lock: a caller who waited may have been demoted. Raises Forbidden."""
    if caller.usuario_id not in [manager.id for manager in lock_managers(caller.equipe_id)]:
        raise Forbidden()
