"""The yardstick of list, get and create, frozen: what version 0.1.0 sent to PostgreSQL for them.

The messages stand in list.sql, get.sql and create.sql as PostgreSQL logged them, with pgbench's
variables for what differs from one request to the next. They are sent to a database of their own
on the server that the application uses too, with the tables of the migration below. Whatever
becomes of the product's tables and statements, the yardstick stays as long as it was.
"""

from collections.abc import Sequence
from pathlib import Path

from bench import wire
from bench.database import Database
from bench.people import Team
from bench.site import Site

REVISION = "0007"
_FOLDER = Path(__file__).parent
_NAME = "frozen"


def scoring(condition: str) -> str:
    """The statement of a create that scores, over all leads that match."""
    statement = (_FOLDER / "create.sql").read_text().split("INSERT INTO lead_pontuacao")[1]
    one = "leads.equipe_id = :equipe AND leads.id = :id"
    assert one in statement
    return "INSERT INTO lead_pontuacao" + statement.split(";")[0].replace(one, condition)


class Yardstick:
    """The frozen database beside a site's, with as many tenants and leads."""

    def __init__(self, site: Site, teams: Sequence[Team]) -> None:
        self.database = Database(site.database.postgres, site.folder, _NAME)
        self._sizes = [team.last - team.first + 1 for team in teams]
        if not site.sql("select from pg_database where datname = :name", name=_NAME):
            self._make()
        self.database.settle()

    def send(self, case: str, clients: int, seconds: int) -> wire.Tps:
        """pgbench with a case's messages, a tenant at random each time."""
        return wire.pgbench(self.database, self._scripts(case), clients, seconds)

    def _make(self) -> None:
        self.database.create()
        self.database.migrate("upgrade", REVISION)
        for equipe, leads in enumerate(self._sizes, start=1):
            self.database.run_file(_FOLDER / "fill.sql", equipe=equipe, leads=leads)

    def _scripts(self, case: str) -> list[str]:
        messages = (_FOLDER / f"{case}.sql").read_text()
        scripts, first = [], 1
        for equipe, leads in enumerate(self._sizes, start=1):
            known = {"equipe": equipe, "first": first, "last": first + leads - 1}
            scripts.append("".join(rf"\set {k} {v}" + "\n" for k, v in known.items()) + messages)
            first += leads
        return scripts
