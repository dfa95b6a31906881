"""`python -m bench.upgrade [--leads 1000000]`: is 0.1.0's data still there, up and down again?

Makes a database of version 0.1.0 with so many leads in 20 tenants and whatever its columns may
hold: nulls, the largest and smallest amounts, odd spellings; closed, deleted and restored leads
with their events. Then `flask db upgrade`, `flask db check`, `downgrade` to where it came from and
`upgrade` again. After each step every column of 0.1.0 must give the checksum that it had (where a
later version keeps it: MOVED in bench/upgrading/sums.py), and the way down and up must end in the
schema that was there before. Prints how long each step took. Exit code 1: something is lost or has
drifted; 2: a step did not finish.
"""

import sys
import time
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bench import frozen
from bench.command import ending, parser
from bench.database import Database, open_database
from bench.errors import BenchFailed
from bench.upgrading import sums
from utils.postgres.migrations import known

_FILL = Path(__file__).parent / "upgrading" / "fill.sql"
_SHOWN = 20  # differences of a step


def main() -> None:
    options = parser("upgrade", __doc__)
    options.add_argument("--leads", type=int, default=1_000_000)
    leads = options.parse_args().leads
    with ending("upgrade"), open_database("upgrade") as database:
        sound = Journey(database).run(leads)
    sys.exit(0 if sound else 1)


class Journey:
    """Up, down and up again, with what was there at the start."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._sound = True
        self._columns: dict[str, list[sums.Column]] = {}
        self._keys: dict[str, str] = {}
        self._before: dict[sums.Column, str] = {}

    def run(self, leads: int) -> bool:
        self._start(leads)
        old = self._schema()
        self._migrate("upgrade")
        new = self._schema()
        self._compare(sums.MOVED)
        self._check()
        self._migrate("downgrade", frozen.REVISION)
        self._same_schema("0.1.0's", old)
        self._compare({})
        self._migrate("upgrade")
        self._same_schema("the newest", new)
        self._compare(sums.MOVED)
        return self._sound

    def _start(self, leads: int) -> None:
        self._database.migrate("upgrade", frozen.REVISION)
        began = time.perf_counter()
        self._database.run_file(_FILL, leads=leads)
        self._database.sql(frozen.scoring("leads.excluido_em is null"))
        self._database.settle()
        rows = self._database.sql("select count(*), count(distinct equipe_id) from leads")[0]
        events = self._database.sql("select count(*) from eventos")[0][0]
        _tell(f"{frozen.REVISION}, {rows[0]:,} leads of {rows[1]}, {events:,} events", began)
        began = time.perf_counter()
        self._columns, self._keys = sums.tables(self._database), sums.keys(self._database)
        self._before = sums.checksums(self._database, self._columns, self._keys, {})
        _tell(f"checksums of {len(self._before)} columns", began)

    def _migrate(self, *arguments: str) -> None:
        began = time.perf_counter()
        self._database.migrate(*arguments)
        _tell(f"flask db {' '.join(arguments)} ({frozen.REVISION} to {known()[-1]})", began)

    def _check(self) -> None:
        began = time.perf_counter()
        try:
            self._database.migrate("check")
        except BenchFailed as error:
            self._sound = False
            print(error)
        _tell("flask db check", began)

    def _compare(self, moved: Mapping[sums.Column, str]) -> None:
        began = time.perf_counter()
        now = sums.checksums(self._database, self._columns, self._keys, moved)
        lost = [f"{c.table}.{c.name}" for c, value in self._before.items() if now[c] != value]
        self._report("columns that say something else", lost)
        _tell(f"  {len(now) - len(lost)} of {len(now)} columns as before", began)

    def _schema(self) -> Counter[str]:
        """Its lines in no order: a column that comes back stands last."""
        dump = self._database.client("pg_dump", "--schema-only", role="postgres")
        lines = (line.strip().rstrip(",") for line in dump.splitlines())
        return Counter(line for line in lines if line and line[0] not in "\\-")

    def _same_schema(self, name: str, wanted: Counter[str]) -> None:
        found = self._schema()
        gone, new = wanted - found, found - wanted
        self._report(f"lines of {name} schema", [f"- {x}" for x in gone] + [f"+ {x}" for x in new])

    def _report(self, what: str, differences: list[str]) -> None:
        self._sound &= not differences
        if differences:
            print("\n    ".join([f"  {len(differences)} {what}:", *differences[:_SHOWN]]))


def _tell(step: str, began: float) -> None:
    print(f"{step:<72} {time.perf_counter() - began:>8.1f} s", flush=True)


if __name__ == "__main__":
    main()
