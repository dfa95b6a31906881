"""The gestores who govern a tenant, held still while somebody acts on their power."""

from collections.abc import Sequence

from models.db import db
from models.user import User
from services.auth.authority import hold_credential
from services.errors import Forbidden
from services.principal import Principal


def lock_managers(equipe_id: int) -> Sequence[User]:
    """The tenant's active gestores, whom nobody else makes or unmakes until this ends."""
    return db.session.scalars(User.locked(User.active_managers(equipe_id))).all()


def require_manager(caller: Principal) -> None:
    """Lock the managers and ask again whether the caller is one, with a credential that counts.

    Every change to people and keys begins so: of two gestores who act on each other at once, one
    is first and the other finds what that one did. Raises Forbidden, InvalidToken.
    """
    if caller.usuario_id not in [manager.id for manager in lock_managers(caller.equipe_id)]:
        raise Forbidden()
    hold_credential(caller)
