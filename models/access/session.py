"""A signed-in device: one row is one family of rotating refresh tokens.

No token is stored, not even hashed: generation `n` of a session's refresh token is derived from
the signing key, so the row only remembers which generation is current (services/auth/tokens).
"""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import BigInteger, DateTime, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base
from models.types import CreatedAt, Instant, Key


class EndReason(StrEnum):
    """Why a session ended (`motivo`)."""

    LOGOUT = "logout"
    REUSO = "reuso"
    EXCESSO = "excesso"
    SENHA_ALTERADA = "senha_alterada"
    SENHA_REDEFINIDA = "senha_redefinida"
    PERMISSAO_ALTERADA = "permissao_alterada"
    # The database was restored: the session may have ended after the backup.
    RESTAURACAO = "restauracao"


class UserSession(Base):
    __tablename__ = "sessoes"

    id: Mapped[Key]
    usuario_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("usuarios.id"), index=True)
    geracao: Mapped[int] = mapped_column(server_default="1", default=1)
    criado_em: Mapped[CreatedAt]
    renovada_em: Mapped[CreatedAt]
    expira_em: Mapped[Instant]
    encerrada_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    motivo: Mapped[str | None] = mapped_column(String(40))
