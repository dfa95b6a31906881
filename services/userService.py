"""The people of a tenant: list, change, and the rules that keep it governed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from models.access.session import EndReason
from models.db import db
from models.event import EventKind
from models.job import Job
from models.team import Team
from models.types import Role
from models.user import User
from services import history, jobService, keyService, sessionService
from services.auth import passwords
from services.auth.authority import hold_credential
from services.auth.authority import hold_gestor as hold_gestor
from services.auth.codes import end_code
from services.auth.managers import lock_managers
from services.auth.passwordRules import PasswordRules
from services.auth.throttle import Throttle
from services.errors import Code, Conflict, Forbidden, NotFound, invalid_field
from services.ownership.handing import JOB as HANDOVER
from services.ownership.handing import KEEP, Recipient, end_lease, hand_over_now
from services.principal import Principal
from utils.clock import now

MOST_AWAY = timedelta(days=5 * 366)
_AWAY = "Use um instante no futuro, dentro de cinco anos."
_NO_OTHER = "Não há outro usuário ativo com este id na equipe."


class LastManager(Conflict):
    code = Code.ULTIMO_GESTOR
    message = "A equipe tem outros membros e este é seu último gestor ativo."


@dataclass(frozen=True, slots=True)
class Changed:
    """A user after a change, and the job that goes on giving their leads away, if there is one."""

    user: User
    job: Job | None


@dataclass(frozen=True, slots=True)
class Account:
    """The caller's account with the name and zone of its tenant; a key's `role` is the key's."""

    id: int
    nome: str
    email: str
    role: str
    ativo: bool
    criado_em: datetime
    equipe_id: int
    equipe: str
    fuso: str


def list_users(caller: Principal) -> Sequence[User]:
    return db.session.scalars(User.of_team(caller.equipe_id)).all()


def get_user(caller: Principal, usuario_id: int) -> User:
    """A user of the caller's tenant. Raises NotFound."""
    user = db.session.scalar(User.in_team(caller.equipe_id, usuario_id))
    if user is None:
        raise NotFound()
    return user


def update_user(
    caller: Principal, usuario_id: int, changes: Mapping[str, Any], leads: Recipient | None = None
) -> Changed:
    """Change nome, role, ativo, capacidade or ausente_ate, and say what becomes of the user's open
    leads (`leads`; None: they keep them). Raises Forbidden, NotFound, Invalid, LastManager,
    QueueFull.

    The tenant's managers are locked first: two of them cannot demote each other at once, and a
    caller who was demoted while waiting has lost the power.
    """
    managers = lock_managers(caller.equipe_id)
    hold_credential(caller)
    governs = caller.usuario_id in [manager.id for manager in managers]
    alone = leads is None and _founder_takes_over(caller, usuario_id, changes, managers)
    if not governs and not alone:
        raise Forbidden()
    user = _locked(caller, usuario_id)
    if _would_orphan(user, changes, managers):
        raise LastManager()
    _check(caller, user, changes, leads)
    changed = user.change(changes)
    if changed:
        history.record(
            EventKind.USUARIO_ALTERADO,
            usuario_id=caller.usuario_id,
            alvo_id=user.id,
            campos=changed,
        )
    if {"role", "ativo"} & set(changed):
        _end_access(caller, user)
    return Changed(user, _hand_over(caller, user, leads or KEEP))


def update_me(
    caller: Principal,
    *,
    rules: PasswordRules,
    throttle: Throttle,
    address: str,
    nome: str | None,
    senha: str | None,
    senha_atual: str | None,
) -> Account:
    """Change one's own name or password; a new password ends the other sessions.

    Raises Invalid, and TooMany: a stolen token must not become a place to guess the password in.
    """
    user = get_user(caller, caller.usuario_id)
    if senha is not None:
        account = f"#{user.id}"
        throttle.attempt_login(account, address)
        rules.require(senha, user.nome, user.email, _team_of(caller).nome, nome)
        _change_password(user, senha, senha_atual or "")
        throttle.login_succeeded(account, address)
        sessionService.end_all(user.id, EndReason.SENHA_ALTERADA, keep=caller.sessao_id)
        history.record(EventKind.SENHA_ALTERADA, usuario_id=user.id, alvo_id=user.id)
    if nome is not None:
        user.nome = nome
        history.record(
            EventKind.USUARIO_ALTERADO, usuario_id=user.id, alvo_id=user.id, campos=["nome"]
        )
    return describe_me(caller)


def act_as(email: str) -> Principal:
    """The principal of a command line that names an active user. Raises NotFound."""
    user = db.session.scalar(User.by_email(email).where(User.ativo))
    if user is None:
        raise NotFound("Não há usuário ativo com este e-mail.")
    zone = db.session.get_one(Team, user.equipe_id).fuso
    return Principal(
        usuario_id=user.id, equipe_id=user.equipe_id, sessao_id=None, role=user.role, fuso=zone
    )


def describe_me(caller: Principal) -> Account:
    user, team = get_user(caller, caller.usuario_id), _team_of(caller)
    return Account(
        id=user.id,
        nome=user.nome,
        email=user.email,
        role=caller.role,
        ativo=user.ativo,
        criado_em=user.criado_em,
        equipe_id=team.id,
        equipe=team.nome,
        fuso=team.fuso,
    )


def _team_of(caller: Principal) -> Team:
    return db.session.get_one(Team, caller.equipe_id)


def _locked(caller: Principal, usuario_id: int) -> User:
    """The same, locked, so that a login in progress finishes first or sees the change.
    Raises NotFound."""
    user = get_user(caller, usuario_id)
    db.session.refresh(user, with_for_update={"key_share": True})
    return user


def _check(
    caller: Principal, user: User, changes: Mapping[str, Any], leads: Recipient | None
) -> None:
    """Nobody is away until some day in the past, and another active user gets the leads. Raises
    Invalid."""
    until = changes.get("ausente_ate")
    if until is not None and not now() < until < now() + MOST_AWAY:
        raise invalid_field("ausente_ate", Code.FORA_DA_FAIXA, _AWAY)
    if not isinstance(leads, int):
        return
    others = User.in_team(caller.equipe_id, leads).where(User.ativo, User.id != user.id)
    if db.session.scalar(others) is None:
        raise invalid_field("leads", Code.USUARIO_INEXISTENTE, _NO_OTHER)


def _hand_over(caller: Principal, user: User, leads: Recipient) -> Job | None:
    """At once, or by a job where that would take long or wait for somebody. Raises QueueFull."""
    if leads == KEEP or not hand_over_now(caller, user.id, leads):
        return None
    return jobService.enqueue(caller, HANDOVER, {"de": user.id, "para": leads})


def _end_access(caller: Principal, user: User) -> None:
    """End the sessions, keys, codes and leases that the user got under the old role or while
    active."""
    sessionService.end_all(user.id, EndReason.PERMISSAO_ALTERADA)
    if user.role != Role.GESTOR or not user.ativo:
        keyService.revoke_all_of(user.id, equipe_id=user.equipe_id, by=caller.usuario_id)
    if not user.ativo:
        end_code(user)
        end_lease(caller, user.id)


def _change_password(user: User, senha: str, senha_atual: str) -> None:
    """Hash outside the row lock; under the lock, check that the password has not changed since."""
    known = user.senha_hash
    confirmed = passwords.matches(known, senha_atual, in_transaction=True)
    senha_hash = passwords.hash_password(senha, in_transaction=True) if confirmed else None
    db.session.refresh(user, with_for_update={"key_share": True})
    if senha_hash is None or user.senha_hash != known:
        raise invalid_field("senha_atual", Code.SENHA_INCORRETA, "A senha atual não confere.")
    user.senha_hash = senha_hash


def _founder_takes_over(
    caller: Principal, usuario_id: int, changes: Mapping[str, Any], managers: Sequence[User]
) -> bool:
    """The founder of a tenant without an active gestor may make themselves one."""
    asks_for_own_account = usuario_id == caller.usuario_id and changes == {"role": Role.GESTOR}
    if managers or not asks_for_own_account:
        return False
    return get_user(caller, usuario_id).fundador


def _would_orphan(user: User, changes: Mapping[str, Any], managers: Sequence[User]) -> bool:
    loses = changes.get("role", user.role) != Role.GESTOR or not changes.get("ativo", user.ativo)
    if not loses or [manager.id for manager in managers] != [user.id]:
        return False
    others = db.session.scalars(User.of_team(user.equipe_id).where(User.id != user.id)).first()
    return others is not None
