"""`python -m bench.jobs [--seconds 90]`: jobs of several equipes, while parts are killed.

First the calm: how long another equipe's list takes, idle and beside jobs that run; the ratio of
the two is printed. Then 30 jobs of five equipes score all their leads again, whose scores were
spoilt, while `kill -9` meets the worker that does them, the server, its parent, PostgreSQL, or all
at once, every few seconds. Then SQL counts: every job has ended well and once, has done each of its
leads, and no spoilt score is left. Exit code 1 when a promise is broken.
"""

import random
import re
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Sequence

import psutil
from sqlalchemy.exc import DBAPIError

from bench import chaos, load
from bench.command import ending, parser
from bench.people import Team, open_team
from bench.stand import Stand, open_stand

_EQUIPES, _JOBS, _LEADS = 5, 30, 20_000
_CALM_JOBS = 10
_LISTS = 1_500
_PAUSE = (2.0, 4.0)  # seconds between two kills
_KILLS: dict[str, chaos.Fault] = {
    "the worker of jobs": chaos.kill_job_worker,
    "the server": chaos.kill_app,
    "the server's parent": chaos.kill_main,
    "PostgreSQL": chaos.kill_postmaster,
    "all of it": chaos.kill_everything,
}
_SPOIL = "update lead_pontuacao set score = 1, pontos = '{}' where equipe_id = any(:equipes)"
_ASK = "insert into trabalhos (equipe_id, role, tipo) values (:equipe_id, 'gestor', 'repontuar')"
_LEFT = "select count(*) from trabalhos where concluida_em is null"


def main() -> None:
    options = parser("jobs", __doc__)
    options.add_argument("--seconds", type=int, default=90, help="at most, for the 30 jobs")
    asked = options.parse_args()
    with ending("jobs"), open_stand("jobs") as stand:
        sound = _run(stand, asked.seconds)
    sys.exit(0 if sound else 1)


def _run(stand: Stand, seconds: int) -> bool:
    teams = [open_team(stand, f"equipe{n}", range(1, _LEADS + 1)) for n in range(_EQUIPES)]
    bystander = open_team(stand, "outra", range(1, 3_001))
    _calm(stand, teams, bystander)
    finished = threading.Event()
    init = threading.Thread(target=_tend, args=(stand, finished), daemon=True)
    init.start()
    try:
        _torment(stand, teams, seconds)
    finally:
        finished.set()
        init.join()
    return _counted(stand)


def _calm(stand: Stand, teams: Sequence[Team], bystander: Team) -> None:
    lists = [load.request("GET", "/leads", bystander.token)] * _LISTS
    load.timed(stand.port, lists)
    idle = load.timed(stand.port, lists)
    _queue(stand, teams, _CALM_JOBS)
    _until(lambda: stand.job_workers())
    beside: list[float] = []
    while _left(stand) and len(beside) < _LISTS:
        beside += load.timed(stand.port, lists[:50])
    _until(lambda: not _left(stand))
    for name, share in (("median", 0.5), ("p99", 0.99)):
        ratio = _quantile(beside, share) / _quantile(idle, share)
        print(f"another equipe's list, {name}: beside jobs / idle {ratio:.2f}", flush=True)
    print(f"  {len(beside)} lists beside jobs, {len(idle)} idle", flush=True)


def _queue(stand: Stand, teams: Sequence[Team], number: int) -> None:
    equipes = [team.equipe_id for team in teams]
    stand.sql(_SPOIL, equipes=equipes)
    for n in range(number):
        stand.sql(_ASK, equipe_id=equipes[n % len(equipes)])


def _torment(stand: Stand, teams: Sequence[Team], seconds: int) -> None:
    stand.sql("delete from trabalhos")
    _queue(stand, teams, _JOBS)
    end, queue, done = time.monotonic() + seconds, list[str](), Counter[str]()
    while _left(stand) and time.monotonic() < end:
        time.sleep(random.uniform(*_PAUSE))
        queue = queue or random.sample(list(_KILLS), len(_KILLS))
        name = queue.pop()
        try:
            _KILLS[name](stand)
            done[name] += 1
        except (psutil.Error, DBAPIError, OSError):
            continue
    print(f"killed: {dict(done)}; server started again: {stand.restarts}", flush=True)
    _until(lambda: not _left(stand))


def _counted(stand: Stand) -> bool:
    states = Counter(str(row[0]) for row in stand.sql("select estado from trabalhos"))
    whole = stand.sql(
        "select count(*) from trabalhos t where (resultado->>'repontuados')::int = "
        "(select count(*) from leads l where l.equipe_id = t.equipe_id and excluido_em is null)"
    )
    spoilt = stand.sql("select count(*) from lead_pontuacao where pontos = '{}'")
    log = (stand.folder / "app.log").read_text(errors="replace")
    ended = Counter(re.findall(r"job ended (\d+)", log))
    ours = {str(row[0]) for row in stand.sql("select id from trabalhos")}
    twice = sum(ended[each] > 1 for each in ours)
    reported = int(str(whole[0][0]))
    left = int(str(spoilt[0][0]))
    print(
        f"of {_JOBS} jobs: {dict(states)} / complete {reported} / ended twice {twice} / "
        f"scores left spoilt {left}"
    )
    return states == {"concluida": _JOBS} and reported == _JOBS and not twice and not left


def _left(stand: Stand) -> int:
    try:
        return int(str(stand.sql(_LEFT)[0][0]))
    except DBAPIError:  # PostgreSQL was killed a moment ago
        return -1


def _until(true: Callable[[], object]) -> None:
    deadline = time.monotonic() + 120
    while not true() and time.monotonic() < deadline:
        time.sleep(0.1)


def _tend(stand: Stand, finished: threading.Event) -> None:
    while not finished.wait(0.1):
        stand.tend()


def _quantile(seconds: Sequence[float], share: float) -> float:
    return sorted(seconds)[int(len(seconds) * share)]


if __name__ == "__main__":
    main()
