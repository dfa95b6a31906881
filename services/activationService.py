"""One-time codes by which a person sets a password nobody else knows."""

import hashlib
import hmac
import secrets
from datetime import timedelta

from sqlalchemy import Select, select

from models.db import db, enter_tenant
from models.user import User
from services import history, sessionService
from services.auth import passwords
from services.auth.passwordRules import PasswordRules
from services.errors import AppError, Code, Conflict, NotFound
from services.principal import Principal
from utils.clock import now
from utils.ids import as_id

VALID_FOR = timedelta(hours=24)


class InvalidCode(AppError):
    """Unknown, used or expired: the three cannot be told apart."""

    status = 422
    code = Code.CODIGO_INVALIDO
    message = "Código inválido ou expirado."


class InactiveUser(Conflict):
    message = "Este usuário está inativo. Reative-o antes."


def issue_code(user: User) -> str:
    """A new code for this user, shown once and kept as a hash; an older one ends."""
    secret = secrets.token_urlsafe(24)
    user.codigo_hash = _digest(secret)
    user.codigo_expira_em = now() + VALID_FOR
    return f"{user.id}.{secret}"


def reset(caller: Principal, usuario_id: int) -> tuple[User, str]:
    """Take a user's password and sessions away and issue a code. Raises NotFound, InactiveUser."""
    user = db.session.scalar(_held(User.in_team(caller.equipe_id, usuario_id)))
    if user is None:
        raise NotFound()
    return user, _reset(user, caller.usuario_id)


def reset_by_email(email: str) -> str:
    """The same from the command line, for the last gestor. Raises NotFound, InactiveUser."""
    user = db.session.scalar(_held(select(User).where(User.email == email.strip().lower())))
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
    user.senha_hash = passwords.hash_password(senha)
    user.codigo_hash = user.codigo_expira_em = None
    sessionService.end_all(user.id, "senha_alterada")
    history.record("senha_alterada", usuario_id=user.id, alvo_id=user.id)
    return user


def _reset(user: User, by: int | None) -> str:
    if not user.ativo:
        raise InactiveUser()
    user.senha_hash = None
    sessionService.end_all(user.id, "senha_redefinida")
    history.record("senha_redefinida", usuario_id=by, alvo_id=user.id)
    return issue_code(user)


def _locked(number: str) -> User | None:
    return db.session.scalar(_held(select(User).where(User.id == as_id(number), User.ativo)))


def _held(statement: Select[User]) -> Select[User]:
    """A login under way ends before the password changes, or finds it changed."""
    return statement.with_for_update(key_share=True)


def _matches(user: User, secret: str) -> bool:
    if user.codigo_hash is None or user.codigo_expira_em is None or user.codigo_expira_em < now():
        return False
    return hmac.compare_digest(user.codigo_hash, _digest(secret))


def _digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()
