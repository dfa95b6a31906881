"""`python -m bench.interrupted [--imports 10] [--lines 20000]`: imports while parts are killed.

For each of a worker, the server and PostgreSQL, so many imports of a file whose every hundredth
line is bad, and `kill -9` meets that part twice while the import is at work. Then SQL
counts: every import is done, each of its good lines is one lead with one event, and its report
names every bad line. At last each import is undone, and no lead of it is left. Exit code 1 when a
promise is broken.
"""

import json
import random
import sys
import threading
import time
from collections import Counter

import psutil
from sqlalchemy.exc import DBAPIError

from bench import chaos, load, people
from bench.command import ending, parser
from bench.errors import BenchFailed
from bench.people import Team
from bench.stand import Stand, open_stand

_BAD_EVERY = 100
_PAUSE = (0.7, 2.5)  # seconds between two kills
# Of one import. A worker that ends badly is started again after a pause, which doubles each time.
_MOST_KILLS = 2
_IDLE = 2  # seconds after which a worker that has nothing to do ends well
_LONGEST = 600.0  # seconds that an import may take
_ASKS = 60.0  # seconds for which a request is tried again
_WHOLE = """
select i.estado, i.linhas, i.criados, i.rejeitados,
  (select count(*) from leads l where l.equipe_id = i.equipe_id and l.importacao_id = i.id),
  (select count(distinct documento) from leads l
   where l.equipe_id = i.equipe_id and l.importacao_id = i.id),
  (select count(*) from eventos e where e.equipe_id = i.equipe_id and e.importacao_id = i.id),
  (select count(*) from importacao_linhas l
   where l.equipe_id = i.equipe_id and l.importacao_id = i.id)
from importacoes i where i.equipe_id = :e and i.id = :id
"""
_UNDONE = """
select i.estado, (select count(*) from leads l
  where l.equipe_id = i.equipe_id and l.importacao_id = i.id and l.excluido_em is null)
from importacoes i where i.equipe_id = :e and i.id = :id
"""


def _kill_worker(stand: Stand) -> None:
    """Raises psutil.NoSuchProcess where none is at work just now."""
    if not stand.job_workers():
        raise psutil.NoSuchProcess(0)
    chaos.kill_job_worker(stand)


_KILLS: dict[str, chaos.Fault] = {
    "the worker": _kill_worker,
    "the server": chaos.kill_app,
    "PostgreSQL": chaos.kill_postmaster,
}


def main() -> None:
    options = parser("interrupted", __doc__)
    options.add_argument("--imports", type=int, default=10)
    options.add_argument("--lines", type=int, default=20_000)
    asked = options.parse_args()
    with ending("interrupted"), open_stand("interrupted", _IDLE) as stand:
        sound = [_torment(stand, name, asked.imports, asked.lines) for name in _KILLS]
    sys.exit(0 if all(sound) else 1)


def _torment(stand: Stand, name: str, imports: int, lines: int) -> bool:
    team = people.open_team(stand, name.replace(" ", "-").lower())
    finished, kills = threading.Event(), Counter[str]()
    init = threading.Thread(target=_tend, args=(stand, finished), daemon=True)
    init.start()
    whole = undone = 0
    try:
        for n in range(imports):
            first = 1_000_000 + n * lines
            file = people.csv(range(first, first + lines), bad_every=_BAD_EVERY)
            run_id = _asked(stand, team, file)
            kills[name] += _until_ended(stand, team, run_id, _KILLS[name])
            whole += _is_whole(stand, team, run_id, lines)
            undone += _is_undone(stand, team, run_id)
    finally:
        finished.set()
        init.join()
    print(
        f"{name}: killed {kills[name]} times during {imports} imports, {whole} are whole, "
        f"{undone} could be undone",
        flush=True,
    )
    return whole == undone == imports and kills[name] > 0


def _asked(stand: Stand, team: Team, file: bytes) -> int:
    raw = load.request("POST", "/leads/import", team.token, file, "text/csv")
    return _taken(stand, raw.replace(b"\r\n", b"\r\nPrefer: respond-async\r\n", 1))


def _taken(stand: Stand, raw: bytes) -> int:
    """Sent again until somebody takes it, since what was killed comes back: the import's number."""
    deadline = time.monotonic() + _ASKS
    while time.monotonic() < deadline:
        try:
            status, body = load.one(stand.port, raw)
            if status in (200, 202):
                return int(json.loads(body)["data"]["id"])
        except (OSError, BenchFailed):
            pass
        time.sleep(0.3)
    raise BenchFailed("a request was not taken for a minute")


def _until_ended(stand: Stand, team: Team, run_id: int, kill: chaos.Fault) -> int:
    """How often it was killed."""
    killed, deadline = 0, time.monotonic() + _LONGEST
    state = "select estado from importacoes where equipe_id = :e and id = :id"
    while time.monotonic() < deadline:
        time.sleep(random.uniform(*_PAUSE))
        try:
            ((now,),) = stand.sql(state, e=team.equipe_id, id=run_id)
            if now == "concluida":
                return killed
            if killed < _MOST_KILLS:
                kill(stand)
                killed += 1
        except (psutil.Error, DBAPIError, OSError):
            continue
    return killed


def _is_whole(stand: Stand, team: Team, run_id: int, lines: int) -> bool:
    bad = lines // _BAD_EVERY
    good = lines - bad
    found = stand.sql(_WHOLE, e=team.equipe_id, id=run_id)[0]
    expected = ("concluida", lines, good, bad, good, good, good, bad)
    if found != expected:
        print(f"  import {run_id}: {found}, expected {expected}", flush=True)
    return found == expected


def _is_undone(stand: Stand, team: Team, run_id: int) -> bool:
    """Undo it, and wait for that."""
    _taken(stand, load.request("POST", f"/imports/{run_id}/undo", team.token, b"{}"))
    deadline = time.monotonic() + _LONGEST
    found: object = None
    while time.monotonic() < deadline and found != ("desfeita", 0):
        time.sleep(0.2)
        (found,) = stand.sql(_UNDONE, e=team.equipe_id, id=run_id)
    time.sleep(_IDLE + 2)
    if found != ("desfeita", 0):
        print(f"  import {run_id}: {found} after its undo", flush=True)
    return found == ("desfeita", 0)


def _tend(stand: Stand, finished: threading.Event) -> None:
    while not finished.wait(0.1):
        stand.tend()


if __name__ == "__main__":
    main()
