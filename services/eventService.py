"""The feed of events, for programs that follow what happens: in one order, each event once.

A follower remembers where it stood; what it may read next is said in models/db/epochs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from models.db.epochs import READABLE
from models.db.messages.queries import Query, Row
from models.db.statements import fetch
from services.errors import InvalidCursorGiven
from services.policy import require_gestor
from services.principal import Principal
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor

FIELDS = tuple(
    (
        "id tipo lead_id usuario_id chave_id alvo_id trabalho_id importacao_id versao campos "
        "de_etapa para_etapa dados criado_em"
    ).split()
)
# Events that one call looks at in search of rare kinds, before it says how far it has come.
STRETCH = 5_000
_COLUMNS = ", ".join("cast(dados as text)" if name == "dados" else name for name in FIELDS)
_BEHIND = f"""
from eventos where equipe_id = %(equipe_id)s
  and (epoca, xid, id) > (%(epoca)s, cast(%(xid)s as xid8), %(id)s) and {READABLE}
order by epoca, xid, id"""
_PAGE = Query(
    f"select {_COLUMNS}, epoca, cast(xid as text) as lugar {_BEHIND} limit %(limite)s", {}, hot=True
)
# Of a stretch those of some kinds, and its last one, which tells where it ended.
_PAGE_OF_KINDS = Query(
    f"""
    select {_COLUMNS}, epoca, cast(xid as text) as lugar from (
      select trecho.*, lead(id) over (order by epoca, xid, id) is null as ultimo
      from (select * {_BEHIND} limit {STRETCH}) trecho
    ) marcados where tipo = any(%(tipos)s) or ultimo order by epoca, xid, id limit %(limite)s
    """,  # noqa: S608
    {},
    hot=True,
)


class Place(NamedTuple):
    """Behind which event a follower goes on. No event stands before this one."""

    epoca: int = 0
    xid: str = "0"
    id: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """Events as rows of FIELDS, `dados` as JSON text, and where the next page begins: also where
    there is nothing new."""

    rows: Sequence[Row]
    proximo: str


def follow(
    caller: Principal,
    *,
    tipos: Sequence[str],
    limite: int,
    depois: str | None,
    cursor_key: bytes,
) -> Page:
    """The next events of the tenant, of these kinds only if any are named.

    A place is one in the order of all events, so a follower may ask for other kinds from there on.
    A page that is not full does not mean that there are no more. Raises Forbidden,
    InvalidCursorGiven.
    """
    require_gestor(caller)
    view = f"events {caller.equipe_id}"
    place = _read(cursor_key, view, depois) if depois else Place()
    asked: dict[str, Any] = {**place._asdict(), "equipe_id": caller.equipe_id, "limite": limite}
    if tipos:
        asked["tipos"] = [str(tipo) for tipo in tipos]
    rows = fetch(_PAGE_OF_KINDS if tipos else _PAGE, asked, equipe_id=caller.equipe_id)
    if rows:
        epoca, xid = rows[-1][-2:]
        place = Place(epoca, xid, rows[-1][0])
    wanted = [row[:-2] for row in rows if not tipos or row[1] in tipos]
    return Page(wanted, encode_cursor(cursor_key, view, list(place)))


def _read(key: bytes, view: str, cursor: str) -> Place:
    try:
        epoca, xid, event_id = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return Place(int(epoca or 0), str(xid), int(event_id or 0))
