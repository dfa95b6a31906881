"""The SQL of a request as PostgreSQL received it, and pgbench sending the same.

The statements are not written down here: the server is asked to log what arrives, one real
request is made, and its log is read back. So the yardstick follows the product.
"""

import os
import re
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench.errors import BenchFailed
from bench.site import Site

_MARK = "@@entry "
_STATEMENT = f"{_MARK}LOG:  statement: "
_LOGGING = {"log_statement": "all", "log_line_prefix": _MARK, "log_lock_waits": "off"}


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
    found = [_message(_MARK + entry) for entry in entries]
    return [text for text in found if text is not None and "alter system" not in text]


def script(messages: Sequence[str], variable: Sequence[tuple[str, str]] = ()) -> str:
    """A pgbench script that sends these messages, each as one.

    `variable` pairs the pattern of a literal with the pgbench variable that stands in for it.
    """
    lines = []
    for message in messages:
        for pattern, name in variable:
            message = re.sub(pattern, name, message)
        # `\\;` keeps several statements in one message; `\\gset` reads the new row's id.
        message = message.rstrip().rstrip(";").replace("; ", " \\; ")
        lines.append(message + (" \\gset" if message.startswith("INSERT INTO leads") else ";"))
    return "\n".join([*lines, ""])


def pgbench(site: Site, scripts: Sequence[str], clients: int, seconds: int) -> Tps:
    """Send the scripts at random from this many connections; each script is one transaction."""
    arguments = [
        "-n",
        "-M",
        "simple",
        "-c",
        str(clients),
        "-j",
        _threads(clients),
        "-T",
        str(seconds),
    ]
    for number, content in enumerate(scripts):
        path = Path(site.folder) / f"script{number}.sql"
        path.write_text(content)
        arguments += ["-f", str(path)]
    printed = site.client("pgbench", *arguments)
    failed = re.search(r"failed transactions: (\d+)", printed)
    if failed and int(failed[1]):
        raise BenchFailed(f"pgbench: {failed[0]}")
    rate = re.search(r"tps = ([\d.]+) \(without", printed)
    done = re.search(r"actually processed: (\d+)", printed)
    assert rate is not None and done is not None, printed
    return Tps(float(rate[1]), int(done[1]))


def _threads(clients: int) -> str:
    return str(min(clients, os.cpu_count() or 1))


def _message(entry: str) -> str | None:
    if not entry.startswith(_STATEMENT):
        return None
    # The log indents every line of an entry but the first.
    return entry.removeprefix(_STATEMENT).replace("\n\t", "\n").strip()


def _reload(site: Site) -> None:
    site.sql("select pg_reload_conf()")
    time.sleep(0.5)  # every backend reads it before its next statement
