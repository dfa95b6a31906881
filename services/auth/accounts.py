"""How an account comes to be: the first of a new tenant, or one that a gestor adds."""

from sqlalchemy.exc import IntegrityError

from models.db import db, enter_tenant
from models.db.statements import fetch_global
from models.event import EventKind
from models.stage import Stage
from models.team import MAX_NAME, Team
from models.team_settings import TeamSettings
from models.user import EMAIL_UNIQUE, User
from services import history
from services.auth.managers import require_manager
from services.errors import Code, Conflict
from services.principal import Principal

# Asked outside the transaction, so that a password is hashed before one holds a connection.
_TAKEN = "select 1 from usuarios where email = %(email)s"


class EmailTaken(Conflict):
    code = Code.EMAIL_JA_CADASTRADO
    message = "Este e-mail já está cadastrado."


def require_new_email(email: str) -> None:
    """Raises EmailTaken. If another caller registers the e-mail meanwhile, add_user() finds it."""
    if fetch_global(_TAKEN, {"email": email}):
        raise EmailTaken()


def add_user(
    caller: Principal | None,
    nome: str,
    email: str,
    senha_hash: str | None,
    role: str,
    equipe: str | None,
) -> User:
    """A user of the caller's tenant or, without a caller, of a new one named `equipe`.

    Raises EmailTaken, Forbidden.
    """
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
        db.session.add_all([*Stage.defaults(), TeamSettings()])
    by = caller.usuario_id if caller else user.id
    history.record(EventKind.USUARIO_CRIADO, usuario_id=by, alvo_id=user.id)
    return user


def _open_team(nome: str) -> int:
    team = Team(nome=nome)
    db.session.add(team)
    db.session.flush()  # generates the tenant's id
    return team.id


def _insert(user: User) -> None:
    """If two callers add one e-mail at once, the unique constraint refuses the second."""
    db.session.add(user)
    try:
        db.session.flush()  # generates the id, and meets the constraint here rather than at commit
    except IntegrityError as error:
        if getattr(getattr(error.orig, "diag", None), "constraint_name", None) == EMAIL_UNIQUE:
            raise EmailTaken() from error
        raise
