"""One-time codes by which a person sets a password nobody else knows."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import select

from models.db import db, enter_tenant
from models.user import User
from services import eventService, passwordService, sessionService
from services.errors import AppError, Code, NotFound
from services.passwordStrength import PasswordRules
from services.principal import Principal
from utils.clock import now

VALID_FOR = timedelta(hours=24)


class InvalidCode(AppError):
    """Unknown, used or expired: the three cannot be told apart."""

    status = 422
    code = Code.CODIGO_INVALIDO
    message = "Código inválido ou expirado."


def issue_code(user: User) -> str:
    """A new code for this user, shown once and kept as a hash; an older one ends."""
    secret = secrets.token_urlsafe(24)
    user.codigo_hash = _digest(secret)
    user.codigo_expira_em = now() + VALID_FOR
    return f"{user.id}.{secret}"


def reset(caller: Principal, usuario_id: int) -> tuple[User, str]:
    """Take a user's password and sessions away and issue a code. Raises NotFound."""
    user = db.session.scalar(User.in_team(caller.equipe_id, usuario_id))
    if user is None:
        raise NotFound()
    return user, _reset(user, caller.usuario_id)


def reset_by_email(email: str) -> str:
    """The same from the command line, for the last gestor. Raises NotFound."""
    user = db.session.scalar(select(User).where(User.email == email.strip().lower()))
    if user is None:
        raise NotFound("Não há usuário com este e-mail.")
    enter_tenant(user.equipe_id)
    return _reset(user, None)


def activate(*, codigo: str, senha: str, rules: PasswordRules) -> User:
    """Set the password that a code allows. Raises InvalidCode, Invalid."""
    number, _, secret = codigo.partition(".")
    user = _locked(number)
    if user is None or not _matches(user, secret):
        raise InvalidCode()
    rules.require(senha, user.nome, user.email)
    enter_tenant(user.equipe_id)
    user.senha_hash = passwordService.hash_password(senha)
    user.codigo_hash = user.codigo_expira_em = None
    sessionService.end_all(user.id, "senha_alterada")
    eventService.record("senha_alterada", usuario_id=user.id, alvo_id=user.id)
    return user


def _reset(user: User, by: int | None) -> str:
    user.senha_hash = None
    sessionService.end_all(user.id, "senha_redefinida")
    eventService.record("senha_redefinida", usuario_id=by, alvo_id=user.id)
    return issue_code(user)


def _locked(number: str) -> User | None:
    if not (number.isascii() and number.isdigit() and len(number) < 19):
        return None
    statement = select(User).where(User.id == int(number), User.ativo)
    return db.session.scalar(statement.with_for_update())


def _matches(user: User, secret: str) -> bool:
    if user.codigo_hash is None or user.codigo_expira_em is None or user.codigo_expira_em < now():
        return False
    return hmac.compare_digest(user.codigo_hash, _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
