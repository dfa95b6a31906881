"""One-time codes with which a user sets a password that no one else knows: `<user id>.<secret>`."""

from datetime import timedelta

from sqlalchemy import select

from models.db import db
from models.user import User
from services.auth.secretTexts import digest, is_secret_of, new_secret
from services.errors import AppError, Code
from utils.clock import now
from utils.wire.ids import as_id

VALID_FOR = timedelta(hours=24)


class InvalidCode(AppError):
    """Unknown, used or expired: the three cannot be told apart."""

    status = 422
    code = Code.CODIGO_INVALIDO
    message = "Código inválido ou expirado."


def issue_code(user: User) -> str:
    """A new code for this user, shown once and kept as a hash; an older one ends."""
    secret = new_secret()
    user.codigo_hash = digest(secret)
    user.codigo_expira_em = now() + VALID_FOR
    return f"{user.id}.{secret}"


def lock_user_of_code(codigo: str) -> User:
    """The active user whom a live code belongs to, for update. Raises InvalidCode."""
    number, _, secret = codigo.partition(".")
    found = select(User).where(User.id == as_id(number), User.ativo)
    user = db.session.scalar(User.locked(found))
    if user is None or not _is_live(user) or not is_secret_of(user.codigo_hash or b"", secret):
        raise InvalidCode()
    return user


def end_code(user: User) -> None:
    user.codigo_hash = user.codigo_expira_em = None


def _is_live(user: User) -> bool:
    return user.codigo_expira_em is not None and user.codigo_expira_em >= now()
