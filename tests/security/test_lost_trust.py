"""Every route × everything a caller can lose: refused on the very next request, wherever it lands.

The caller was served right before, so the process remembers them; the loss happens elsewhere, as
in another process, and tells this one nothing.
"""

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.actors import Actor, actor
from tests.support.api import Team
from tests.support.owned import rows_of
from tests.support.routes import ROUTES, prepare, success

PERSON = "update usuarios set ativo = false where id = :usuario_id"
# What ends the trust in a caller, by who they are.
LOSSES = {
    "gestor": {
        "session ended": "update sessoes set encerrada_em = now() where usuario_id = :usuario_id",
        "session expired": "update sessoes set expira_em = now() where usuario_id = :usuario_id",
        "deactivated": PERSON,
        "session gone": "delete from sessoes where usuario_id = :usuario_id",
    },
    "vendedor": {"deactivated": PERSON},
    "gestor's key": {
        "key revoked": "update chaves set revogada_em = now() where usuario_id = :usuario_id",
        "key expired": "update chaves set expira_em = now() where usuario_id = :usuario_id",
        "maker deactivated": PERSON,
    },
}
CHANGES = {
    "demoted": ("gestor", "vendedor"),
    "promoted": ("vendedor", "gestor"),
}
PROTECTED = [name for name, route in ROUTES.items() if route.access != "public"]
ALL_LOSSES = [(who, loss, route) for who in LOSSES for loss in LOSSES[who] for route in PROTECTED]


def change(sql: Engine, statement: str, usuario_id: int) -> None:
    with sql.begin() as connection:
        done = connection.execute(text(statement), {"usuario_id": usuario_id})
        assert done.rowcount


def known(app: Flask, team: Team, who: str) -> Actor:
    caller = actor(app, team, who)
    assert caller.api.get("/leads").status == 200
    return caller


@pytest.mark.parametrize(("who", "loss", "route"), ALL_LOSSES)
def test_a_caller_who_has_lost_their_trust_is_refused_at_once(
    app: Flask, team: Team, sql: Engine, who: str, loss: str, route: str
) -> None:
    caller = known(app, team, who)
    call, equipe_id = prepare(route, caller), team.equipe_id
    change(sql, LOSSES[who][loss], caller.person.id)
    before = rows_of(sql, equipe_id)
    for _ in range(2):
        reply = call.by(caller.api)
        assert (reply.status, reply.codigo) == (401, "TOKEN_INVALIDO"), reply.body
    assert rows_of(sql, equipe_id) == before


@pytest.mark.parametrize("route", PROTECTED)
@pytest.mark.parametrize("how", CHANGES)
def test_a_caller_has_the_role_of_this_moment(
    app: Flask, team: Team, sql: Engine, how: str, route: str
) -> None:
    before, after = CHANGES[how]
    caller = known(app, team, before)
    call = prepare(route, caller)
    change(sql, f"update usuarios set role = '{after}' where id = :usuario_id", caller.person.id)
    only_gestores = ROUTES[route].access in ("gestor", "optional") or ROUTES[route].founders
    reply = call.by(caller.api)
    if only_gestores and after == "vendedor":
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    else:
        assert reply.status == success(route), reply.body


def test_a_demoted_gestor_sees_no_lead_of_others_on_the_next_read(
    app: Flask, team: Team, sql: Engine
) -> None:
    caller = known(app, team, "gestor")
    lead = caller.api.post("/leads", {"nome": "De ninguém"}).data["id"]
    assert caller.api.get(f"/leads/{lead}").status == 200
    change(sql, "update usuarios set role = 'vendedor' where id = :usuario_id", caller.person.id)
    assert caller.api.get(f"/leads/{lead}").status == 404
    assert caller.api.get("/leads").data["itens"] == []


def test_a_day_is_that_of_the_zone_of_this_moment(app: Flask, team: Team, sql: Engine) -> None:
    caller = known(app, team, "gestor")
    lead = caller.api.post("/leads", {"nome": "De madrugada"}).data["id"]
    change(
        sql,
        "update leads set criado_em = '2026-03-10T02:30Z' where equipe_id = "
        "(select equipe_id from usuarios where id = :usuario_id)",
        caller.person.id,
    )
    of_day = "/leads?criado_de=2026-03-10&criado_ate=2026-03-10"
    assert caller.api.get(of_day).data["itens"] == []
    zone = "update equipes set fuso = 'UTC' where id = "
    change(sql, f"{zone}(select equipe_id from usuarios where id = :usuario_id)", caller.person.id)
    assert [found["id"] for found in caller.api.get(of_day).data["itens"]] == [lead]
