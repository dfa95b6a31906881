"""A lease on a tenant's one import, shared by every process through PostgreSQL.

It is taken before the body is read, renewed as the body arrives, and ends by itself when its
process dies. A running import also holds a lock for as long as its transaction lasts.
"""

from contextlib import suppress
from secrets import token_hex

from sqlalchemy.exc import DBAPIError

from models.db.locks import lock_id
from models.db.messages.queries import Query
from models.db.statements import fetch
from services.errors import ImportRunning

LEASE = 60  # seconds
_TAKE = Query(
    "insert into importacao_vez (equipe_id, titular, ate) "
    "select %(equipe_id)s, %(titular)s, clock_timestamp() + %(prazo)s * interval '1 second' "
    "where pg_try_advisory_xact_lock(%(trava)s) "
    "on conflict (equipe_id) do update set titular = excluded.titular, ate = excluded.ate "
    "where importacao_vez.ate < clock_timestamp() or importacao_vez.titular = excluded.titular "
    "returning titular",
    {"prazo": LEASE},
)
_RENEW = Query(
    "update importacao_vez set ate = clock_timestamp() + %(prazo)s * interval '1 second' "
    "where equipe_id = %(equipe_id)s and titular = %(titular)s returning titular",
    {"prazo": LEASE},
)
_END = Query(_RENEW.sql, {"prazo": 0})


def lock_of(equipe_id: int) -> str:
    """The lock that a running import of this tenant holds."""
    return f"importacao:{equipe_id}"


def take(equipe_id: int) -> str:
    """Take the tenant's turn; its holder. Raises ImportRunning."""
    holder = token_hex(16)
    values = {"titular": holder, "trava": lock_id(lock_of(equipe_id))}
    if not _sent(_TAKE, equipe_id, values):
        raise ImportRunning()
    return holder


def renew(equipe_id: int, holder: str) -> None:
    """Keep the turn for another LEASE. Raises ImportRunning if somebody else has taken it."""
    if not _sent(_RENEW, equipe_id, {"titular": holder}):
        raise ImportRunning()


def end(equipe_id: int, holder: str) -> None:
    """Give the turn back. Without a database it ends by itself, and the import's outcome stands."""
    with suppress(DBAPIError):
        _sent(_END, equipe_id, {"titular": holder})


def _sent(query: Query, equipe_id: int, values: dict[str, object]) -> bool:
    return bool(fetch(query, {"equipe_id": equipe_id, **values}, equipe_id=equipe_id))
