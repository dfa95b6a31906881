"""Deleted leads are listed, so that they can be restored: an index over them alone."""

from alembic import op
from sqlalchemy import text

revision = "0004"
down_revision = "0003"

_INDEX = "ix_leads_equipe_id_excluido_em_id"


def upgrade() -> None:
    op.create_index(
        _INDEX,
        "leads",
        ["equipe_id", "excluido_em", "id"],
        postgresql_where=text("excluido_em is not null"),
    )


def downgrade() -> None:
    op.drop_index(_INDEX, "leads")
