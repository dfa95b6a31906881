"""Registration and login."""

from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy import select

from models.access.session import UserSession
from models.db import db, enter_tenant
from models.db.statements import fetch_global
from models.event import EventKind
from models.team import NOBODY
from models.user import User
from services import history, sessionService
from services.auth import passwords
from services.auth.accounts import add_user, require_new_email
from services.auth.codes import issue_code
from services.auth.passwordRules import PasswordRules
from services.auth.throttle import Throttle
from services.auth.tokens import Tokens
from services.errors import MISSING, Code, WrongCredentials, invalid_field
from services.principal import Principal
from utils.emails import InvalidEmail, normalize_email

# No password matches for an inactive user, but the tenant's history shows the attempt.
_CREDENTIALS = """
select id, equipe_id, case when ativo then senha_hash end from usuarios where email = %(email)s
"""


class LoginRefused(WrongCredentials):
    """Its event stays although the request is refused."""

    keep_writes = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user with the tokens that a login or refresh gave them."""

    id: int
    nome: str
    email: str
    role: str
    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the kind of token


def register(
    *,
    caller: Principal | None,
    rules: PasswordRules,
    throttle: Throttle,
    address: str,
    nome: str,
    email: str,
    senha: str | None,
    role: str,
    equipe: str | None,
) -> tuple[User, str | None]:
    """Open a new tenant for an unknown caller, or add a user to a gestor's own.

    Without `senha`, which only a gestor leaves out, a one-time code comes along. Raises TooMany,
    Invalid, EmailTaken, Forbidden; a known e-mail is never moved nor linked.
    """
    throttle.attempt_registration(address, caller.usuario_id if caller else None)
    _check_what_depends_on_the_caller(caller, senha, equipe)
    if senha is not None:
        rules.require(senha, nome, email, equipe)
    require_new_email(email)
    inside = caller is not None  # a keyed request has its transaction by now
    senha_hash = passwords.hash_password(senha, in_transaction=inside) if senha else None
    user = add_user(caller, nome, email, senha_hash, role, equipe)
    return user, issue_code(user) if senha is None else None


def login(*, tokens: Tokens, throttle: Throttle, address: str, email: str, senha: str) -> SignedIn:
    """Open a session. Raises LoginRefused or TooMany.

    An unknown e-mail, an inactive user and a wrong password cost the same and read the same, down
    to the event they write. The hash is computed before any transaction holds a connection.
    """
    email = _as_stored(email)
    throttle.attempt_login(email, address)
    known = _credentials(email)
    enter_tenant(known.equipe_id)
    matched = passwords.matches(known.senha_hash, senha)
    user = _unchanged(known) if matched else None
    if user is None:
        history.record(EventKind.LOGIN_RECUSADO, usuario_id=None, alvo_id=known.usuario_id)
        raise LoginRefused()
    throttle.login_succeeded(email, address)
    history.record(EventKind.LOGIN, usuario_id=user.id)
    if passwords.needs_rehash(user.senha_hash or ""):
        user.senha_hash = passwords.hash_password(senha, in_transaction=True)
    return _signed_in(tokens, user, sessionService.open_session(user, days=tokens.session_days))


def refresh(*, tokens: Tokens, refresh_token: str) -> SignedIn:
    """Trade a refresh token for its successor. Raises InvalidToken."""
    user, session = sessionService.rotate(tokens, refresh_token)
    return _signed_in(tokens, user, session)


class _Credentials(NamedTuple):
    usuario_id: int | None
    equipe_id: int
    senha_hash: str | None


def _credentials(email: str) -> _Credentials:
    rows = fetch_global(_CREDENTIALS, {"email": email})
    return _Credentials(*rows[0]) if rows else _Credentials(None, NOBODY, None)


def _as_stored(email: str) -> str:
    """The typed e-mail in the form in which it is stored; other text belongs to no account."""
    try:
        return normalize_email(email)
    except InvalidEmail:
        return ""


def _unchanged(known: _Credentials) -> User | None:
    """The user, locked; None if they were deactivated or got another password meanwhile. A later
    change of that kind waits, sees the session that is opened here, and ends it."""
    same = (User.id == known.usuario_id) & (User.senha_hash == known.senha_hash) & User.ativo
    return db.session.scalar(User.locked(select(User).where(same)))


def _signed_in(tokens: Tokens, user: User, session: UserSession) -> SignedIn:
    return SignedIn(
        id=user.id,
        nome=user.nome,
        email=user.email,
        role=user.role,
        access_token=tokens.access(usuario_id=user.id, sessao_id=session.id),
        refresh_token=tokens.refresh(sessao_id=session.id, geracao=session.geracao),
        expires_in=tokens.access_seconds,
    )


def _check_what_depends_on_the_caller(
    caller: Principal | None, senha: str | None, equipe: str | None
) -> None:
    """Only a gestor leaves the password out, and a gestor has a tenant already. Raises Invalid."""
    if senha is None and caller is None:
        raise invalid_field("senha", *MISSING)
    if equipe and caller is not None:
        raise invalid_field("equipe", Code.CAMPO_DESCONHECIDO, "Você já tem uma equipe.")
