"""Taking a password away, and choosing a new one with a one-time code."""

from dataclasses import dataclass
from datetime import datetime

from models.access.session import EndReason
from models.db import db, enter_tenant
from models.event import EventKind
from models.user import User
from services import history, sessionService
from services.auth import passwords
from services.auth.codes import end_code, issue_code, lock_user_of_code
from services.auth.managers import require_manager
from services.auth.passwordRules import PasswordRules
from services.auth.throttle import Throttle
from services.errors import Conflict, NotFound
from services.principal import Principal


class InactiveUser(Conflict):
    message = "Este usuário está inativo. Reative-o antes."


@dataclass(frozen=True, slots=True)
class IssuedCode:
    """A user's new code, shown once."""

    id: int
    codigo_ativacao: str
    expira_em: datetime | None


def reset(caller: Principal, usuario_id: int) -> IssuedCode:
    """Take a user's password and sessions away and issue a code.

    Raises NotFound, InactiveUser, Forbidden.
    """
    require_manager(caller)
    user = db.session.scalar(User.locked(User.in_team(caller.equipe_id, usuario_id)))
    if user is None:
        raise NotFound()
    code = _reset(user, caller.usuario_id)
    return IssuedCode(user.id, code, user.codigo_expira_em)


def reset_by_email(email: str) -> str:
    """The same from the command line, for the last gestor, whose account it also activates.

    Raises NotFound.
    """
    user = db.session.scalar(User.locked(User.by_email(email)))
    if user is None:
        raise NotFound("Não há usuário com este e-mail.")
    enter_tenant(user.equipe_id)
    if not user.ativo:
        user.ativo = True
        history.record(
            EventKind.USUARIO_ALTERADO, usuario_id=None, alvo_id=user.id, campos=["ativo"]
        )
    return _reset(user, None)


def activate(
    *, rules: PasswordRules, throttle: Throttle, address: str, codigo: str, senha: str
) -> User:
    """Set the password that a code allows. Raises InvalidCode, Invalid, TooMany."""
    rules.require_length(senha)
    throttle.attempt_code(address)
    user = lock_user_of_code(codigo)
    rules.require(senha, user.nome, user.email)
    enter_tenant(user.equipe_id)
    user.senha_hash = passwords.hash_password(senha, in_transaction=True)
    end_code(user)
    sessionService.end_all(user.id, EndReason.SENHA_ALTERADA)
    history.record(EventKind.SENHA_ALTERADA, usuario_id=user.id, alvo_id=user.id)
    throttle.code_succeeded(address)
    return user


def _reset(user: User, by: int | None) -> str:
    if not user.ativo:
        raise InactiveUser()
    user.senha_hash = None
    sessionService.end_all(user.id, EndReason.SENHA_REDEFINIDA)
    history.record(EventKind.SENHA_REDEFINIDA, usuario_id=by, alvo_id=user.id)
    return issue_code(user)
