"""A reader that follows the history of an equipe, and remembers its place."""

from sqlalchemy import Engine, text

from models.db.epochs import READABLE
from tests.faults.tools import wait_until
from tests.support.leads import rows
from tests.support.roles import connected

# Ordered by the column, not by the text that it is read as.
_NEXT = f"""
select epoca, xid::text as place, id from eventos
where equipe_id = :equipe and (epoca, xid, id) > (:epoca, cast(:xid as xid8), :id) and {READABLE}
order by epoca, xid, id limit :page
"""
_PAGE = 50
_HELD_UP = (
    "select exists (select from eventos where equipe_id = :equipe "
    "and xid >= pg_snapshot_xmin(pg_current_snapshot()))"
)


def settle(sql: Engine, equipe_id: int) -> None:
    """Wait until all events of an equipe may be read: other tests' transactions on this server hold
    a follower up."""
    wait_until(lambda: rows(sql, _HELD_UP, equipe=equipe_id) == [(False,)])


class Follower:
    """Reads with the API's role, as the API will. `seen`: the ids of events, in the order read."""

    def __init__(self, equipe_id: int) -> None:
        self.equipe_id = equipe_id
        self.place = (0, "0", 0)
        self.seen: list[int] = []

    def read(self, url: str) -> list[int]:
        """All that may be read now; the ids that are new."""
        with connected(url) as connection:
            connection.exec_driver_sql(f"set app.equipe_id = '{self.equipe_id}'")
            new = [id for page in iter(lambda: self._page(connection), []) for id in page]
        self.seen += new
        return new

    def _page(self, connection) -> list[int]:
        epoca, xid, id = self.place
        asked = {"equipe": self.equipe_id, "epoca": epoca, "xid": xid, "id": id, "page": _PAGE}
        rows = connection.execute(text(_NEXT), asked).all()
        if rows:
            self.place = tuple(rows[-1])
        return [row.id for row in rows]
