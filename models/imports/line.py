"""What became of single lines of an import. Rows without foreign keys: one writer makes them, and
there may be as many as the file has lines.

Lines that became leads have no row here: their leads name the import.
"""

from enum import StrEnum
from typing import Any, cast

from sqlalchemy import BigInteger, Index, SmallInteger, String, Table, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant


class LineResult(StrEnum):
    """`resultado`: what a line ends as."""

    CRIADA = "criada"
    ATUALIZADA = "atualizada"
    IGUAL = "igual"
    PULADA = "pulada"
    REJEITADA = "rejeitada"


class ImportLine(Tenant, Base):
    """`n`: which error of its line it is; the first one, 0, has the cells, as the file has them. Of
    a line that was taken, from 1 on: which of its values no lead in that stage has."""

    __tablename__ = "importacao_linhas"
    __table_args__ = (
        Index(None, "equipe_id", "lead_id", postgresql_where=text("lead_id is not null")),
    )

    importacao_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    linha: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    n: Mapped[int] = mapped_column(SmallInteger, primary_key=True, autoincrement=False)
    resultado: Mapped[str] = mapped_column(String(12))
    # The lead that the line is about, and of one that it changed the version after that.
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    versao: Mapped[int | None]
    campo: Mapped[str | None] = mapped_column(Text)
    codigo: Mapped[str | None] = mapped_column(Text)
    mensagem: Mapped[str | None] = mapped_column(Text)
    # What else an error offers: the values there are.
    detalhe: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    celulas: Mapped[list[str] | None] = mapped_column(JSONB)
    # By column, what the change of a lead has replaced.
    antes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)


class ImportKey(Tenant, Base):
    """A key of a lead that an import of several batches has changed or found as its lines say.

    `chave` is a hash. `dita`: a line that was taken says it; `tinha`: the lead had it before. So
    the lines of later batches find the leads as they were when the import began.
    """

    __tablename__ = "importacao_chaves"
    __table_args__ = (Index(None, "equipe_id", "importacao_id", "lead_id"),)

    importacao_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chave: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    dita: Mapped[bool]
    tinha: Mapped[bool]


LINES = cast(Table, ImportLine.__table__)
