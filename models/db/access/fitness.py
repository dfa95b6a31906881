"""What a database must be before anything is served from it."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from utils.postgres.binaries import OLDEST_MAJOR


class UnfitDatabase(RuntimeError):
    """The database cannot be used; the text is one sentence for the operator."""


def refuse_unfit(engine: Engine) -> None:
    """Check every new connection: the database may have started, or changed, since the last one."""
    # Before SQLAlchemy's own questions, which an old server may not understand.
    event.listen(engine, "connect", _check, insert=True)


def _check(connection: Any, _: object) -> None:
    """Check what the server reported when it accepted the connection; this sends no statement."""
    encoding = connection.get_parameter_status("server_encoding")
    major = connection.server_version // 10_000
    if major < OLDEST_MAJOR:
        connection.close()
        raise UnfitDatabase(
            f"O servidor é um PostgreSQL {major}, e a FinLead API precisa do {OLDEST_MAJOR} ou "
            "mais novo: aponte DATABASE_URL para outro."
        )
    if encoding != "UTF8":
        connection.close()
        raise UnfitDatabase(
            f"O banco de dados guarda textos em {encoding}, e a FinLead API precisa de UTF8: crie "
            "outro com createdb --encoding=UTF8 --template=template0."
        )
