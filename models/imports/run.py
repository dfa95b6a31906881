"""One import of a file of leads, with what became of its lines."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Index, String, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import CreatedAt, Key


class RunState(StrEnum):
    """`estado`. EM_ANDAMENTO: what has been committed of it stays, whatever becomes of the rest."""

    NA_FILA = "na_fila"
    EM_ANDAMENTO = "em_andamento"
    CONCLUIDA = "concluida"
    FALHOU = "falhou"
    CANCELADA = "cancelada"
    DESFEITA = "desfeita"


class ImportRun(Tenant, Base):
    __tablename__ = "importacoes"
    __table_args__ = (
        *team_fk(),
        Index(None, "equipe_id", "arquivo_id", postgresql_where=text("arquivo_id is not null")),
        # Those that have not ended.
        Index(None, "equipe_id", "id", postgresql_where=text("concluida_em is null")),
    )

    id: Mapped[Key]
    usuario_id: Mapped[int] = mapped_column(BigInteger)
    chave_id: Mapped[int | None] = mapped_column(BigInteger)
    estado: Mapped[str] = mapped_column(String(16))
    # The job that does it, and the file that it reads; both None where a request did it at once.
    trabalho_id: Mapped[int | None] = mapped_column(BigInteger)
    arquivo_id: Mapped[int | None] = mapped_column(BigInteger)
    # What was asked for; the mapping may hold personal data, and is emptied when the import ends.
    mapeamento: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    opcoes: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # How many leads each person was given, by their ids; of those that go by loads, closed ones.
    distribuicao: Mapped[dict[str, int] | None] = mapped_column(JSONB)
    # How the file is written: what the survey has found of it.
    codificacao: Mapped[str | None] = mapped_column(String(32))
    delimitador: Mapped[str | None] = mapped_column(String(1))
    # Of a workbook: which sheet is read, and the others with cells.
    planilha: Mapped[str | None]
    outras_planilhas: Mapped[list[str]] = mapped_column(
        ARRAY(Text), server_default="{}", default=list
    )
    usos: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    colunas: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    total: Mapped[int | None]
    # What became of its lines, of as many as have been done.
    linhas: Mapped[int] = mapped_column(server_default="0", default=0)
    criados: Mapped[int] = mapped_column(server_default="0", default=0)
    atualizados: Mapped[int] = mapped_column(server_default="0", default=0)
    iguais: Mapped[int] = mapped_column(server_default="0", default=0)
    pulados: Mapped[int] = mapped_column(server_default="0", default=0)
    rejeitados: Mapped[int] = mapped_column(server_default="0", default=0)
    erros: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    linhas_puladas: Mapped[list[dict[str, Any]]] = mapped_column(
        JSONB, server_default="[]", default=list
    )
    # Of lines that were taken: how many of their values no lead in that stage has, and the first.
    avisados: Mapped[int] = mapped_column(server_default="0", default=0)
    avisos: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]", default=list)
    # Why all of it failed.
    erro: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # The job that undoes it, and what undoing it has come to; both None until then.
    desfazer_trabalho_id: Mapped[int | None] = mapped_column(BigInteger)
    desfeito: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    criado_em: Mapped[CreatedAt]
    iniciada_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    concluida_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
