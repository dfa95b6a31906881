"""Dashboards poll: what they know already costs next to nothing, and what is new is read once."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from models.db import statements
from services.metrics.reading import telling
from tests.support.api import Api, Reply, Team, open_team
from tests.support.leads import create, rows, run

VIEWS = ("", *(f"/{each}" for each in ("funnel", "cohorts", "forecast", "sellers")))
ALL_VIEWS = (*VIEWS, "/sources", "/series", "/time-in-stage")


def poll(api: Api, known: Reply | None = None, path: str = "/metrics") -> Reply:
    headers = {"If-None-Match": known.headers["ETag"]} if known else {}
    return api.get(path, headers=headers)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements of each message, as they are asked for."""
    messages: list[str] = []
    send = statements._send

    def noted(cursor: Any, parts: Any, **how: Any) -> Any:
        messages.append("; ".join(query.sql for query, _ in parts))
        return send(cursor, parts, **how)

    monkeypatch.setattr(statements, "_send", noted)
    return messages


@pytest.fixture
def computed(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """The views that were read, each time they were."""
    names: list[str] = []
    compute: Callable[..., Any] = telling._compute

    def noted(first: Any, view: Any, more: Any) -> Any:
        names.append(view.__name__)
        return compute(first, view, more)

    monkeypatch.setattr(telling, "_compute", noted)
    yield names


@pytest.mark.parametrize("path", [*(f"/metrics{view}" for view in ALL_VIEWS), "/goals/2026-08"])
def test_what_is_known_is_asked_for_in_two_statements_at_most(
    team: Team, sent: list[str], path: str
) -> None:
    create(team.gestor.api, valor="10.00", origem="site")
    goals = {"metas": [{"produto": "seguro", "ganhos": 1}]}
    assert team.gestor.api.call("PUT", "/goals/2026-08", json=goals).status == 200
    first = poll(team.gestor.api, path=path)
    assert first.headers["Cache-Control"] == "private, no-cache"
    sent.clear()
    again = poll(team.gestor.api, first, path)
    assert (again.status, again.raw, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
    assert len(sent) <= 2
    assert not any("metricas_celulas" in message for message in sent)


def test_each_write_that_moves_a_figure_makes_another_version(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    known = [poll(api)]

    def is_new() -> bool:
        known.append(poll(api, known[-1]))
        return known[-1].status == 200

    lead = create(api, valor="10.00")
    assert is_new()
    for body in ({"valor": "11.00"}, {"origem": "feira"}, {"etapa": "ganho"}):
        assert api.patch(f"/leads/{lead['id']}", body).status == 200
        assert is_new()
    api.patch(f"/users/{team.vendedor.id}", {"nome": "Outro Nome Inventado"})
    assert is_new()
    api.delete(f"/leads/{lead['id']}")
    assert is_new()
    other = poll(api, known[-1])
    assert other.status == 304
    # What moves none makes none.
    still = create(api)
    known.append(poll(api))
    api.patch(f"/leads/{still['id']}", {"cidade": "Campinas"})
    assert poll(api, known[-1]).status == 304


def test_a_fold_changes_neither_figures_nor_their_version(team: Team, sql: Engine) -> None:
    for n in range(5):
        create(team.gestor.api, valor=f"{n}.00", origem="site", produto="seguro")
    before = poll(team.gestor.api)
    ((folded,),) = rows(sql, "select metricas_dobrar(:e, null)", e=team.equipe_id)
    assert folded > 0
    assert poll(team.gestor.api, before).status == 304
    fresh = open_reply(team, sql)
    assert fresh | {"gerado_em": 0} == before.data | {"gerado_em": 0}


def open_reply(team: Team, sql: Engine) -> dict[str, Any]:
    """The figures as a process would read them that has not read them before."""
    telling.shared._known.clear()
    data: dict[str, Any] = poll(team.gestor.api).data
    return data


def test_a_promise_that_falls_due_is_news(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, proximo_contato_em="2035-01-01T12:00:00Z")
    known = poll(team.gestor.api)
    assert known.data["promessas_vencidas"] == 0
    soon = datetime.now(UTC) + timedelta(milliseconds=300)
    due = "update leads set proximo_contato_em = :m where id = :id"
    run(sql, due, m=soon, id=lead["id"])
    before = poll(team.gestor.api, known)
    while datetime.now(UTC) <= soon:
        pass
    after = poll(team.gestor.api, before)
    assert (after.status, after.data["promessas_vencidas"]) == (200, 1)


def test_two_hundred_dashboards_read_each_change_twice_at_most(
    team: Team, computed: list[str]
) -> None:
    api = team.gestor.api
    create(api)
    known = [poll(api)] * 200
    for _ in range(3):
        computed.clear()
        create(api, valor="10.00")
        with ThreadPoolExecutor(8) as dashboards:
            known = list(dashboards.map(lambda reply: poll(api, reply), known))
        assert {reply.status for reply in known} == {200}
        assert {reply.data["total"] for reply in known} == {known[0].data["total"]}
        assert 1 <= len(computed) <= 2


def test_so_do_dashboards_of_many_scopes(team: Team, computed: list[str]) -> None:
    """A screen of each vendedor and origem; each asks once before any asks again."""
    create(team.gestor.api)
    screens = [f"/metrics?origem=origem {n}" for n in range(100)] * 3
    for screen in screens:
        assert poll(team.gestor.api, path=screen).status == 200
    assert len(computed) <= 2 * 100


def test_what_is_shared_is_of_one_scope(team: Team) -> None:
    create(team.gestor.api, responsavel_id=team.vendedor.id)
    create(team.gestor.api, responsavel_id=team.colleague.id)
    stranger = open_team(team.gestor.api.app)
    callers = (team.gestor, team.vendedor, team.colleague, stranger.gestor)
    replies = [poll(member.api) for member in callers]
    assert [reply.data["total"] for reply in replies] == [2, 1, 1, 0]
    assert len({reply.headers["ETag"] for reply in replies}) == 4
    for reply in replies[1:]:
        assert poll(team.gestor.api, reply).status == 200


def test_an_error_is_not_kept(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(*_: Any) -> Any:
        raise RuntimeError("said by the test")

    create(team.gestor.api)
    with monkeypatch.context() as patched:
        patched.setattr(telling, "_compute", fails)
        with pytest.raises(AssertionError):  # a 500, which the caller of the tests refuses
            poll(team.gestor.api)
    assert poll(team.gestor.api).status == 200
