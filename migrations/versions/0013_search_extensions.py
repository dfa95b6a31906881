"""What the search needs of the server: trigrams (pg_trgm), bigint in their index (btree_gin).

Every PostgreSQL 15 has them in its contrib package. They are trusted: whoever owns the database may
create them. Who may not, or has them not, is told so.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.exc import DBAPIError

from models.db.access.fitness import UnfitDatabase
from models.db.errors import is_forbidden

revision = "0013"
down_revision = "0012"

_NEEDED = ("pg_trgm", "btree_gin")


def upgrade() -> None:
    connection = op.get_bind()
    installed = set(connection.scalars(sa.text("select extname from pg_extension")))
    offered = set(connection.scalars(sa.text("select name from pg_available_extensions")))
    missing = [name for name in _NEEDED if name not in installed]
    if lacking := [name for name in missing if name not in offered]:
        raise UnfitDatabase(
            f"O servidor PostgreSQL não tem {' nem '.join(lacking)}, de que a busca precisa: "
            "instale nele o pacote postgresql-contrib e rode de novo a migração."
        )
    for name in missing:
        _create(connection, name)


def _create(connection: sa.Connection, name: str) -> None:
    try:
        connection.execute(sa.text(f"create extension if not exists {name}"))
    except DBAPIError as error:
        if not is_forbidden(error):
            raise
        raise UnfitDatabase(
            f"O usuário da migração não pode criar a extensão {name}, de que a busca precisa: rode "
            f"create extension {name} como superusuário neste banco e depois, de novo, a migração."
        ) from error


def downgrade() -> None:
    """Without what others use, or have made."""
    for name in _NEEDED:
        op.execute(
            f"do $$ begin drop extension if exists {name}; exception "
            "when dependent_objects_still_exist or insufficient_privilege then null; end $$"
        )
