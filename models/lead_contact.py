"""A way to reach the person behind a lead: by these a lead is recognised, and by nothing else of it
but its document and external id.

Rows without foreign keys, like all that follows from a lead. The principal phone and e-mail have
the places 0 and 1 and are derived from the lead's own columns; the caller's others come after.
Those that are no longer in use have places below 0.
"""

from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import BigInteger, DateTime, Index, SmallInteger, String, Table, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant

PRINCIPAL_PHONE, PRINCIPAL_EMAIL, FIRST_OTHER = 0, 1, 2


class ContactKind(StrEnum):
    TELEFONE = "telefone"
    EMAIL = "email"
    # What WhatsApp names a person by who does not show a phone.
    WHATSAPP_ID = "whatsapp_id"


class LeadContact(Tenant, Base):
    __tablename__ = "lead_contatos"
    __table_args__ = (
        Index(None, "equipe_id", "tipo", "chave", postgresql_where=text("retirado_em is null")),
        Index(
            None,
            "equipe_id",
            "final",
            postgresql_where=text("retirado_em is null and final is not null"),
        ),
    )

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    ordem: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    tipo: Mapped[str] = mapped_column(String(12, collation="C"))
    valor: Mapped[str] = mapped_column(String(254))
    # The form in which two contacts are compared: byte by byte, which is the fastest.
    chave: Mapped[str] = mapped_column(String(254, collation="C"))
    # The key of a phone from its last digit to its first, to find it by how it ends.
    final: Mapped[str | None] = mapped_column(String(20, collation="C"))
    # No longer in use, and kept.
    retirado_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


CONTACTS = cast(Table, LeadContact.__table__)
