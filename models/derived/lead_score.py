"""A lead's score, kept apart: scoring is no change to the lead and bumps no `versao`.

Derived rows without foreign keys: the one statement that writes them selects from leads, and
checking each row again would cost an import a tenth of its time.
"""

from typing import cast

from sqlalchemy import BigInteger, Index, SmallInteger, String, Table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import CreatedAt


class LeadScore(Tenant, Base):
    __tablename__ = "lead_pontuacao"
    __table_args__ = (
        Index(None, "equipe_id", "score", "lead_id"),
        Index(None, "equipe_id", "responsavel_id", "score", "lead_id"),
        Index(None, "equipe_id", "etapa", "score", "lead_id"),
    )

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    score: Mapped[int] = mapped_column(SmallInteger)
    faixa: Mapped[str] = mapped_column(String(8))
    probabilidade: Mapped[float | None]
    versao: Mapped[int]
    # The model that `probabilidade` is from, 0 for none, and its log-odds.
    modelo_versao: Mapped[int] = mapped_column(server_default="0")
    logit: Mapped[float | None]
    # Points of each rule of that version, in its order: the reasons as they were when scored.
    pontos: Mapped[list[int]] = mapped_column(ARRAY(SmallInteger))
    calculado_em: Mapped[CreatedAt]
    # The lead's own, so that an index can give a person's or a stage's leads by score.
    responsavel_id: Mapped[int | None] = mapped_column(BigInteger)
    etapa: Mapped[str] = mapped_column(String(40))


SCORES = cast(Table, LeadScore.__table__)
