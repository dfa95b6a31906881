"""A tenant's own settings; one row per tenant, from its first day."""

from typing import cast

from sqlalchemy import String, Table
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk

REASON_LENGTH = 200  # characters of a reason of loss


class TeamSettings(Tenant, Base):
    __tablename__ = "configuracao"
    __table_args__ = team_fk()

    # Grows with each change of the stages and what belongs to them.
    funil_versao: Mapped[int] = mapped_column(server_default="1", default=1)
    # The only reasons of loss; None: any text is one.
    motivos_perda: Mapped[list[str] | None] = mapped_column(ARRAY(String(REASON_LENGTH)))


SETTINGS = cast(Table, TeamSettings.__table__)
