"""Locks leads for a change, and checks the user who becomes responsible for one."""

from sqlalchemy import Select, TextClause, func, select

from models.db import db
from models.lead import Lead
from models.user import User
from services.errors import Code, FieldError, Invalid, NotFound, StaleVersion
from services.policy import scope, visible
from services.principal import Principal

NOT_A_MEMBER = FieldError(
    "responsavel_id",
    Code.USUARIO_INEXISTENTE,
    "Não há usuário ativo com este id na equipe.",
)


def lock_lead(
    caller: Principal, lead_id: int, versions: set[int] | None, *, deleted: bool = False
) -> Lead:
    """A live lead that the caller sees, or a `deleted` one, for update.

    `versions` are those that an If-Match names, None for any; they are compared under the lock.
    Raises NotFound, StaleVersion.
    """
    statement = select(Lead).where(*visible(caller.gestor, deleted=deleted), Lead.id == lead_id)
    lead = db.session.scalar(_held(statement), scope(caller))
    if lead is None:
        raise NotFound()
    if versions is not None and lead.versao not in versions:
        raise StaleVersion()
    return lead


def lock_leads(equipe_id: int, ids: TextClause) -> None:
    """Hold the live leads of a tenant among `ids`, a subquery, for update.

    Whoever looks at them before must look again: they may have changed, or been deleted, while
    this writer waited.
    """
    live = select(Lead.id).where(Lead.equipe_id == equipe_id, Lead.excluido_em.is_(None))
    held = _held(live.where(Lead.id.in_(ids)))
    db.session.execute(select(func.count()).select_from(held.subquery()))


def _held[*Columns](leads: Select[*Columns]) -> Select[*Columns]:
    """These leads by ascending id, so that two writers never wait for each other."""
    return leads.order_by(Lead.id).with_for_update(key_share=True)


def require_member(caller: Principal, usuario_id: int | None) -> None:
    """Check that the new owner is none or an active user of the caller's tenant. Raises Invalid."""
    if usuario_id in (None, caller.usuario_id):
        return
    member = db.session.scalar(User.in_team(caller.equipe_id, usuario_id or 0))
    if member is None or not member.ativo:
        raise Invalid(fields=[NOT_A_MEMBER])
