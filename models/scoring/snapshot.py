"""What was known of a lead when it closed, which is all that a model may learn from.

No name, document, e-mail, phone or free text. Rows without foreign keys, like all that follows from
a lead; they are erased with the person.
"""

from datetime import datetime
from typing import Any, cast

from sqlalchemy import BigInteger, DateTime, Index, Table
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant


class Snapshot(Tenant, Base):
    __tablename__ = "lead_instantaneo"
    __table_args__ = (Index(None, "equipe_id", "registrado_em", "lead_id"),)

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # When the lead closed, or was said to have.
    registrado_em: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    campos: Mapped[dict[str, Any]] = mapped_column(JSONB)


SNAPSHOTS = cast(Table, Snapshot.__table__)
