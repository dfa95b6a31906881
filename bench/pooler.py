"""`python -m bench.pooler [--seconds 20] [--clients 8]`: the API behind a PgBouncer.

PgBouncer hands three connections of PostgreSQL to all clients, another one for each transaction, so
that nothing which belongs to a session lasts. Clients of two tenants list, read, create, change and
import leads through it. Then it counts: every reply was the expected one, no lead was seen by the
other tenant, every acknowledged lead is there, no connection was left with a tenant, and the log
says once that a pooler was met. Exit code 1 when one of it is not so.

In the second half the application forgets at once that it met a pooler, so that every way in which
a prepared name can fail is met again and again.

It asks for the program pgbouncer (Debian, Ubuntu: apt install pgbouncer; macOS: brew install
pgbouncer), 1.18 or newer.
"""

import argparse
import logging
import os
import shutil
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import psycopg2
from flask import Flask
from flask_migrate import upgrade
from sqlalchemy import NullPool, create_engine

from app import create_app
from bench.command import ending, parser
from bench.people import PASSWORD
from bench.pgbouncer import SERVERS, find_pgbouncer, pgbouncer
from config import ROOT, Settings
from models.db.messages import prepared
from utils.postgres.embedded import EmbeddedPostgres

_UNLIMITED = "100000000/second"


@dataclass
class Client:
    """One caller with leads of its own name; `seen` counts replies by what they were."""

    tenant: str
    headers: dict[str, str]
    created: int = 0
    foreign: int = 0
    seen: Counter[str] = field(default_factory=Counter)

    def work(self, app: Flask, number: int) -> None:
        name = {"nome": f"{self.tenant} {number}"}
        lead = self._ask(app, "POST", "/leads", 201, json=name)
        if lead is None:
            return
        self.created += 1
        self._ask(app, "GET", f"/leads/{lead['id']}", 200)
        self._ask(app, "PATCH", f"/leads/{lead['id']}", 200, json={"cidade": "Recife"})
        self._ask(app, "POST", f"/leads/{lead['id']}/move", 200, json={"etapa": "contatado"})
        page = self._ask(app, "GET", "/leads", 200)
        names = [found["nome"] for found in page["itens"]] if page else []
        self.foreign += sum(not found.startswith(self.tenant) for found in names)
        if number % 20 == 0:
            self._import(app, number)

    def _import(self, app: Flask, number: int) -> None:
        file = f"nome\n{self.tenant} importado {number}\n"
        done = self._ask(app, "POST", "/leads/import", 200, data=file, content_type="text/csv")
        self.created += done["criados"] if done else 0

    def _ask(self, app: Flask, method: str, path: str, expected: int, **how: Any) -> Any:
        reply = app.test_client().open(path, method=method, headers=self.headers, **how)
        busy = path.endswith("import") and reply.status_code == 409  # the tenant's other client
        known = "expected" if reply.status_code == expected or busy else str(reply.status_code)
        self.seen[known] += 1
        return reply.get_json()["data"] if reply.status_code == expected else None


class Lines(logging.Handler):
    """What the application said that an operator would read."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(record.getMessage())


def main() -> None:
    asked = _arguments()
    program = find_pgbouncer()
    with (
        ending("pooler"),
        _postgres() as postgres,
        pgbouncer(program, postgres.socket_dir) as port,
    ):
        sound = _run(postgres, port, asked.seconds, asked.clients)
    sys.exit(0 if sound else 1)


@contextmanager
def _postgres() -> Iterator[EmbeddedPostgres]:
    folder = ROOT / "instance" / f"pooler-{os.getpid()}"
    postgres = EmbeddedPostgres(folder)
    try:
        postgres.join()
        postgres.ensure_database()
        yield postgres
    finally:
        postgres.leave()
        shutil.rmtree(folder, ignore_errors=True)


def _arguments() -> argparse.Namespace:
    options = parser("pooler", __doc__)
    options.add_argument("--seconds", type=int, default=20)
    options.add_argument("--clients", type=int, default=8)
    return options.parse_args()


def _run(postgres: EmbeddedPostgres, port: int, seconds: int, number: int) -> bool:
    with _application(postgres.url(), 2, migration_database_url=postgres.owner_url()).app_context():
        upgrade()
    app = _application(f"postgresql+psycopg2://finlead@127.0.0.1:{port}/finlead", number)
    lines, failures = Lines(), _count_failures()
    logging.getLogger("finlead").addHandler(lines)
    clients = [_sign_in(app, f"equipe {'ab'[n % 2]}", n) for n in range(2)]
    clients = [Client(each.tenant, each.headers) for each in clients * (number // 2)]
    numbers = count()
    for forgetful in (False, True):
        if forgetful:
            prepared._plain.clear()
            prepared._turn_plain = lambda _: None
        _at_once(clients, app, numbers, seconds / 2)
        print(f"failed because of a prepared name, by SQLSTATE: {dict(failures)}", flush=True)
    return _report(postgres, port, clients, lines)


def _at_once(clients: list[Client], app: Flask, numbers: Iterator[int], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    threads = [
        threading.Thread(target=_until, args=(deadline, client, app, numbers)) for client in clients
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def _application(url: str, threads: int, **more: str) -> Flask:
    limits = dict.fromkeys(("limite_login", "limite_sessoes", "limite_registro"), _UNLIMITED)
    settings = Settings(
        database_url=url,
        secret_key="of this bench",
        threads=threads,
        limite_api="0/second",
        **limits,
        **more,
    )
    app = create_app(settings)
    logging.getLogger("finlead.access").setLevel(logging.WARNING)
    return app


def _count_failures() -> Counter[str]:
    """How often prepared statements failed, by SQLSTATE."""
    found: Counter[str] = Counter()
    failed = prepared.Message.failed

    def counted(message: prepared.Message, error: psycopg2.Error) -> bool:
        found[str(error.pgcode)] += 1
        return failed(message, error)

    prepared.Message.failed = counted  # type: ignore[method-assign]
    return found


def _sign_in(app: Flask, tenant: str, number: int) -> Client:
    email = f"gestor{number}@exemplo.com.br"
    person = {"nome": tenant, "email": email, "senha": PASSWORD, "role": "gestor"}
    assert app.test_client().post("/auth/register", json=person).status_code == 201
    known = {"email": email, "senha": PASSWORD}
    token = app.test_client().post("/auth/login", json=known).get_json()["data"]["access_token"]
    return Client(tenant, {"Authorization": f"Bearer {token}"})


def _until(deadline: float, client: Client, app: Flask, numbers: Iterator[int]) -> None:
    while time.monotonic() < deadline:
        client.work(app, next(numbers))


def _report(
    postgres: EmbeddedPostgres,
    port: int,
    clients: list[Client],
    lines: Lines,
) -> bool:
    engine = create_engine(postgres.url("finlead", "postgres"), poolclass=NullPool)
    with engine.connect() as connection:
        kept = connection.exec_driver_sql("select count(*) from leads").scalar_one()
    seen = sum((client.seen for client in clients), Counter())
    counts = {
        "replies that were not expected": (seen.total() - seen["expected"], 0),
        "leads of the other tenant in a list": (sum(client.foreign for client in clients), 0),
        "acknowledged leads that are missing": (sum(c.created for c in clients) - kept, 0),
        "server connections left with a tenant": (_left_with_tenant(port), 0),
        "log lines": (len(lines.said), 1),
    }
    print(f"{seen.total()} replies through {SERVERS} server connections: {dict(seen)}")
    print("\n".join(f"the log said: {line}" for line in lines.said))
    for what, (found, wanted) in counts.items():
        print(f"{what:<42}{found:>6}  {'ok' if found == wanted else 'WRONG'}")
    return all(found == wanted for found, wanted in counts.values())


def _left_with_tenant(port: int) -> int:
    """Asked of all server connections at once: each transaction holds one."""
    left, held = 0, []
    for _ in range(SERVERS):
        connection = psycopg2.connect(host="127.0.0.1", port=port, user="finlead", dbname="finlead")
        held.append(connection)
        cursor = connection.cursor()
        cursor.execute("select coalesce(current_setting('app.equipe_id', true), '') <> ''")
        left += cursor.fetchone()[0]
    for connection in held:
        connection.close()
    return left


if __name__ == "__main__":
    main()
