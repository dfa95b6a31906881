"""The people of an equipe: who may change whom, and the rules that keep it governed."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import Api, Member, Team, register, sign_in
from tests.support.waiting import WAITING

MISSING = 2**62
SAME_ID = {"X-Request-ID": "comparado"}


def alone(app: Flask, role: str = "gestor") -> Member:
    """The founder of an equipe without other users."""
    return sign_in(app, register(Api(app), role=role)["email"])


def promoted(app: Flask, team: Team) -> Member:
    """A second gestor of the team."""
    return sign_in(app, register(team.gestor.api, role="gestor")["email"])


def active_managers(sql: Engine, equipe_id: int) -> list[int]:
    query = text("select id from usuarios where equipe_id = :id and ativo and role = 'gestor'")
    with sql.connect() as connection:
        return list(connection.execute(query, {"id": equipe_id}).scalars())


def test_a_gestor_lists_exactly_their_own_equipe(team: Team, other_team: Team) -> None:
    data = team.gestor.api.get("/users").data
    members = [team.gestor.id, team.vendedor.id, team.colleague.id]
    assert [person["id"] for person in data["itens"]] == members
    assert data["proximo"] is None


def test_a_gestor_sees_an_inactive_member(team: Team) -> None:
    team.gestor.api.patch(f"/users/{team.vendedor.id}", {"ativo": False})
    assert team.gestor.api.get(f"/users/{team.vendedor.id}").data["ativo"] is False


def test_a_user_is_shown_without_the_password(team: Team) -> None:
    data = team.gestor.api.get(f"/users/{team.vendedor.id}").data
    assert set(data) == set("id nome email role ativo criado_em capacidade ausente_ate".split())


def test_a_gestor_renames_promotes_and_deactivates(team: Team) -> None:
    change = {"nome": "Novo Nome", "role": "gestor", "ativo": False}
    data = team.gestor.api.patch(f"/users/{team.vendedor.id}", change).data
    assert {name: data[name] for name in change} == change
    assert data.pop("trabalho") is None
    assert team.gestor.api.get(f"/users/{team.vendedor.id}").data == data


def test_a_vendedor_can_neither_see_nor_change_users(team: Team) -> None:
    api = team.vendedor.api
    assert api.get("/users").status == 403
    for user in (team.vendedor.id, team.colleague.id, team.gestor.id, MISSING):
        assert api.get(f"/users/{user}").status == 403
        assert api.patch(f"/users/{user}", {"nome": "X"}).status == 403
        assert api.patch(f"/users/{user}", {"role": "gestor"}).status == 403


def test_a_user_of_another_equipe_reads_like_a_missing_one(team: Team, other_team: Team) -> None:
    api = team.gestor.api
    for user in (other_team.gestor.id, other_team.vendedor.id):
        for call in (api.get, lambda path, **how: api.patch(path, {"ativo": False}, **how)):
            foreign = call(f"/users/{user}", headers=SAME_ID)
            missing = call(f"/users/{MISSING}", headers=SAME_ID)
            assert (foreign.status, foreign.raw) == (404, missing.raw)
    assert other_team.vendedor.api.get("/auth/me").status == 200


@pytest.mark.parametrize("user", ["0", "-1", "1.0", "eu", str(2**63), "9" * 40])
def test_a_path_that_is_no_id_answers_404(team: Team, user: str) -> None:
    assert team.gestor.api.get(f"/users/{user}").status == 404


@pytest.mark.parametrize(
    "change",
    [
        {"email": "outro@exemplo.com.br"},
        {"senha": "outra-senha"},
        {"equipe_id": 1},
        {"fundador": True},
        {"id": 1},
        {"ativo": "false"},
        {"ativo": 0},
        {"role": "admin"},
        {"nome": ""},
        {"nome": "x" * 121},
        {"nome": "a\x00b"},
    ],
    ids=str,
)
def test_a_change_of_another_field_or_kind_is_refused(team: Team, change: dict[str, Any]) -> None:
    reply = team.gestor.api.patch(f"/users/{team.vendedor.id}", change)
    assert reply.status == 422
    assert set(reply.campos) == set(change)


@pytest.mark.parametrize("change", [{"role": "vendedor"}, {"ativo": False}])
def test_the_last_active_gestor_stays(team: Team, sql: Engine, change: dict[str, Any]) -> None:
    reply = team.gestor.api.patch(f"/users/{team.gestor.id}", change | {"nome": "Outro"})
    assert (reply.status, reply.codigo) == (409, "ULTIMO_GESTOR")
    assert active_managers(sql, team.equipe_id) == [team.gestor.id]
    assert team.gestor.api.get("/auth/me").data["nome"] != "Outro"


def test_an_inactive_gestor_does_not_count_as_another(app: Flask, team: Team) -> None:
    second = promoted(app, team)
    team.gestor.api.patch(f"/users/{second.id}", {"ativo": False})
    reply = team.gestor.api.patch(f"/users/{team.gestor.id}", {"role": "vendedor"})
    assert (reply.status, reply.codigo) == (409, "ULTIMO_GESTOR")


def test_one_of_two_gestores_may_step_down(app: Flask, team: Team, sql: Engine) -> None:
    second, equipe_id = promoted(app, team), team.equipe_id
    assert team.gestor.api.patch(f"/users/{team.gestor.id}", {"role": "vendedor"}).status == 200
    assert active_managers(sql, equipe_id) == [second.id]


@pytest.mark.parametrize("change", [{"role": "vendedor"}, {"ativo": False}])
def test_a_gestor_alone_may_step_down(app: Flask, change: dict[str, Any]) -> None:
    founder = alone(app)
    assert founder.api.patch(f"/users/{founder.id}", change).status == 200


def test_two_gestores_who_demote_each_other_leave_one(app: Flask, sql: Engine) -> None:
    for _ in range(4):
        first = alone(app)
        equipe_id = first.api.get("/auth/me").data["equipe_id"]
        register(first.api, role="vendedor")
        second = sign_in(app, register(first.api, role="gestor")["email"])
        gate = Barrier(2)

        def demote(pair: tuple[Member, Member], gate: Barrier = gate) -> int:
            gate.wait()
            return pair[0].api.patch(f"/users/{pair[1].id}", {"role": "vendedor"}).status

        with ThreadPoolExecutor(2) as pool:
            statuses = sorted(pool.map(demote, [(first, second), (second, first)]))
        assert statuses[0] == 200
        assert statuses[1] in {401, 403, 409}
        assert len(active_managers(sql, equipe_id)) == 1


def test_a_gestor_demoted_while_the_request_waits_is_refused(
    app: Flask, team: Team, sql: Engine
) -> None:
    second = promoted(app, team)
    demotion = text("update usuarios set role = 'vendedor' where id = :id")
    waiting = text(WAITING)
    with ThreadPoolExecutor(1) as pool, sql.connect() as other:
        other.exec_driver_sql("begin")
        other.execute(demotion, {"id": second.id})
        raised = pool.submit(second.api.patch, f"/users/{second.id}", {"role": "gestor"})
        while not raised.done() and not other.execute(waiting).scalar_one():
            pass
        other.exec_driver_sql("commit")
        assert raised.result().status == 403
    assert active_managers(sql, team.equipe_id) == [team.gestor.id]


def test_a_founder_without_gestor_can_become_one(app: Flask) -> None:
    founder = alone(app, role="vendedor")
    reply = founder.api.patch(f"/users/{founder.id}", {"role": "gestor"})
    assert reply.status == 200
    assert sign_in(app, founder.email).api.get("/users").status == 200


@pytest.mark.parametrize(
    "change",
    [{"role": "gestor", "nome": "X"}, {"nome": "X"}, {"ativo": False}, {"role": "vendedor"}, {}],
    ids=str,
)
def test_a_founder_without_gestor_changes_nothing_else(app: Flask, change: dict[str, Any]) -> None:
    founder = alone(app, role="vendedor")
    assert founder.api.patch(f"/users/{founder.id}", change).status == 403
    assert founder.api.get("/auth/me").data["role"] == "vendedor"


def test_a_founder_with_an_active_gestor_keeps_their_role(app: Flask, team: Team) -> None:
    second = promoted(app, team)
    second.api.patch(f"/users/{team.gestor.id}", {"role": "vendedor"})
    founder = sign_in(app, team.gestor.email)
    assert founder.api.patch(f"/users/{founder.id}", {"role": "gestor"}).status == 403


def orphaned(sql: Engine, team: Team) -> None:
    """An equipe that lost its gestor, which the API itself never lets happen."""
    with sql.connect() as connection:
        change = text("update usuarios set role = 'vendedor' where id = :id")
        connection.execute(change, {"id": team.gestor.id})


def test_a_founder_can_promote_only_themselves(app: Flask, team: Team, sql: Engine) -> None:
    orphaned(sql, team)
    founder = team.gestor.api
    assert founder.patch(f"/users/{team.vendedor.id}", {"role": "gestor"}).status == 403
    assert founder.patch(f"/users/{team.gestor.id}", {"role": "gestor"}).status == 200


def test_a_user_who_is_not_the_founder_cannot_become_gestor(team: Team, sql: Engine) -> None:
    orphaned(sql, team)
    reply = team.vendedor.api.patch(f"/users/{team.vendedor.id}", {"role": "gestor"})
    assert reply.status == 403


def test_every_user_sees_their_equipe_and_only_its_gestor_changes_it(team: Team) -> None:
    change = {"nome": "Outro Nome", "fuso": "America/Manaus"}
    assert team.vendedor.api.patch("/equipe", change).status == 403
    assert team.gestor.api.patch("/equipe", change).status == 200
    data = team.vendedor.api.get("/equipe").data
    assert {name: data[name] for name in change} == change


@pytest.mark.parametrize(
    "zone",
    ["Marte/Olympus", "", "UTC'; --", "../etc/passwd", "/etc/localtime", "America/Sao_Paulo\x00"],
)
def test_a_time_zone_that_does_not_exist_is_refused(team: Team, zone: str) -> None:
    reply = team.gestor.api.patch("/equipe", {"fuso": zone})
    assert reply.status == 422
    assert set(reply.campos) == {"fuso"}
    assert team.gestor.api.get("/equipe").data["fuso"] == "America/Sao_Paulo"


def test_changes_of_people_and_equipe_are_audited_without_their_values(
    team: Team, sql: Engine
) -> None:
    team.gestor.api.patch(f"/users/{team.vendedor.id}", {"nome": "Segredo", "role": "gestor"})
    team.gestor.api.patch("/equipe", {"nome": "Segredo"})
    query = text(
        "select tipo, usuario_id, alvo_id, campos, to_jsonb(e)::text from eventos e "
        "where equipe_id = :id and tipo like '%alterad%' order by id"
    )
    with sql.connect() as connection:
        rows = connection.execute(query, {"id": team.equipe_id}).all()
    assert [(row[0], row[1], row[2], set(row[3])) for row in rows] == [
        ("usuario_alterado", team.gestor.id, team.vendedor.id, {"nome", "role"}),
        ("equipe_alterada", team.gestor.id, None, {"nome"}),
    ]
    assert all("Segredo" not in row[4] for row in rows)
