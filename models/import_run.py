"""One import of a file of leads, with what became of its lines."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, DateTime, String
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import CreatedAt, Key


class ImportRun(Tenant, Base):
    __tablename__ = "importacoes"
    __table_args__ = team_fk()

    id: Mapped[Key]
    usuario_id: Mapped[int] = mapped_column(BigInteger)
    estado: Mapped[str] = mapped_column(String(16))
    linhas: Mapped[int] = mapped_column(server_default="0", default=0)
    criados: Mapped[int] = mapped_column(server_default="0", default=0)
    atualizados: Mapped[int] = mapped_column(server_default="0", default=0)
    pulados: Mapped[int] = mapped_column(server_default="0", default=0)
    rejeitados: Mapped[int] = mapped_column(server_default="0", default=0)
    erros: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    linhas_puladas: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default="[]", default=list
    )
    colunas: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    criado_em: Mapped[CreatedAt]
    concluida_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
