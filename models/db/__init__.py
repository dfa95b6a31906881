"""The database machinery. What entities and services use of it every day is named here."""

from models.db.base import Base, Tenant, db, team_fk
from models.db.guard import TenantMissing
from models.db.transactions import (
    NO_TIMEOUT,
    WRITE_TIMEOUT,
    enter_tenant,
    snapshot,
    step_transaction,
    transaction,
)

__all__ = [
    "NO_TIMEOUT",
    "WRITE_TIMEOUT",
    "Base",
    "Tenant",
    "TenantMissing",
    "db",
    "enter_tenant",
    "snapshot",
    "step_transaction",
    "team_fk",
    "transaction",
]
