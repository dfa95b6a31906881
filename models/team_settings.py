"""A tenant's own settings; one row per tenant, from its first day."""

import json
from copy import deepcopy
from typing import Any, cast

from sqlalchemy import String, Table
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk

# How a queue works for a tenant that has not said otherwise: minutes, hours by result (the last one
# counts for all later attempts), attempts, and the weight of a lead's value.
QUEUE_DEFAULTS: dict[str, Any] = {
    "reserva_min": 20,
    "esperas_h": {
        "atendeu": [24],
        "nao_atendeu": [4, 24, 72],
        "numero_errado": [24],
        "sem_interesse": [24],
        "agendou": [24],
        "nao_contatar": [24],
        "outro": [24],
    },
    "intervalo_min": 0,
    "retomada_min": 1_440,
    "tentativas": 6,
    "gama": 1,
    "horario": None,
    "uf": None,
    "feriados": [],
}
REASON_LENGTH = 200  # characters of a reason of loss


class TeamSettings(Tenant, Base):
    __tablename__ = "configuracao"
    __table_args__ = team_fk()

    # Grows with each change of the stages and what belongs to them.
    funil_versao: Mapped[int] = mapped_column(server_default="1", default=1)
    # The only reasons of loss; None: any text is one.
    motivos_perda: Mapped[list[str] | None] = mapped_column(ARRAY(String(REASON_LENGTH)))
    fila: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default=json.dumps(QUEUE_DEFAULTS), default=lambda: deepcopy(QUEUE_DEFAULTS)
    )
    # The rules and the model that scores follow from now; 0: those that every tenant begins with,
    # and none.
    regras_versao: Mapped[int] = mapped_column(server_default="0", default=0)
    modelo_versao: Mapped[int] = mapped_column(server_default="0", default=0)
    # Which part of its leads the tenant says that it wins, until its own closed leads tell.
    taxa_ganho: Mapped[float | None]
    # Fields that the model learns from by the tenant's decision: {campo: {motivo, por, em}}.
    campos_permitidos: Mapped[dict[str, Any]] = mapped_column(
        JSONB, server_default="{}", default=dict
    )


SETTINGS = cast(Table, TeamSettings.__table__)
