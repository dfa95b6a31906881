"""The gestores of a tenant, locked while one of them uses their role."""

from collections.abc import Sequence

from models.db import db
from models.user import User
from services.auth.authority import hold_credential
from services.errors import Forbidden
from services.principal import Principal


def lock_managers(equipe_id: int) -> Sequence[User]:
    """The tenant's active gestores, locked: no other transaction changes who they are meanwhile."""
    return db.session.scalars(User.locked(User.active_managers(equipe_id))).all()


def require_manager(caller: Principal) -> None:
    """Lock the managers and ask again whether the caller is one, with a credential that counts.

    Every change to users and keys begins with this: if two gestores act on each other at once, the
    second one sees what the first one did. Raises Forbidden, InvalidToken.
    """
    if caller.usuario_id not in [manager.id for manager in lock_managers(caller.equipe_id)]:
        raise Forbidden()
    hold_credential(caller)
