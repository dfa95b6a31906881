"""A gestor-only write whose caller loses the power while it is under way changes nothing.

Over the whole route table, at two moments: after the caller was let in, and after the write was
done but not yet committed.
"""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from controllers.permissions import PERMISSIONS, Access
from controllers.web import operation
from tests.support.actors import Actor
from tests.support.api import Api, Member, Reply, Team, register, sign_in
from tests.support.leads import rows
from tests.support.routes import prepare

UNSAFE = {"POST", "PUT", "PATCH", "DELETE"}
# Open to everybody, but what a gestor alone does with them is held by the same rule.
ALSO = {"POST /auth/register", "PATCH /users/{usuario_id}"}
WRITES = sorted(
    route
    for route, permission in PERMISSIONS.items()
    if route.partition(" ")[0] in UNSAFE and (permission.access is Access.GESTOR or route in ALSO)
)
STATE = (
    "select to_jsonb(x) from (select id, nome, role, ativo, senha_hash, codigo_hash from usuarios "
    "where equipe_id = :e and id <> :me) x union all "
    "select to_jsonb(k) from chaves k where equipe_id = :e and usuario_id <> :me union all "
    "select to_jsonb(q) from equipes q where id = :e union all "
    "select to_jsonb(l) from leads l where equipe_id = :e union all "
    "select to_jsonb(r) from revisoes r where equipe_id = :e union all "
    "select to_jsonb(a) from ajustes a where equipe_id = :e"
)


@pytest.fixture
def second(app: Flask, team: Team) -> Member:
    """Another gestor of the same equipe."""
    return sign_in(app, register(team.gestor.api, role="gestor")["email"])


def demoted(team: Team, member: Member) -> Reply:
    return team.gestor.api.patch(f"/users/{member.id}", {"role": "vendedor"})


def deactivated(team: Team, member: Member) -> Reply:
    return team.gestor.api.patch(f"/users/{member.id}", {"ativo": False})


def signed_out(team: Team, member: Member) -> Reply:
    return team.gestor.api.post(f"/users/{member.id}/reset")


Loss = Callable[[Team, Member], Reply]


def elsewhere(act: Callable[[], Reply]) -> Reply:
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(act).result()


def state(sql: Engine, team: Team, me: Member) -> list[str]:
    return sorted(str(row) for row in rows(sql, STATE, e=team.equipe_id, me=me.id))


def race(monkeypatch: pytest.MonkeyPatch, moment: str, act: Callable[[], Reply]) -> list[Reply]:
    """Let `act` happen as another request: `before` the transaction begins, or `after` the view."""
    happened: list[Reply] = []
    waiting = [act]

    def once(*_: Any) -> None:
        if waiting:
            happened.append(elsewhere(waiting.pop()))

    if moment == "before":
        real = operation.transaction
        monkeypatch.setattr(operation, "transaction", lambda *a, **how: once() or real(*a, **how))
    else:
        held = operation.userService.hold_gestor
        monkeypatch.setattr(operation.userService, "hold_gestor", lambda c: once() or held(c))
    return happened


HELD = [route for route in WRITES if PERMISSIONS[route].held]
# Before the transaction of every write; before the commit of those that ask again at their end.
MOMENTS = [*((route, "before") for route in WRITES), *((route, "after") for route in HELD)]


@pytest.mark.parametrize("loss", [demoted, deactivated, signed_out])
@pytest.mark.parametrize(("route", "moment"), MOMENTS)
def test_a_write_whose_caller_loses_the_power_changes_nothing(
    route: str,
    moment: str,
    loss: Loss,
    team: Team,
    second: Member,
    sql: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    call = prepare(route, Actor(second.api, "gestor", False, second, team))
    before = state(sql, team, second)
    happened = race(monkeypatch, moment, lambda: loss(team, second))
    reply = call.by(second.api)
    assert happened[0].status == 200
    assert reply.status in (401, 403), reply.body
    assert state(sql, team, second) == before


@pytest.mark.parametrize("moment", ["before", "after"])
@pytest.mark.parametrize("route", [route for route in HELD if PERMISSIONS[route].machines])
def test_a_key_revoked_meanwhile_writes_nothing(
    route: str,
    moment: str,
    app: Flask,
    team: Team,
    sql: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    body = {"nome": "integração", "role": "gestor"}
    key = team.gestor.api.post("/auth/keys", body).data
    machine = Api(app, key["chave"])
    call = prepare(route, Actor(machine, "gestor", True, team.gestor, team))
    before = state(sql, team, team.gestor)
    revoke = f"/auth/keys/{key['id']}"
    happened = race(monkeypatch, moment, lambda: team.gestor.api.delete(revoke))
    reply = call.by(machine)
    assert (happened[0].status, reply.status) == (200, 401)
    assert state(sql, team, team.gestor) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/leads?permitir_duplicado=1", {"nome": "Lead"}),
        ("PATCH", "/leads/{}?permitir_duplicado=1", {"nome": "Outro"}),
        ("PATCH", "/leads/{}", {"responsavel_id": None}),
    ],
)
def test_gestor_only_uses_of_a_shared_route_end_with_the_power(
    method: str,
    path: str,
    body: dict[str, Any],
    team: Team,
    second: Member,
    sql: Engine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lead = team.gestor.api.post("/leads", {"nome": "Um", "responsavel_id": second.id}).data
    before = state(sql, team, second)
    happened = race(monkeypatch, "before", lambda: demoted(team, second))
    reply = second.api.call(method, path.format(lead["id"]), json=body)
    assert (happened[0].status, reply.status) == (200, 401)
    assert state(sql, team, second) == before


def test_of_two_gestores_who_act_on_each_other_one_is_first(
    app: Flask, team: Team, second: Member
) -> None:
    """One demotes the other, who resets the first one's password: only one of the two succeeds."""
    outcomes = set()
    for _ in range(25):
        first, other = team.gestor, sign_in(app, register(team.gestor.api, role="gestor")["email"])
        with ThreadPoolExecutor(2) as pool:
            demotion = pool.submit(demoted, team, other)
            reset = pool.submit(other.api.post, f"/users/{first.id}/reset")
        statuses = (demotion.result().status, reset.result().status)
        outcomes.add(statuses)
        assert statuses.count(200) == 1, statuses
        if statuses[1] == 200:
            code = reset.result().data["codigo_ativacao"]
            team = _regained(app, team, code)
    assert len(outcomes) >= 1


def _regained(app: Flask, team: Team, code: str) -> Team:
    from dataclasses import replace

    from tests.support.api import PASSWORD

    Api(app).post("/auth/activate", {"codigo": code, "senha": PASSWORD})
    return replace(team, gestor=sign_in(app, team.gestor.email))
