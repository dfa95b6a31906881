"""`python -m bench.streaming [--lines 1000000] [--few 10000]`: a large file, and who is beside it.

`flask leads import` takes a file of `--few` lines and one of `--lines`: the memory of the second at
its peak against that of the first. While the second one goes in, four clients create leads in its
equipe, another equipe lists its own, and a follower reads /events: how long each waits is printed.
Exit code 1 when a promise is broken: memory over 1.2 times, a 503, a create over 2 s (p99), an
event that comes more than 3 s after it was written.
"""

import json
import os
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from bench import load, people
from bench.command import ending, parser
from bench.database import product_environment
from bench.errors import BenchFailed
from bench.people import Team
from bench.stand import Stand, open_stand
from config import ROOT

_CLIENTS = 4
_FIRST = 50_000_000  # no lead of the clients has the number of one of the file
_GROWTH, _SLOWEST, _LATEST = 1.2, 2.0, 3.0
_CHUNK = 10_000


@dataclass
class Beside:
    """What those who work meanwhile have seen."""

    creates: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)
    lists: list[float] = field(default_factory=list)
    lags: list[float] = field(default_factory=list)


def main() -> None:
    options = parser("streaming", __doc__)
    options.add_argument("--lines", type=int, default=1_000_000)
    options.add_argument("--few", type=int, default=10_000)
    asked = options.parse_args()
    with ending("streaming"), open_stand("streaming") as stand:
        sound = _run(stand, asked.few, asked.lines)
    sys.exit(0 if sound else 1)


def _run(stand: Stand, few: int, lines: int) -> bool:
    team = people.open_team(stand, "equipe", range(1, 1_001))
    other = people.open_team(stand, "outra", range(1, 1_001))
    small, _ = _import(stand, team, _file(stand.folder, "poucas", range(10_000, 10_000 + few)))
    file = _file(stand.folder, "muitas", range(1_000_000, 1_000_000 + lines))
    beside, over = Beside(), threading.Event()
    threads = [
        threading.Thread(target=_create, args=(stand, team, beside, over, n))
        for n in range(_CLIENTS)
    ]
    threads += [
        threading.Thread(target=_list, args=(stand, other, beside, over)),
        threading.Thread(target=_follow, args=(stand, team, beside, over)),
    ]
    for thread in threads:
        thread.start()
    try:
        large, seconds = _import(stand, team, file)
    finally:
        over.set()
        for thread in threads:
            thread.join()
    print(f"{lines:,} lines in {seconds:.0f} s: {lines / seconds:,.0f} a second")
    print(f"memory at its peak: {few:,} lines {small:.0f} MiB, {lines:,} lines {large:.0f} MiB")
    return _told(beside, large / small)


def _told(beside: Beside, growth: float) -> bool:
    slowest, latest = _quantile(beside.creates, 0.99), max(beside.lags, default=0.0)
    print(f"memory, many / few lines: {growth:.2f} (at most {_GROWTH})")
    print(f"creates beside it: {dict(beside.statuses)}, p99 {slowest:.2f} s (at most {_SLOWEST})")
    print(f"the slowest create: {max(beside.creates):.2f} s")
    print(f"another equipe's list: p99 {_quantile(beside.lists, 0.99):.3f} s")
    print(f"events: the latest came {latest:.1f} s after it was written (at most {_LATEST})")
    refused = sum(n for status, n in beside.statuses.items() if status != 201)
    return growth <= _GROWTH and slowest <= _SLOWEST and latest <= _LATEST and not refused


def _file(folder: Path, name: str, numbers: range) -> Path:
    path = folder / f"{name}.csv"
    with path.open("wb") as file:
        for first in numbers[::_CHUNK]:
            part = people.csv(range(first, min(first + _CHUNK, numbers.stop)))
            file.write(part if first == numbers.start else part.split(b"\n", 1)[1])
    return path


def _import(stand: Stand, team: Team, file: Path) -> tuple[float, float]:
    """By `flask leads import`: its memory at the peak in MiB, and the seconds it took."""
    command = [sys.executable, "-m", "flask", "--app", str(ROOT / "app.py"), "leads", "import"]
    own = {"FINLEAD_INSTANCE": str(stand.folder)}
    began, peak = time.monotonic(), 0.0
    process = subprocess.Popen(
        [*command, str(file), "--usuario", team.email, "--json"],
        cwd=ROOT,
        env=os.environ | product_environment(stand.port, **own),
        stdout=subprocess.PIPE,
        text=True,
    )
    watched = psutil.Process(process.pid)
    while process.poll() is None:
        try:
            peak = max(peak, watched.memory_info().rss / 2**20)
        except psutil.NoSuchProcess:
            break
        time.sleep(0.02)
    said = process.communicate()[0]
    if process.returncode or json.loads(said)["estado"] != "concluida":
        raise BenchFailed(f"flask leads import: {said[-500:]}")
    return peak, time.monotonic() - began


def _create(stand: Stand, team: Team, beside: Beside, over: threading.Event, number: int) -> None:
    for n in _numbers(number):
        if over.is_set():
            return
        body = json.dumps(people.lead(n)).encode()
        began = time.monotonic()
        status, said = load.one(stand.port, load.request("POST", "/leads", team.token, body))
        beside.creates.append(time.monotonic() - began)
        if status != 201:
            print(f"{time.strftime('%X')}: {status} after {beside.creates[-1]:.2f} s: {said!r}")
        beside.statuses[status] += 1
        time.sleep(0.05)


def _numbers(client: int) -> Iterator[int]:
    n = _FIRST + client * 1_000_000
    while True:
        yield n
        n += 1


def _list(stand: Stand, team: Team, beside: Beside, over: threading.Event) -> None:
    while not over.is_set():
        beside.lists += load.timed(stand.port, [load.request("GET", "/leads", team.token)])
        time.sleep(0.1)


def _follow(stand: Stand, team: Team, beside: Beside, over: threading.Event) -> None:
    """The age of the newest event that the feed does not show yet."""
    newest = (
        "select coalesce(extract(epoch from clock_timestamp() - min(criado_em)), 0) from eventos "
        "where equipe_id = :e and xid >= pg_snapshot_xmin(pg_current_snapshot())"
    )
    while not over.is_set():
        ((lag,),) = stand.sql(newest, e=team.equipe_id)
        beside.lags.append(float(str(lag)))
        time.sleep(0.2)


def _quantile(seconds: list[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)] if seconds else 0.0


if __name__ == "__main__":
    main()
