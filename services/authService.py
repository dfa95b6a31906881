"""Registration and login."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from models.db import db, enter_tenant
from models.db.statements import fetch_global
from models.session import UserSession
from models.stage import Stage
from models.team import MAX_NAME, Team
from models.user import EMAIL_UNIQUE, User
from services import history, sessionService
from services.auth import passwords
from services.auth.managers import require_manager
from services.auth.throttle import Throttle
from services.auth.tokens import Tokens
from services.errors import Code, Conflict, WrongCredentials
from services.principal import Principal

# An inactive user has no password that could match, but his equipe learns of the attempt.
_CREDENTIALS = """
select id, equipe_id, case when ativo then senha_hash end from usuarios where email = %(email)s
"""
# Where refused logins of unknown e-mails are recorded; no equipe has this id.
_NOBODY = 0


class EmailTaken(Conflict):
    code = Code.EMAIL_JA_CADASTRADO
    message = "Este e-mail já está cadastrado."


class LoginRefused(WrongCredentials):
    """Its event stays although the request is refused."""

    keep_writes = True


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A user with the session and tokens that a login or refresh gave him."""

    user: User
    access_token: str
    refresh_token: str
    expires_in: int


def register(
    *,
    caller: Principal | None,
    nome: str,
    email: str,
    senha: str | None,
    role: str,
    equipe: str | None,
) -> User:
    """Open a new equipe for an unknown caller, or add a user to a gestor's own.

    Raises EmailTaken, Forbidden; a known e-mail is never moved nor linked.
    """
    if db.session.scalar(select(User.id).where(User.email == email)):
        raise EmailTaken()
    senha_hash = passwords.hash_password(senha) if senha is not None else None
    equipe_id = caller.equipe_id if caller else _open_team(equipe or f"Equipe de {nome}"[:MAX_NAME])
    enter_tenant(equipe_id)
    if caller is not None:
        require_manager(caller)
    user = User(
        equipe_id=equipe_id,
        nome=nome,
        email=email,
        senha_hash=senha_hash,
        role=role,
        fundador=caller is None,
    )
    _insert(user)
    if caller is None:
        db.session.add_all(Stage.defaults())
    by = caller.usuario_id if caller else user.id
    history.record("usuario_criado", usuario_id=by, alvo_id=user.id)
    return user


def login(*, tokens: Tokens, throttle: Throttle, address: str, email: str, senha: str) -> SignedIn:
    """Open a session. Raises LoginRefused or TooMany.

    An unknown e-mail, an inactive user and a wrong password cost the same and read the same, down
    to the event they write. The hash is computed before any transaction holds a connection.
    """
    throttle.attempt_login(email, address)
    rows = fetch_global(_CREDENTIALS, {"email": email})
    usuario_id, equipe_id, senha_hash = rows[0] if rows else (None, _NOBODY, None)
    enter_tenant(equipe_id)
    matched = passwords.matches(senha_hash, senha)
    user = _unchanged(usuario_id, senha_hash) if matched else None
    if user is None:
        history.record("login_recusado", usuario_id=None, alvo_id=usuario_id)
        raise LoginRefused()
    throttle.login_succeeded(email, address)
    history.record("login", usuario_id=user.id)
    if passwords.needs_rehash(user.senha_hash or ""):
        user.senha_hash = passwords.hash_password(senha)
    return _signed_in(tokens, user, sessionService.open_session(user, days=tokens.session_days))


def refresh(*, tokens: Tokens, refresh_token: str) -> SignedIn:
    """Trade a refresh token for its successor. Raises InvalidToken."""
    user, session = sessionService.rotate(tokens, refresh_token)
    return _signed_in(tokens, user, session)


def _unchanged(usuario_id: int, senha_hash: str) -> User | None:
    """The user under lock, unless he was deactivated or given another password meanwhile: the
    session opened here must be one that such a change finds and ends."""
    same = (User.id == usuario_id) & (User.senha_hash == senha_hash) & User.ativo
    return db.session.scalar(select(User).where(same).with_for_update(key_share=True))


def _signed_in(tokens: Tokens, user: User, session: UserSession) -> SignedIn:
    return SignedIn(
        user=user,
        access_token=tokens.access(usuario_id=user.id, sessao_id=session.id),
        refresh_token=tokens.refresh(sessao_id=session.id, geracao=session.geracao),
        expires_in=tokens.access_seconds,
    )


def _open_team(nome: str) -> int:
    team = Team(nome=nome)
    db.session.add(team)
    db.session.flush()  # generates the tenant's id
    return team.id


def _insert(user: User) -> None:
    """The unique constraint decides the race that the look-up above cannot see."""
    db.session.add(user)
    try:
        db.session.flush()  # generates the id, and meets the constraint here rather than at commit
    except IntegrityError as error:
        if getattr(error.orig, "diag", None) and error.orig.diag.constraint_name == EMAIL_UNIQUE:  # type: ignore[union-attr]
            raise EmailTaken() from error
        raise
