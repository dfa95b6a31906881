"""What the sweep needs: the owner of a kept reply, and a function that deletes from the history.

Only refused logins older than 90 days may be deleted, through this function and by the owner alone;
the trigger refuses every other change to `eventos`, for every role.
"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

_OLD_REFUSAL = "old.tipo = 'login_recusado' and old.criado_em < now() - interval '90 days'"


def upgrade() -> None:
    op.add_column("idempotencia", sa.Column("lead_id", sa.BigInteger()))
    op.add_column(
        "idempotencia", sa.Column("chave_id", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.drop_constraint("pk_idempotencia", "idempotencia", type_="primary")
    op.create_primary_key(
        "pk_idempotencia", "idempotencia", ["equipe_id", "usuario_id", "chave_id", "chave"]
    )
    op.create_index(
        "ix_eventos_equipe_id_criado_em",
        "eventos",
        ["equipe_id", "criado_em"],
        postgresql_where=sa.text("tipo = 'login_recusado'"),
    )
    op.execute("drop trigger somente_acrescimo on eventos")
    op.execute(
        "create trigger somente_acrescimo before update or truncate on eventos "
        "for each statement execute function eventos_somente_acrescimo()"
    )
    op.execute(
        "create trigger sem_exclusao before delete on eventos for each row "
        f"when (not ({_OLD_REFUSAL})) execute function eventos_somente_acrescimo()"
    )
    op.execute("grant delete on eventos to current_user")
    op.execute(
        """
        create function apagar_logins_recusados(maximo int) returns bigint
        language plpgsql security definer set search_path from current as $$
        declare apagados bigint;
        begin
          delete from eventos where ctid = any (array(
            select ctid from eventos
            where equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint
              and tipo = 'login_recusado' and criado_em < now() - interval '90 days'
            limit maximo));
          get diagnostics apagados = row_count;
          return apagados;
        end $$
        """
    )


def downgrade() -> None:
    op.execute("drop function apagar_logins_recusados(int)")
    op.execute("revoke delete on eventos from current_user")
    op.execute("drop trigger sem_exclusao on eventos")
    op.execute("drop trigger somente_acrescimo on eventos")
    op.execute(
        "create trigger somente_acrescimo before update or delete or truncate on eventos "
        "for each statement execute function eventos_somente_acrescimo()"
    )
    op.drop_index("ix_eventos_equipe_id_criado_em", "eventos")
    op.execute("delete from idempotencia where chave_id <> 0")
    op.drop_constraint("pk_idempotencia", "idempotencia", type_="primary")
    op.create_primary_key("pk_idempotencia", "idempotencia", ["equipe_id", "usuario_id", "chave"])
    op.drop_column("idempotencia", "chave_id")
    op.drop_column("idempotencia", "lead_id")
