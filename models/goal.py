"""What a tenant wants to win in a month: of all produtos or of one, by one person or by all."""

from datetime import date
from typing import cast

from sqlalchemy import BigInteger, ForeignKeyConstraint, Index, String, Table
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import Key


class GoalMonth(Tenant, Base):
    """A month that has goals, or had some; `mes` is its first day."""

    __tablename__ = "metas_meses"
    __table_args__ = team_fk()

    mes: Mapped[date] = mapped_column(primary_key=True)
    # Grows with each change of the month's goals.
    versao: Mapped[int] = mapped_column(server_default="0")


class Goal(Tenant, Base):
    """One goal; without `responsavel_id` it is of all people, without `produto` of all produtos."""

    __tablename__ = "metas"
    __table_args__ = (
        # A month points at its tenant, so its goals need not do it again.
        ForeignKeyConstraint(["equipe_id", "mes"], ["metas_meses.equipe_id", "metas_meses.mes"]),
        ForeignKeyConstraint(
            ["equipe_id", "responsavel_id"], ["usuarios.equipe_id", "usuarios.id"]
        ),
        Index(
            None,
            "equipe_id",
            "mes",
            "responsavel_id",
            "produto_chave",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
    )

    id: Mapped[Key]
    mes: Mapped[date]
    responsavel_id: Mapped[int | None] = mapped_column(BigInteger)
    produto: Mapped[str | None] = mapped_column(String(80))
    produto_chave: Mapped[str | None] = mapped_column(String(320))
    valor_centavos: Mapped[int | None] = mapped_column(BigInteger)
    ganhos: Mapped[int | None]


GOAL_MONTHS = cast(Table, GoalMonth.__table__)
