"""Long work of a tenant, done in steps beside the requests. Global table: a worker takes a job
before it knows whose it is.

A step's writes and the job's row commit together. So a worker that is killed loses nothing and
doubles nothing: the next one goes on from the row.
"""

from datetime import datetime
from enum import StrEnum
from typing import Any, cast

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKeyConstraint,
    Index,
    String,
    Table,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base
from models.types import CreatedAt, Key


class JobState(StrEnum):
    """`estado`. EM_ANDAMENTO: a step has been begun, whether a worker holds the job now or not."""

    NA_FILA = "na_fila"
    EM_ANDAMENTO = "em_andamento"
    CONCLUIDA = "concluida"
    FALHOU = "falhou"
    CANCELADA = "cancelada"


ENDED = frozenset({JobState.CONCLUIDA, JobState.FALHOU, JobState.CANCELADA})
_QUEUED, _RUNNING = (text(f"estado = '{state}'") for state in ("na_fila", "em_andamento"))
_Moment = Mapped[datetime | None]


class Job(Base):
    __tablename__ = "trabalhos"
    __table_args__ = (
        ForeignKeyConstraint(["equipe_id"], ["equipes.id"]),
        ForeignKeyConstraint(["equipe_id", "usuario_id"], ["usuarios.equipe_id", "usuarios.id"]),
        CheckConstraint(
            "estado in ('na_fila', 'em_andamento', 'concluida', 'falhou', 'cancelada')",
            name="estado",
        ),
        CheckConstraint("role in ('gestor', 'vendedor')", name="role"),
        Index("ix_trabalhos_equipe_id", "equipe_id", "id"),
        Index("ix_trabalhos_na_fila", "equipe_id", "id", postgresql_where=_QUEUED),
        # One at a time, so that a tenant leaves workers to the others.
        Index("uq_trabalhos_em_andamento", "equipe_id", unique=True, postgresql_where=_RUNNING),
        # Those that the sweep deletes when they are old.
        Index(None, "concluida_em", postgresql_where=text("concluida_em is not null")),
    )

    id: Mapped[Key]
    equipe_id: Mapped[int] = mapped_column(BigInteger)
    # Who asked, with the role in which they did; no one where the server itself did.
    usuario_id: Mapped[int | None] = mapped_column(BigInteger)
    chave_id: Mapped[int | None] = mapped_column(BigInteger)
    role: Mapped[str] = mapped_column(String(16))
    tipo: Mapped[str] = mapped_column(String(40))
    # May hold personal data, and is emptied when the job ends.
    parametros: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}", default=dict)
    estado: Mapped[str] = mapped_column(
        String(16), server_default=JobState.NA_FILA, default=JobState.NA_FILA
    )
    # How often the step that comes next was tried in vain.
    tentativas: Mapped[int] = mapped_column(server_default="0", default=0)
    # Which worker holds it, if any, and until when no other one takes it.
    tomado_por: Mapped[str | None] = mapped_column(String(32))
    tomado_ate: _Moment = mapped_column(DateTime(timezone=True))
    # Where the next step goes on; the kind of the job knows what it means.
    checkpoint: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    progresso: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    # What all steps together have come to until now.
    resultado: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    erro: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    criado_em: Mapped[CreatedAt]
    iniciada_em: _Moment = mapped_column(DateTime(timezone=True))
    cancelamento_em: _Moment = mapped_column(DateTime(timezone=True))
    concluida_em: _Moment = mapped_column(DateTime(timezone=True))


JOBS = cast(Table, Job.__table__)
