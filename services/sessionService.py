"""Sessions: opened by login, rotated by refresh, ended by logout and by every loss of trust."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Select, select, update

from models.access.session import EndReason, UserSession
from models.db import db, enter_tenant
from models.event import EventKind
from models.user import User
from services import history
from services.auth.tokens import Tokens
from services.errors import InvalidToken, NotFound
from services.principal import Principal
from utils.clock import now

# Clients that refresh twice at once (two tabs, a lost reply) get the same successor.
GRACE = timedelta(seconds=10)
MAX_LIVE = 20  # sessions per user


class TokenReused(InvalidToken):
    """An old refresh token was used again: it may be stolen, so the session ends."""

    keep_writes = True


def open_session(user: User, *, days: int) -> UserSession:
    """A new session; beyond MAX_LIVE the least recently used ones end. Under the user's lock."""
    _end_beyond(user.id, MAX_LIVE - 1)
    session = UserSession(usuario_id=user.id, expira_em=now() + timedelta(days=days))
    db.session.add(session)
    db.session.flush()  # generates the id that the tokens name
    return session


def rotate(tokens: Tokens, refresh_token: str) -> tuple[User, UserSession]:
    """Move a session to its next generation. Raises InvalidToken; reuse ends the session.

    The row lock makes parallel refreshes wait for the first one.
    """
    sessao_id, geracao = tokens.read_refresh(refresh_token)
    session = db.session.scalar(
        select(UserSession).where(UserSession.id == sessao_id).with_for_update()
    )
    user = db.session.get(User, session.usuario_id) if session else None
    if not session or not user or not user.ativo or not _alive(session):
        raise InvalidToken()
    instant = now()
    if geracao == session.geracao:
        session.geracao += 1
        session.renovada_em = instant
    elif geracao != session.geracao - 1 or instant - session.renovada_em > GRACE:
        enter_tenant(user.equipe_id)
        history.record(EventKind.REFRESH_REUTILIZADO, usuario_id=None, alvo_id=user.id)
        _end(session, instant, EndReason.REUSO)
        raise TokenReused()
    db.session.flush()
    return user, session


@dataclass(frozen=True, slots=True)
class OwnSession:
    """A live session of the caller; `atual` is the one that asks."""

    id: int
    criado_em: datetime
    renovada_em: datetime
    expira_em: datetime
    atual: bool


def list_own(caller: Principal) -> list[OwnSession]:
    """The caller's live sessions, oldest first."""
    return [
        OwnSession(
            id=session.id,
            criado_em=session.criado_em,
            renovada_em=session.renovada_em,
            expira_em=session.expira_em,
            atual=session.id == caller.sessao_id,
        )
        for session in db.session.scalars(_own(caller).order_by(UserSession.id))
    ]


def end_own(caller: Principal, sessao_id: int) -> None:
    """End one of the caller's live sessions: logout, or a device lost. Raises NotFound."""
    session = db.session.scalar(_own(caller).where(UserSession.id == sessao_id))
    if session is None:
        raise NotFound()
    own = sessao_id == caller.sessao_id
    history.record(
        EventKind.LOGOUT if own else EventKind.SESSAO_ENCERRADA, usuario_id=caller.usuario_id
    )
    _end(session, now(), EndReason.LOGOUT)


def end_all(usuario_id: int, motivo: EndReason, *, keep: int | None = None) -> None:
    """End every session of a user; the caller's own session may be kept."""
    statement = update(UserSession).where(
        UserSession.usuario_id == usuario_id, UserSession.encerrada_em.is_(None)
    )
    if keep is not None:
        statement = statement.where(UserSession.id != keep)
    db.session.execute(statement.values(encerrada_em=now(), motivo=motivo))


def _end_beyond(usuario_id: int, most: int) -> None:
    oldest = (
        select(UserSession.id)
        .where(*_live(usuario_id))
        .order_by(UserSession.renovada_em.desc(), UserSession.id.desc())
        .offset(most)
    )
    ended = update(UserSession).where(UserSession.id.in_(oldest))
    db.session.execute(ended.values(encerrada_em=now(), motivo=EndReason.EXCESSO))


def _live(usuario_id: int) -> tuple[ColumnElement[bool], ...]:
    return (
        UserSession.usuario_id == usuario_id,
        UserSession.encerrada_em.is_(None),
        UserSession.expira_em > now(),
    )


def _own(caller: Principal) -> Select[UserSession]:
    return select(UserSession).where(*_live(caller.usuario_id))


def _alive(session: UserSession) -> bool:
    return session.encerrada_em is None and session.expira_em > now()


def _end(session: UserSession, instant: datetime, motivo: EndReason) -> None:
    session.encerrada_em = instant
    session.motivo = motivo
    db.session.flush()  # a refusal that keeps its writes commits right after
