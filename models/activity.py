"""What was done, said or promised about a lead.

Its text is personal data: it stands here and nowhere else. Rows without foreign keys, like all that
hangs on a lead.
"""

from datetime import datetime
from enum import StrEnum
from typing import cast

from sqlalchemy import BigInteger, DateTime, Identity, Index, String, Table, Text, false, text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import CreatedAt

MAX_TEXT = 4_000  # characters


class ActivityKind(StrEnum):
    LIGACAO = "ligacao"
    WHATSAPP = "whatsapp"
    EMAIL = "email"
    REUNIAO = "reuniao"
    NOTA = "nota"
    TAREFA = "tarefa"


class Result(StrEnum):
    ATENDEU = "atendeu"
    NAO_ATENDEU = "nao_atendeu"
    NUMERO_ERRADO = "numero_errado"
    SEM_INTERESSE = "sem_interesse"
    AGENDOU = "agendou"
    NAO_CONTATAR = "nao_contatar"
    OUTRO = "outro"


_OPEN = "concluida_em is null"
_DONE = "resultado is not null and concluida_em is not null"


class Activity(Tenant, Base):
    __tablename__ = "atividades"
    __table_args__ = (
        Index(None, "equipe_id", "lead_id", "criado_em", "id"),
        # Promises: a person's, the equipe's, a lead's.
        Index(
            None, "equipe_id", "responsavel_id", "prevista_para", "id", postgresql_where=text(_OPEN)
        ),
        Index(None, "equipe_id", "prevista_para", "id", postgresql_where=text(_OPEN)),
        Index(None, "equipe_id", "lead_id", "prevista_para", postgresql_where=text(_OPEN)),
        # Attempts to reach the person.
        Index(None, "equipe_id", "lead_id", "concluida_em", "id", postgresql_where=text(_DONE)),
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    lead_id: Mapped[int] = mapped_column(BigInteger)
    # Who wrote it; None: what the server derived from a lead's next contact.
    usuario_id: Mapped[int | None] = mapped_column(BigInteger)
    chave_id: Mapped[int | None] = mapped_column(BigInteger)
    # Whose promise it is while it is open: the lead's responsável.
    responsavel_id: Mapped[int | None] = mapped_column(BigInteger)
    tipo: Mapped[str] = mapped_column(String(12))
    resultado: Mapped[str | None] = mapped_column(String(16))
    texto: Mapped[str | None] = mapped_column(Text)
    prevista_para: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    concluida_em: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    # Of a promise that is open no longer, and was not kept.
    encerrada: Mapped[bool] = mapped_column(server_default=false())
    criado_em: Mapped[CreatedAt]
    atualizado_em: Mapped[CreatedAt]


ACTIVITIES = cast(Table, Activity.__table__)
