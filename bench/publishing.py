"""Case publish: all 500,000 leads of a tenant follow other rules, beside writers and alone, against
the same statements by hand; and they are scored again although nothing has changed, against reading
what the rules look at."""

import json
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing

import psycopg2
from sqlalchemy import ColumnElement, bindparam

from bench import asking, load
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import Site
from models.db.messages.queries import Query, compile_query
from services.leads.deriving import queueing
from services.rules.definition import from_json
from services.scores.statement import Scoring, Versions

_SCATTER = 7_919  # a prime: changes are spread over the tenant
_LIVE = "from leads where equipe_id = %(equipe_id)s and excluido_em is null"
_LOCK = Query(f"select count(*) from (select id {_LIVE} order by id for no key update) presos", {})
_ASK = "insert into trabalhos (equipe_id, role, tipo) values (:equipe_id, 'gestor', 'repontuar')"
_READ = Query(
    "select count(telefone), count(email), count(documento), count(produto_chave), "
    f"sum(renda_centavos), sum(valor_centavos), count(origem_chave), count(etapa) {_LIVE}",
    {},
)


def bench_publish(site: Site, teams: Sequence[Team], _: Effort) -> Iterator[Figure]:
    with site.worker():
        yield from _figures(site, teams[0])


def _figures(site: Site, team: Team) -> Iterator[Figure]:
    by_hand, _changed = _by_hand(site, team, [_LOCK, *_statements(site, team, {"base": 40})])
    times = _beside_writers(site, team, lambda: asking.publish(site, team, {"base": 50}))
    slowest = times[len(times) * 99 // 100] * 1e3
    yield Figure("publish: writers beside it, p99", slowest, "ms", most=1_000)
    _cost, stale = _by_hand(site, team, _statements(site, team, {})[:1])
    yield Figure("publish: scores that are not by the new rules", stale, most=0)
    alone = _spent(site, lambda: asking.publish(site, team, {"base": 60}))
    yield Figure("publish: CPU / lock, score and place by hand", alone / by_hand, most=1.3)
    reading, _rows = _by_hand(site, team, [_READ])
    same = _spent(site, lambda: _rescore(site, team))
    yield Figure("scored again, nothing changed: CPU / reading the columns", same / reading, most=6)


def _statements(site: Site, team: Team, other: dict[str, int]) -> list[Query]:
    """What scores and places all leads of a tenant at once, by its rules with something else."""
    kept = asking.data(site, "GET", "/scores/rules", team)
    versions = Versions(int(kept["versao"]), 0)
    scoring = Scoring.of(versions, from_json({**kept, **other}), None)
    return [compile_query(part) for part in (scoring.again(_all), queueing.place(_all))]


def _all(equipe_id: ColumnElement[int], _: ColumnElement[int]) -> ColumnElement[bool]:
    return equipe_id == bindparam("equipe_id")


def _by_hand(site: Site, team: Team, queries: Sequence[Query]) -> tuple[float, int]:
    """PostgreSQL's CPU seconds for these in one transaction of the application's role, and how many
    rows the last one touched. Nothing of it stays."""
    site.settle()
    url = site.database.url.replace("+psycopg2", "")
    with closing(psycopg2.connect(url)) as connection, connection.cursor() as cursor:
        cursor.execute(f"set local app.equipe_id = '{team.equipe_id}'")
        before = site.cpu()
        for query in queries:
            cursor.execute(query.sql, {**query.defaults, "equipe_id": team.equipe_id})
        spent, touched = (site.cpu() - before).pg, cursor.rowcount
        connection.rollback()
    return spent, touched


def _spent(site: Site, work: Callable[[], None]) -> float:
    """CPU seconds of the application, its worker included, and of PostgreSQL."""
    site.settle()
    before = site.cpu()
    work()
    return (site.cpu() - before).total


def _rescore(site: Site, team: Team) -> None:
    """As `flask scores rescore` asks for it."""
    site.sql(_ASK, equipe_id=team.equipe_id)
    asking.wait(site, team, asking.data(site, "GET", "/jobs?limite=1", team)["itens"][0])


def _beside_writers(site: Site, team: Team, work: Callable[[], None]) -> list[float]:
    """Seconds that changes of leads took while this went on, in ascending order."""
    times: list[float] = []
    with ThreadPoolExecutor(1) as pool:
        done = pool.submit(work)
        while not done.done():
            times += load.timed(site.port, [_change(team, len(times) + n) for n in range(20)])
        done.result()
    return sorted(times)


def _change(team: Team, number: int) -> bytes:
    lead_id = team.first + number * _SCATTER % (team.last - team.first + 1)
    body = json.dumps({"valor": f"{1_000 + number}.00"}).encode()
    return load.request("PATCH", f"/leads/{lead_id}", team.token, body)
