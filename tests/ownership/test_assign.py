"""POST /leads/{id}/assign: to somebody, to nobody, to whoever has the fewest open leads."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.actors import new_key
from tests.support.api import Api, Member, Reply, Team, register, sign_in
from tests.support.leads import create, events, rows


def assign(api: Api, lead_id: int, to: Any, **headers: str) -> Reply:
    return api.post(f"/leads/{lead_id}/assign", {"responsavel_id": to}, headers=headers)


def owner(team: Team, lead_id: int) -> int | None:
    return team.gestor.api.get(f"/leads/{lead_id}").data["responsavel_id"]


def give(team: Team, person: Member, count: int, **fields: Any) -> list[int]:
    return [create(team.gestor.api, responsavel_id=person.id, **fields)["id"] for _ in range(count)]


def change(team: Team, person: Member, **fields: Any) -> Reply:
    reply = team.gestor.api.patch(f"/users/{person.id}", fields)
    assert reply.status == 200, reply.body
    return reply


def hence(**time: float) -> str:
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


def test_a_lead_is_given_to_somebody_and_to_nobody(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    given = assign(team.gestor.api, lead["id"], team.vendedor.id)
    assert (given.status, given.message) == (200, "Lead atribuído com sucesso")
    assert given.data["responsavel_id"] == team.vendedor.id
    assert given.data["versao"] == 2
    read = team.gestor.api.get(f"/leads/{lead['id']}")
    assert (read.data, read.headers["ETag"]) == (given.data, given.headers["ETag"])
    assert assign(team.gestor.api, lead["id"], None).data["responsavel_id"] is None
    told = "select tipo, campos, versao, dados from eventos where lead_id = :id order by id"
    assert rows(sql, told, id=lead["id"])[1:] == [
        ("lead_alterado", ["responsavel_id"], 2, {"responsavel_id": team.vendedor.id}),
        ("lead_alterado", ["responsavel_id"], 3, {"responsavel_id": None}),
    ]


def test_given_to_who_has_it_nothing_changes(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)
    nobodys = create(team.gestor.api)
    for lead_id, to in ((lead["id"], team.vendedor.id), (nobodys["id"], None)):
        before = events(sql, lead_id)
        reply = assign(team.gestor.api, lead_id, to)
        assert (reply.status, reply.data["versao"]) == (200, 1)
        assert events(sql, lead_id) == before


def test_what_was_promised_goes_with_it(team: Team, sql: Engine) -> None:
    due = "2030-03-01T12:00:00Z"
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id, proximo_contato_em=due)["id"]
    assign(team.gestor.api, lead, team.colleague.id)
    for table, column in (("atividades", "responsavel_id"), ("fila", "dono")):
        found = rows(sql, f"select {column} from {table} where lead_id = :id", id=lead)
        assert found == [(team.colleague.id,)]


@pytest.mark.parametrize("to", ["auto", "somebody"])
def test_if_match_is_obeyed(team: Team, to: str) -> None:
    lead = create(team.gestor.api)["id"]
    said = team.vendedor.id if to == "somebody" else to
    stale = assign(team.gestor.api, lead, said, **{"If-Match": '"v7"'})
    assert (stale.status, stale.codigo) == (412, "VERSAO_DESATUALIZADA")
    assert owner(team, lead) is None
    etag = team.gestor.api.get(f"/leads/{lead}").headers["ETag"]
    assert assign(team.gestor.api, lead, said, **{"If-Match": etag}).status == 200


@pytest.mark.parametrize("who", ["foreign", "inactive", "nobody"])
def test_only_an_active_member_gets_it(team: Team, other_team: Team, who: str) -> None:
    lead = create(team.gestor.api)["id"]
    change(team, team.colleague, ativo=False)
    ids = {"foreign": other_team.vendedor.id, "inactive": team.colleague.id, "nobody": 2**62}
    reply = assign(team.gestor.api, lead, ids[who])
    assert (reply.status, reply.campos) == (422, {"responsavel_id": "USUARIO_INEXISTENTE"})
    (error,) = reply.data["erros"]
    assert error["opcoes"] == [team.gestor.id, team.vendedor.id]
    assert owner(team, lead) is None


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("AUTO", "VALOR_INVALIDO"),
        ("Auto", "VALOR_INVALIDO"),
        (" auto", "VALOR_INVALIDO"),
        ("12", "VALOR_INVALIDO"),
        ("", "VALOR_INVALIDO"),
        (True, "VALOR_INVALIDO"),
        (False, "VALOR_INVALIDO"),
        ([1], "VALOR_INVALIDO"),
        ({"id": 1}, "VALOR_INVALIDO"),
        (0, "FORA_DA_FAIXA"),
        (-1, "FORA_DA_FAIXA"),
        (2**63, "FORA_DA_FAIXA"),
        (1.5, "TIPO_INVALIDO"),
    ],
    ids=str,
)
def test_what_is_neither_a_number_nor_auto_is_refused(team: Team, said: Any, code: str) -> None:
    lead = create(team.gestor.api)["id"]
    reply = assign(team.gestor.api, lead, said)
    assert reply.status == 422
    assert reply.data["erros"][0]["campo"] == "responsavel_id"
    assert reply.data["erros"][0]["codigo"] == code


def test_the_new_owner_must_be_said(team: Team) -> None:
    path = f"/leads/{create(team.gestor.api)['id']}/assign"
    assert team.gestor.api.post(path, {}).campos == {"responsavel_id": "OBRIGATORIO"}
    more = {"responsavel_id": None, "nome": "X"}
    assert team.gestor.api.post(path, more).campos == {"nome": "CAMPO_DESCONHECIDO"}


def test_a_gestor_and_a_gestors_key_may_and_nobody_else(team: Team, other_team: Team) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)["id"]
    app = team.gestor.api.app
    for api in (team.vendedor.api, Api(app, new_key(team, "vendedor")["chave"])):
        for to in (team.vendedor.id, "auto", None):
            assert assign(api, lead, to).status == 403
    assert assign(other_team.gestor.api, lead, None).status == 404
    assert owner(team, lead) == team.vendedor.id
    assert assign(Api(app, new_key(team)["chave"]), lead, "auto").status == 200


def test_a_deleted_lead_is_not_there_and_a_closed_one_is(team: Team) -> None:
    lead = create(team.gestor.api, etapa="ganho")["id"]
    assert assign(team.gestor.api, lead, team.vendedor.id).status == 200
    assert assign(team.gestor.api, lead, "auto").data["responsavel_id"] == team.vendedor.id
    team.gestor.api.delete(f"/leads/{lead}")
    for to in (None, "auto", team.colleague.id):
        assert assign(team.gestor.api, lead, to).status == 404


# ------------------------------------------------------------------------------- auto


def test_auto_takes_the_one_with_the_fewest_open_leads(team: Team) -> None:
    give(team, team.vendedor, 2)
    give(team, team.colleague, 1)
    give(team, team.colleague, 3, etapa="ganho")
    deleted = give(team, team.colleague, 2)
    for lead_id in deleted:
        team.gestor.api.delete(f"/leads/{lead_id}")
    found = [
        assign(team.gestor.api, create(team.gestor.api)["id"], "auto").data["responsavel_id"]
        for _ in range(3)
    ]
    # One and then, as they have as many, the lower id.
    assert found == [team.colleague.id, team.vendedor.id, team.colleague.id]


def test_auto_leaves_a_lead_where_nobody_has_fewer(team: Team, sql: Engine) -> None:
    (kept,) = give(team, team.colleague, 1)
    before = events(sql, kept)
    assert assign(team.gestor.api, kept, "auto").data["responsavel_id"] == team.colleague.id
    assert events(sql, kept) == before
    more = give(team, team.colleague, 1)[0]
    assert assign(team.gestor.api, more, "auto").data["responsavel_id"] == team.vendedor.id


def test_auto_passes_over_who_is_away_inactive_or_full(app: Flask, team: Team) -> None:
    third = sign_in(app, register(team.gestor.api, role="vendedor")["email"])
    change(team, team.vendedor, ausente_ate=hence(days=1))
    change(team, third, capacidade=2)
    give(team, team.colleague, 1)

    def auto() -> int:
        lead = create(team.gestor.api)["id"]
        return assign(team.gestor.api, lead, "auto").data["responsavel_id"]

    assert [auto() for _ in range(4)] == [third.id, team.colleague.id, third.id, team.colleague.id]
    assert auto() == team.colleague.id
    change(team, team.vendedor, ausente_ate=None)
    change(team, team.colleague, ativo=False)
    assert auto() == team.vendedor.id


def test_whose_absence_is_over_is_there_again(team: Team, sql: Engine) -> None:
    give(team, team.colleague, 1)
    with sql.begin() as connection:
        connection.exec_driver_sql(
            "update usuarios set ausente_ate = now() - interval '1 second' where id = %(id)s",
            {"id": team.vendedor.id},
        )
    lead = create(team.gestor.api)["id"]
    assert assign(team.gestor.api, lead, "auto").data["responsavel_id"] == team.vendedor.id


def test_auto_with_nobody_says_so(team: Team) -> None:
    lead = create(team.gestor.api)["id"]
    change(team, team.vendedor, capacidade=0)
    change(team, team.colleague, ausente_ate=hence(days=1))
    reply = assign(team.gestor.api, lead, "auto")
    assert (reply.status, reply.codigo) == (409, "SEM_VENDEDOR_DISPONIVEL")
    assert owner(team, lead) is None
    # Somebody is named: it is the gestor's own decision.
    assert assign(team.gestor.api, lead, team.vendedor.id).status == 200
    assert assign(team.gestor.api, lead, "auto").status == 409


def test_who_is_full_keeps_the_lead_they_have(team: Team) -> None:
    (kept,) = give(team, team.vendedor, 1)
    change(team, team.vendedor, capacidade=1)
    change(team, team.colleague, capacidade=0)
    assert assign(team.gestor.api, kept, "auto").data["responsavel_id"] == team.vendedor.id


def test_gestores_are_given_leads_where_there_is_no_vendedor(team: Team) -> None:
    lead = create(team.gestor.api)["id"]
    change(team, team.vendedor, ativo=False)
    change(team, team.colleague, ausente_ate=hence(days=1))
    # One is away: they are not given hers.
    assert assign(team.gestor.api, lead, "auto").status == 409
    change(team, team.colleague, ativo=False)
    assert assign(team.gestor.api, lead, "auto").data["responsavel_id"] == team.gestor.id
