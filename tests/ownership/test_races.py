"""Many who give leads at once, and people who leave meanwhile."""

import random
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.ownership.test_assign import assign, change, give
from tests.support.api import Api, Member, Reply, Team, register, sign_in
from tests.support.derived import check
from tests.support.jobs import work
from tests.support.leads import create, rows

THREADS = 16
DEADLOCKS = "select deadlocks from pg_stat_database where datname = current_database()"
_LOADS = (
    "select u.id, u.ativo, count(l.id) from usuarios u left join leads l on l.equipe_id = "
    "u.equipe_id and l.responsavel_id = u.id and l.excluido_em is null and l.etapa = 'novo' "
    "where u.equipe_id = :e group by u.id, u.ativo"
)


def loads(sql: Engine, team: Team) -> dict[int, int]:
    return {person: count for person, _, count in rows(sql, _LOADS, e=team.equipe_id)}


def at_once(calls: list[Callable[[], Any]]) -> list[Any]:
    gate = Barrier(len(calls))

    def call(what: Callable[[], Any]) -> Any:
        gate.wait()
        return what()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def member(app: Flask, team: Team, role: str = "vendedor") -> Member:
    return sign_in(app, register(team.gestor.api, role=role)["email"])


def test_sixteen_at_once_give_as_many_to_each(app: Flask, team: Team, sql: Engine) -> None:
    third = member(app, team)
    sellers = [team.vendedor, team.colleague, third]
    for _ in range(3):
        leads = [create(team.gestor.api)["id"] for _ in range(THREADS)]
        replies = at_once(
            [lambda lead=lead: assign(team.gestor.api, lead, "auto") for lead in leads]
        )
        assert {reply.status for reply in replies} == {200}
        counts = [loads(sql, team)[seller.id] for seller in sellers]
        assert max(counts) - min(counts) <= 1, counts
    assert sum(counts) == 3 * THREADS
    check(sql, team.equipe_id)


def test_no_more_are_given_than_there_is_room_for(team: Team, sql: Engine) -> None:
    change(team, team.vendedor, capacidade=3)
    change(team, team.colleague, capacidade=5)
    leads = [create(team.gestor.api)["id"] for _ in range(THREADS)]
    replies = at_once([lambda lead=lead: assign(team.gestor.api, lead, "auto") for lead in leads])
    assert Counter(reply.status for reply in replies) == {200: 8, 409: 8}
    found = loads(sql, team)
    assert (found[team.vendedor.id], found[team.colleague.id]) == (3, 5)


def test_the_same_lead_is_given_once(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    replies = at_once([lambda: assign(team.gestor.api, lead, "auto")] * THREADS)
    assert {(reply.status, reply.data["versao"]) for reply in replies} == {(200, 2)}


def ways(team: Team, leads: list[int], to: int) -> list[Callable[[Api], int]]:
    """To make somebody responsible."""
    first, second, third, fourth = leads
    return [
        lambda api: assign(api, first, to).status,
        lambda api: assign(api, second, "auto").status,
        lambda api: api.patch(f"/leads/{third}", {"responsavel_id": to}).status,
        lambda api: api.post("/leads", {"nome": "Novo", "responsavel_id": to}).status,
        lambda api: (
            api.post(
                "/leads/bulk", {"acao": "assign", "ids": [fourth], "responsavel_id": to}
            ).status
        ),
    ]


@pytest.mark.parametrize("leads", ["liberar", "auto"])
@pytest.mark.parametrize("turn", range(6))
def test_nobody_who_has_left_is_responsible(
    app: Flask, team: Team, sql: Engine, leads: str, turn: int
) -> None:
    second, leaver, before = member(app, team, "gestor"), member(app, team), rows(sql, DEADLOCKS)
    give(team, leaver, 3)
    fresh = [create(team.gestor.api)["id"] for _ in range(4)]
    callers = [team.gestor.api, second.api]
    calls: list[Callable[[], int]] = [
        lambda way=way, n=n: way(callers[(turn + n) % 2])
        for n, way in enumerate(ways(team, fresh, leaver.id))
    ]
    body = {"ativo": False, "leads": leads}
    calls.append(lambda: team.gestor.api.patch(f"/users/{leaver.id}", body).status)
    random.Random(turn).shuffle(calls)
    statuses = at_once(calls)
    assert set(statuses) <= {200, 201, 422}, statuses
    work(app)
    assert loads(sql, team)[leaver.id] == 0
    assert rows(sql, DEADLOCKS) == before
    check(sql, team.equipe_id)


def test_who_change_people_and_who_give_leads_do_not_wait_for_each_other_for_ever(
    app: Flask, team: Team, sql: Engine
) -> None:
    """Gestores deactivate and reactivate, distribute, change and assign."""
    before = rows(sql, DEADLOCKS)
    gestores = [team.gestor, member(app, team, "gestor"), member(app, team, "gestor")]
    sellers = [team.vendedor.id, team.colleague.id, member(app, team).id]
    leads = [create(team.gestor.api)["id"] for _ in range(24)]
    told: Counter[int] = Counter()

    def act(number: int) -> None:
        dice = random.Random(number)
        for _ in range(15):
            reply = any_of(dice, gestores[number % 3].api, dice.choice(sellers), leads)
            told[reply.status] += 1
            assert reply.status in {200, 409, 422}, reply.body

    at_once([lambda n=n: act(n) for n in range(6)])
    work(app)
    assert told[200] > 20
    assert rows(sql, DEADLOCKS) == before
    check(sql, team.equipe_id)


def any_of(dice: random.Random, api: Api, seller: int, leads: list[int]) -> Reply:
    lead = dice.choice(leads)
    person = {"ativo": dice.random() < 0.6, "leads": dice.choice(["auto", "liberar"])}
    many = {"acao": "assign", "ids": leads, "responsavel_id": seller}
    calls: list[Callable[[], Reply]] = [
        lambda: assign(api, lead, dice.choice(["auto", seller, None])),
        lambda: api.patch(f"/leads/{lead}", {"uf": dice.choice(["SP", "RJ"])}),
        lambda: api.patch(f"/leads/{lead}", {"responsavel_id": seller}),
        lambda: api.patch(f"/users/{seller}", person),
        lambda: api.post("/leads/bulk", many),
    ]
    return dice.choice(calls)()
