"""What a database must be before anything is served from it."""

from typing import Any

from sqlalchemy import event
from sqlalchemy.engine import Engine

from utils.postgres.binaries import OLDEST_MAJOR


class UnfitDatabase(RuntimeError):
    """Nothing is served from it; the text is one sentence for whoever set it up."""


def refuse_unfit(engine: Engine) -> None:
    """Every new connection is asked: the database may have come up, or changed, only now."""
    # Before SQLAlchemy's own questions, which an old server may not understand.
    event.listen(engine, "connect", _check, insert=True)


def _check(connection: Any, _: object) -> None:
    """What the server says of itself as it lets a connection in, so that nothing is sent."""
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
