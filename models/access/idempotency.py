"""The first reply to a keyed POST, kept for a day so that a retry gets it again."""

from sqlalchemy import BigInteger, LargeBinary, SmallInteger, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import CreatedAt

MAX_KEY = 255  # characters of an Idempotency-Key


class IdempotencyRecord(Tenant, Base):
    __tablename__ = "idempotencia"
    __table_args__ = team_fk()

    usuario_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    # An API key's requests are its own; 0 for a person's.
    chave_id: Mapped[int] = mapped_column(
        BigInteger, primary_key=True, autoincrement=False, server_default="0", default=0
    )
    chave: Mapped[str] = mapped_column(String(MAX_KEY), primary_key=True)
    impressao: Mapped[bytes] = mapped_column(LargeBinary)
    status: Mapped[int] = mapped_column(SmallInteger)
    corpo: Mapped[bytes] = mapped_column(LargeBinary)
    local: Mapped[str | None] = mapped_column(String(200))
    etag: Mapped[str | None] = mapped_column(String(80))
    # The lead that the reply shows, so that the reply is deleted together with the lead.
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    criado_em: Mapped[CreatedAt]
