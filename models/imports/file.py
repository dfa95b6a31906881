"""A file that is kept until an import has read it: in blocks, so that nobody holds it whole."""

from sqlalchemy import BigInteger, ForeignKeyConstraint, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import CreatedAt, Key


class ImportFile(Tenant, Base):
    __tablename__ = "importacao_arquivos"
    __table_args__ = team_fk()

    id: Mapped[Key]
    # What its sender says of it.
    media: Mapped[str] = mapped_column(String(100))
    charset: Mapped[str | None] = mapped_column(String(40))
    planilha: Mapped[str | None] = mapped_column(Text)
    tamanho: Mapped[int] = mapped_column(BigInteger)  # bytes
    criado_em: Mapped[CreatedAt]


class ImportBlock(Tenant, Base):
    __tablename__ = "importacao_blocos"
    __table_args__ = (
        ForeignKeyConstraint(
            ["equipe_id", "arquivo_id"],
            ["importacao_arquivos.equipe_id", "importacao_arquivos.id"],
            ondelete="CASCADE",
        ),
    )

    arquivo_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    bytes: Mapped[bytes]
