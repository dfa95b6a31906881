"""The guard in the ORM: the second of three defences between one tenant's rows and another's.

In the first, every statement names its tenant. The third is row-level security, which hides every
row while `app.equipe_id` is unset (models/db/transactions and the migrations).
"""

from typing import Any, cast

from sqlalchemy import ClauseElement, Executable, Table, event
from sqlalchemy.orm import ORMExecuteState, Session, with_loader_criteria
from sqlalchemy.sql.util import find_tables

from models.db.base import Tenant


class TenantMissing(RuntimeError):
    """A statement on a tenant table ran before enter_tenant(): always a bug in our code."""


@event.listens_for(Session, "do_orm_execute")
def _filter_by_tenant(state: ORMExecuteState) -> None:
    """Add `equipe_id = …` to every ORM statement, wherever it uses a tenant entity."""
    if state.is_column_load or state.is_relationship_load or not _reads_or_writes_rows(state):
        return
    touched = _tenant_tables(state.statement)
    if not touched:
        return
    equipe_id = state.session.info.get("equipe_id")
    if equipe_id is None:
        raise TenantMissing(f"{touched} without a tenant")
    # Without include_aliases the criteria of a mixin reach no entity at all.
    criteria = with_loader_criteria(
        Tenant, lambda entity: entity.equipe_id == equipe_id, include_aliases=True
    )
    state.statement = state.statement.options(criteria)


def _tenant_tables(statement: Executable) -> list[str]:
    """The tenant tables of a statement: selected, joined, counted or in a subquery."""
    found = find_tables(
        cast(ClauseElement, statement),
        check_columns=True,
        include_aliases=True,
        include_joins=True,
        include_selects=True,
        include_crud=True,
    )
    tables = {table for table in found if isinstance(table, Table)}
    return sorted(table.name for table in tables if "equipe_id" in table.primary_key.columns)


def _reads_or_writes_rows(state: ORMExecuteState) -> bool:
    return state.is_select or state.is_update or state.is_delete


@event.listens_for(Session, "before_flush")
def _own_rows_only(session: Session, *_: Any) -> None:
    """New rows get the session's tenant; a row of another tenant is never written."""
    for entity in (*session.new, *session.dirty, *session.deleted):
        if not isinstance(entity, Tenant):
            continue
        equipe_id = session.info.get("equipe_id")
        if equipe_id is None:
            raise TenantMissing(type(entity).__name__)
        if entity.equipe_id is None:
            entity.equipe_id = equipe_id
        if entity.equipe_id != equipe_id:
            raise TenantMissing(f"{type(entity).__name__} of another equipe")
