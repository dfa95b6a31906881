"""Whoever writes leads holds the rules in force: others come into force when it is done."""

import time
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services import leadService, ownershipService
from services.activities import recording
from services.imports import batches
from services.leads.writing import many
from services.stages import moving
from tests.support.api import Reply, Team
from tests.support.jobs import work
from tests.support.leads import create, rows, upload
from tests.support.publishing import EVENT, check_current, draft, versions
from tests.support.routes import FUNNEL

Call = Callable[[Team, int], Reply]
LONGEST = 20.0  # seconds, for what takes milliseconds


def _in_bulk(team: Team, lead_id: int) -> Reply:
    body = {"acao": "set", "ids": [lead_id], "campos": {"origem": "evento"}}
    return team.gestor.api.post("/leads/bulk", body)


def _moved(team: Team, _: int) -> Reply:
    kept = [stage for stage in FUNNEL if stage.get("chave") != "contatado"]
    body = {"itens": kept, "mover": {"contatado": "novo"}}
    return team.gestor.api.call("PUT", "/stages", json=body)


# Where a writer stops behind its locks, just before it writes, and what it is asked.
WRITERS: dict[str, tuple[Any, str, Call]] = {
    "create": (
        leadService,
        "insert_lead",
        lambda team, _: team.vendedor.api.post("/leads", {"nome": "L", "origem": "evento"}),
    ),
    "change": (
        leadService,
        "write",
        lambda team, lead: team.gestor.api.patch(f"/leads/{lead}", {"origem": "evento"}),
    ),
    "upsert": (
        leadService,
        "write",
        lambda team, _: team.gestor.api.call(
            "PUT", "/leads?chave=id_externo", json={"id_externo": "um", "origem": "evento"}
        ),
    ),
    "assign": (
        ownershipService,
        "write",
        lambda team, lead: team.gestor.api.post(
            f"/leads/{lead}/assign", {"responsavel_id": "auto"}
        ),
    ),
    "activity": (
        recording,
        "fetch_together",
        lambda team, lead: team.gestor.api.post(
            f"/leads/{lead}/activities", {"tipo": "nota", "texto": "Oi."}
        ),
    ),
    "bulk": (many, "for_changed", _in_bulk),
    "import": (
        batches,
        "settle",
        lambda team, _: upload(team.gestor.api, "nome,origem\nL,evento\n"),
    ),
    "stages": (moving, "derive", _moved),
}


@pytest.mark.parametrize("writer", WRITERS)
def test_what_a_writer_has_begun_is_waited_for(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch, writer: str
) -> None:
    lead = create(team.gestor.api, id_externo="um", etapa="contatado")["id"]
    n = draft(team.gestor.api, EVENT)
    module, name, call = WRITERS[writer]
    stopped, free = stop_at(monkeypatch, module, name)
    with ThreadPoolExecutor(2) as pool:
        try:
            written = pool.submit(call, team, lead)
            assert stopped.wait(LONGEST), "the writer has not come there"
            path = f"/scores/rules/drafts/{n}/publish"
            published = pool.submit(team.gestor.api.post, path)
            wait_for_waiting(sql, published)
        finally:
            free.set()
        assert written.result().status in (200, 201), written.result().body
        assert published.result().status == 202
    work(app)
    assert versions(sql, team.equipe_id) == {n}
    check_current(app, sql, team)


def stop_at(monkeypatch: pytest.MonkeyPatch, module: Any, name: str) -> tuple[Event, Event]:
    """Whoever calls this function first sets the first event, and goes on after the second."""
    stopped, free, real = Event(), Event(), getattr(module, name)

    def called(*arguments: Any, **named: Any) -> Any:
        first = not stopped.is_set()
        stopped.set()
        assert not first or free.wait(LONGEST)
        return real(*arguments, **named)

    monkeypatch.setattr(module, name, called)
    return stopped, free


def wait_for_waiting(sql: Engine, published: Future[Reply]) -> None:
    """Until the publication waits for the writer; it must not have come through."""
    waiting = (
        "select 1 from pg_stat_activity where datname = current_database() "
        "and wait_event_type = 'Lock'"
    )
    until = time.monotonic() + LONGEST
    while not rows(sql, waiting):
        assert not published.done(), "it waited for nobody"
        assert time.monotonic() < until, "it has not come there"
        time.sleep(0.01)
