"""The history of a tenant: one row per change, written in the change's own transaction.

Append-only (the migration takes UPDATE and DELETE away and a trigger refuses them to every role).
`usuario_id` is the user who made the change, `alvo_id` the user it was made to, if it is about one.
It holds ids and field names, never personal values, and has no foreign keys: an event stays when
the rows it names are gone.
"""

from enum import StrEnum
from typing import Any, cast

from sqlalchemy import BigInteger, Index, String, Table, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant
from models.types import CreatedAt, Key, TransactionId


class EventKind(StrEnum):
    """What can happen; every row of `eventos` is one of these."""

    EQUIPE_ALTERADA = "equipe_alterada"
    USUARIO_CRIADO = "usuario_criado"
    USUARIO_ALTERADO = "usuario_alterado"
    LOGIN = "login"
    LOGIN_RECUSADO = "login_recusado"
    LOGOUT = "logout"
    SESSAO_ENCERRADA = "sessao_encerrada"
    REFRESH_REUTILIZADO = "refresh_reutilizado"
    SENHA_ALTERADA = "senha_alterada"
    SENHA_REDEFINIDA = "senha_redefinida"
    CHAVE_CRIADA = "chave_criada"
    CHAVE_REVOGADA = "chave_revogada"
    LEADS_EXPORTADOS = "leads_exportados"
    LEAD_CRIADO = "lead_criado"
    LEAD_ALTERADO = "lead_alterado"
    LEAD_MOVIDO = "lead_movido"
    LEAD_EXCLUIDO = "lead_excluido"
    LEAD_RESTAURADO = "lead_restaurado"
    LEAD_DESFEITO = "lead_desfeito"
    LEAD_PULADO = "lead_pulado"
    LEAD_LIBERADO = "lead_liberado"
    RESERVA_ENCERRADA = "reserva_encerrada"
    ATIVIDADE_CRIADA = "atividade_criada"
    ATIVIDADE_ALTERADA = "atividade_alterada"
    ATIVIDADE_EXCLUIDA = "atividade_excluida"
    SCORE_REVISAO_PEDIDA = "score_revisao_pedida"
    SCORE_REVISAO_DECIDIDA = "score_revisao_decidida"
    SCORE_AJUSTADO = "score_ajustado"
    SCORE_AJUSTE_REMOVIDO = "score_ajuste_removido"
    FUNIL_ALTERADO = "funil_alterado"
    REGRAS_PUBLICADAS = "regras_publicadas"
    REGRAS_REVERTIDAS = "regras_revertidas"
    MODELO_ADOTADO = "modelo_adotado"
    METAS_ALTERADAS = "metas_alteradas"


class Event(Tenant, Base):
    __tablename__ = "eventos"
    __table_args__ = (
        # The timeline of a lead, and the followers of all events.
        Index(
            None,
            "equipe_id",
            "lead_id",
            "criado_em",
            "id",
            postgresql_where=text("lead_id is not null"),
        ),
        Index(None, "equipe_id", "epoca", "xid", "id"),
        # Those that the sweep deletes when they are old.
        Index(None, "equipe_id", "criado_em", postgresql_where=text("tipo = 'login_recusado'")),
    )

    id: Mapped[Key]
    tipo: Mapped[str] = mapped_column(String(40))
    lead_id: Mapped[int | None] = mapped_column(BigInteger)
    usuario_id: Mapped[int | None] = mapped_column(BigInteger)
    alvo_id: Mapped[int | None] = mapped_column(BigInteger)
    importacao_id: Mapped[int | None] = mapped_column(BigInteger)
    # The API key that made the change; without one it was the user in person.
    chave_id: Mapped[int | None] = mapped_column(BigInteger)
    # The lead's version after the change.
    versao: Mapped[int | None]
    outro_lead_id: Mapped[int | None] = mapped_column(BigInteger)
    trabalho_id: Mapped[int | None] = mapped_column(BigInteger)
    # Ids and numbers only, such as the instant (`desde`, in microseconds since 1970) from which a
    # stay was reported, and who cares for the lead from then on (`responsavel_id`).
    dados: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    campos: Mapped[list[str]] = mapped_column(ARRAY(String(64)), server_default="{}", default=list)
    de_etapa: Mapped[str | None] = mapped_column(String(40))
    para_etapa: Mapped[str | None] = mapped_column(String(40))
    criado_em: Mapped[CreatedAt]
    # A reader that follows the events reads only below the oldest running transaction, so that it
    # skips no row which commits late. A counter could not ensure that.
    # They do not survive a logical restore, which begins another epoch.
    epoca: Mapped[int] = mapped_column(server_default="0")
    xid: Mapped[str] = mapped_column(TransactionId, server_default=text("pg_current_xact_id()"))


EVENTS = cast(Table, Event.__table__)
