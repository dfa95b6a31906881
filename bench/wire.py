"""What a request sends to PostgreSQL, read back from the server's own log; and pgbench."""

import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bench.database import Database
from bench.errors import BenchFailed
from bench.site import Site

_MARK = "@@entry "
# The bench itself comes as superuser; whoever else does is the application.
_STATEMENT = re.compile(r"(?!postgres )\S+ LOG:  statement: (.*)", re.DOTALL)
_LOGGING = {"log_statement": "all", "log_line_prefix": f"{_MARK}%u ", "log_lock_waits": "off"}


@dataclass(frozen=True, slots=True)
class Tps:
    """What pgbench reached, and how many transactions it took."""

    per_second: float
    transactions: int


def record(site: Site, ask: Callable[[], object]) -> list[str]:
    """The messages that PostgreSQL gets while `ask` runs, in order."""
    log = site.data_dir / "server.log"
    for name, value in _LOGGING.items():
        site.sql(f"alter system set {name} = '{value}'")
    _reload(site)
    start = log.stat().st_size
    ask()
    for name in _LOGGING:
        site.sql(f"alter system reset {name}")
    with log.open("rb") as file:
        file.seek(start)
        entries = file.read().decode().split(_MARK)
    _reload(site)
    found = [_STATEMENT.fullmatch(entry) for entry in entries]
    # The log indents every line of an entry but the first.
    return [one[1].replace("\n\t", "\n").strip() for one in found if one is not None]


def pgbench(database: Database, scripts: Sequence[str], clients: int, seconds: int) -> Tps:
    """Send the scripts at random from this many connections; each script is one transaction."""
    arguments = f"-n -M simple -c {clients} -j {_threads(clients)} -T {seconds}".split()
    for number, content in enumerate(scripts):
        path = database.folder / f"script{number}.sql"
        path.write_text(content)
        arguments += ["-f", str(path)]
    printed = database.client("pgbench", *arguments)
    failed = re.search(r"failed transactions: (\d+)", printed)
    if failed and int(failed[1]):
        raise BenchFailed(f"pgbench: {failed[0]}")
    rate = re.search(r"tps = ([\d.]+) \(without", printed)
    done = re.search(r"actually processed: (\d+)", printed)
    assert rate is not None and done is not None, printed
    return Tps(float(rate[1]), int(done[1]))


def _threads(clients: int) -> str:
    return str(min(clients, os.cpu_count() or 1))


def _reload(site: Site) -> None:
    site.sql("select pg_reload_conf()")
    time.sleep(0.5)  # every backend reads it before its next statement
