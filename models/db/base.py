"""The declarative base, the session and what makes a table a tenant's."""

from collections.abc import Mapping
from typing import Any

from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import BigInteger, ForeignKeyConstraint, MetaData
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CONSTRAINT_NAMES = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class Base(DeclarativeBase):
    metadata = MetaData(naming_convention=CONSTRAINT_NAMES)

    def change(self, values: Mapping[str, Any]) -> list[str]:
        """Set the fields whose value differs; their names."""
        changed = [name for name, value in values.items() if getattr(self, name) != value]
        for name in changed:
            setattr(self, name, values[name])
        return changed


class Tenant:
    """Marks a table whose rows belong to one equipe; its primary key begins with `equipe_id`."""

    equipe_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, sort_order=-10
    )


# No autoflush: a query of a rule must not write an entity that is only half changed.
db = SQLAlchemy(model_class=Base, session_options={"autoflush": False})


def team_fk(*extra: ForeignKeyConstraint) -> tuple[ForeignKeyConstraint, ...]:
    """Every tenant table points at its tenant."""
    return (ForeignKeyConstraint(["equipe_id"], ["equipes.id"]), *extra)
