"""The gestores who govern an equipe, held still while somebody acts on their power."""

from collections.abc import Sequence

from models.db import db
from models.user import User
from services.errors import Forbidden
from services.principal import Principal


def lock_managers(equipe_id: int) -> Sequence[User]:
    """The equipe's active gestores; nobody else makes or unmakes one before this transaction ends.

    Rows that only refer to them (a lead's responsável) go on being written.
    """
    managers = User.active_managers(equipe_id).with_for_update(key_share=True)
    return db.session.scalars(managers).all()


def require_manager(caller: Principal) -> None:
    """Ask again, under the lock: he may have been demoted while he waited. Raises Forbidden."""
    if caller.usuario_id not in [manager.id for manager in lock_managers(caller.equipe_id)]:
        raise Forbidden()
