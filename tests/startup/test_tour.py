"""The tour of README.md, taken again and again in the demonstration: by bash and curl against the
served application."""

import re
import subprocess
from collections import defaultdict
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine, create_engine, make_url

from config import ROOT
from tests.architecture.test_readme import README
from tests.support import databases
from tests.support.api import sign_in
from tests.support.leads import rows
from tests.support.leads import run as run_sql
from tests.support.served import PATIENCE, Served
from tests.support.terminal import FLASK_UPGRADE, run
from utils.postgres.embedded import EmbeddedPostgres

pytestmark = pytest.mark.xdist_group("startup")
_, _, _BELOW = README.partition("\n## A tour in five minutes\n")
_TOUR = _BELOW.partition("\n## ")[0]
SCRIPT = "".join(re.findall(r"^```sh\n(.*?)^```", _TOUR, re.MULTILINE | re.DOTALL))
IMPORTED = re.findall(r"^```json\n(.*?)\n```", _TOUR, re.MULTILINE | re.DOTALL)
_ADDRESS = "http://127.0.0.1:5000"
# Each call also writes its status to standard error; what is called is not changed.
_CURL = """
set -euo pipefail
curl() { command curl -sS "$@" -w '%{stderr}%{http_code} %{method} %{url_effective}\\n'; }
"""
# Call by call: the statuses of the first time, of the second, and of another day.
CALLS = {
    "POST /auth/register": [(201, 409, 409), (201, 409, 409), (201, 409, 409)],
    "POST /auth/login": [(200, 200, 200), (200, 200, 200)],
    "GET /users": [(200, 200, 200)],
    "POST /users/N/reset": [(200, 200, 200)],
    "POST /auth/activate": [(200, 200, 200)],
    "POST /leads/import": [(200, 200, 200)],
    "GET /leads/export": [(200, 200, 200)],
    "GET /leads": [(200, 200, 200), (200, 200, 200)],
    "GET /leads/N/score": [(200, 200, 200)],
    "POST /leads": [(201, 201, 409)],
    "POST /leads/search": [(200, 200, 200)],
    "GET /leads/N": [(200, 200, 200), (200, 200, 200)],
    "PATCH /leads/N": [(200, 200, 200), (412, 412, 412)],
    "PUT /stages": [(200, 200, 200)],
    "POST /leads/N/move": [(200, 200, 200)],
    "PUT /leads": [(201, 200, 200), (200, 200, 200)],
    "POST /queue/next": [(200, 200, 200)],
    "POST /leads/N/activities": [(201, 201, 201)],
    "GET /tasks": [(200, 200, 200)],
    "GET /leads/N/timeline": [(200, 200, 200)],
    "POST /leads/N/assign": [(200, 200, 200)],
    "PATCH /users/N": [(200, 200, 200)],
    "POST /leads/bulk": [(200, 200, 200)],
    "GET /metrics": [(200, 200, 200), (200, 200, 200)],
    "POST /auth/keys": [(201, 201, 201)],
    "DELETE /auth/keys/N": [(200, 200, 200)],
}
PEOPLE = {
    "helena@demo.example": "demonstracao",
    "vendedor@exemplo.com.br": "outra-frase-longa",
    "vendedora@exemplo.com.br": "mais-uma-frase-longa",
}


@pytest.fixture
def url(postgres: EmbeddedPostgres, sql: Engine, make_app: Callable[..., Flask]) -> Iterator[str]:
    """A database with the demonstration and nothing else."""
    with databases.database(postgres, sql, f"{sql.url.database}_passeio") as url:
        assert run(*FLASK_UPGRADE, DATABASE_URL=url).returncode == 0
        assert make_app(database_url=url).test_cli_runner().invoke(args=["demo"]).exit_code == 0
        yield url


@pytest.fixture
def its_sql(url: str, postgres: EmbeddedPostgres) -> Iterator[Engine]:
    """That database beyond row-level security."""
    address = postgres.url(make_url(url).database or "", "postgres")
    engine = create_engine(address, isolation_level="AUTOCOMMIT")
    yield engine
    engine.dispose()


@pytest.fixture
def served(url: str) -> Iterator[Served]:
    served = Served(url)
    yield served
    served.end()


def take(served: Served) -> tuple[str, dict[str, list[int]]]:
    """The whole tour in one shell: what it printed, and the statuses of each call in order."""
    assert SCRIPT.count(_ADDRESS) == 1
    script = SCRIPT.replace(_ADDRESS, f"http://127.0.0.1:{served.port}")
    done = subprocess.run(
        ["bash", "-c", _CURL + script], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE
    )
    assert done.returncode == 0, done.stderr
    statuses: dict[str, list[int]] = defaultdict(list)
    for line in done.stderr.splitlines():
        status, method, address = line.split()
        path = address.partition(str(served.port))[2].partition("?")[0]
        statuses[f"{method} {re.sub(r'/[0-9]+', '/N', path)}"].append(int(status))
    return done.stdout, statuses


def expected(time: int) -> dict[str, list[int]]:
    return {call: [statuses[time] for statuses in each] for call, each in CALLS.items()}


def test_every_step_works_time_and_again_and_leaves_everything_intact(
    served: Served, url: str, its_sql: Engine, make_app: Callable[..., Flask]
) -> None:
    printed, statuses = take(served)
    assert statuses == expected(0)
    first, *others, rest = IMPORTED[0].split(", …")  # what is left out
    assert rest == "]}}" and f"\n{first}," in printed
    assert others and all(f"{other}," in printed for other in others)
    assert take(served)[1] == expected(1)
    assert rows(its_sql, "select count(*) from leads") == [(2_005,)]  # nothing twice
    run_sql(its_sql, "delete from idempotencia")
    assert take(served)[1] == expected(2)

    app = make_app(database_url=url)
    gestora, *_ = [sign_in(app, email, senha) for email, senha in PEOPLE.items()]
    people = gestora.api.get("/users").data["itens"]
    assert set(PEOPLE) <= {person["email"] for person in people}
    assert all(person["ativo"] for person in people)
    assert rows(its_sql, "select count(*) from chaves where revogada_em is null") == [(0,)]
