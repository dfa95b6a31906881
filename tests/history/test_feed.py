"""GET /events: all that happened in an equipe, for programs that follow it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services import eventService
from tests.faults.tools import wait_until
from tests.support.actors import new_key
from tests.support.api import Api, Reply, Team
from tests.support.follower import settle
from tests.support.leads import create, imported, rows, run

_IDS = "select id from eventos where equipe_id = :e order by epoca, xid, id"
_MANY = (
    "insert into eventos (equipe_id, tipo, lead_id) "
    "select :e, 'lead_alterado', n from generate_series(1, :n) n"
)


def events(api: Api, **query: Any) -> Reply:
    return api.get("/events", query_string=query)


def followed(api: Api, **query: Any) -> list[dict[str, Any]]:
    """All there are, page by page, until nothing new comes from where it stands."""
    found: list[dict[str, Any]] = []
    while True:
        reply = events(api, **query)
        assert reply.status == 200, reply.body
        found += reply.data["itens"]
        if not reply.data["itens"] and reply.data["proximo"] == query.get("depois"):
            return found
        query["depois"] = reply.data["proximo"]


def settled(sql: Engine, team: Team) -> list[int]:
    """The ids of an equipe's events, once all of them may be read."""
    settle(sql, team.equipe_id)
    return [event_id for (event_id,) in rows(sql, _IDS, e=team.equipe_id)]


def test_every_event_comes_once_in_order(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    team.gestor.api.post(f"/leads/{lead}/move", {"etapa": "contatado"})
    imported(team.gestor.api, "nome\nUm\nDois\n")
    ids = settled(sql, team)
    for limite in (1, 2, 100, 1_000):
        found = followed(team.gestor.api, limite=limite)
        assert [event["id"] for event in found] == ids


def test_an_event_is_shown_with_ids_and_names_of_fields(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, nome="Segredo Silva", cidade="Segredopolis")["id"]
    team.gestor.api.post(f"/leads/{lead}/move", {"etapa": "contatado"})
    team.gestor.api.patch(f"/leads/{lead}", {"responsavel_id": team.vendedor.id})
    settled(sql, team)
    reply = events(team.gestor.api)
    assert b"egredo" not in reply.raw
    created, moved, given = reply.data["itens"][-3:]
    assert created["tipo"] == "lead_criado"
    shown = {name: value for name, value in moved.items() if name not in ("id", "criado_em")}
    assert shown == {
        "tipo": "lead_movido",
        "lead_id": lead,
        "usuario_id": team.gestor.id,
        "chave_id": None,
        "alvo_id": None,
        "trabalho_id": None,
        "importacao_id": None,
        "versao": 2,
        "campos": ["etapa", "etapa_desde"],
        "de_etapa": "novo",
        "para_etapa": "contatado",
        "dados": None,
    }
    assert given["dados"] == {"responsavel_id": team.vendedor.id}


def test_accounts_are_part_of_it_without_anything_personal(
    app: Flask, team: Team, sql: Engine
) -> None:
    wrong = {"email": team.vendedor.email, "senha": "errada"}
    assert Api(app).post("/auth/login", wrong).status == 401
    team.gestor.api.patch(f"/users/{team.vendedor.id}", {"nome": "Segredo"})
    settled(sql, team)
    reply = events(team.gestor.api)
    refused = next(each for each in reply.data["itens"] if each["tipo"] == "login_recusado")
    assert (refused["lead_id"], refused["alvo_id"]) == (None, team.vendedor.id)
    for secret in (b"Segredo", team.vendedor.email.encode()):
        assert secret not in reply.raw


def test_the_next_call_goes_on_where_the_last_one_ended(team: Team, sql: Engine) -> None:
    create(team.gestor.api)
    settled(sql, team)
    end = events(team.gestor.api, limite=1_000).data["proximo"]
    again = events(team.gestor.api, depois=end)
    assert (again.data["itens"], again.data["proximo"]) == ([], end)
    lead = create(team.gestor.api)["id"]
    wait_until(lambda: len(events(team.gestor.api, depois=end).data["itens"]) == 1)
    (new,) = events(team.gestor.api, depois=end).data["itens"]
    assert (new["tipo"], new["lead_id"]) == ("lead_criado", lead)


def test_where_nothing_is_there_is_a_place_to_go_on_from(team: Team, sql: Engine) -> None:
    settled(sql, team)
    reply = events(team.gestor.api, tipo="lead_movido")
    assert reply.data["itens"] == []
    assert events(team.gestor.api, depois=reply.data["proximo"]).data == reply.data


def test_kinds_may_be_chosen_and_changed_on_the_way(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    for _ in range(3):
        lead = create(api)["id"]
        api.post(f"/leads/{lead}/move", {"etapa": "contatado"})
        api.delete(f"/leads/{lead}")
    settled(sql, team)
    moved = followed(api, tipo="lead_movido", limite=1)
    assert [event["tipo"] for event in moved] == ["lead_movido"] * 3
    two = {"tipo": ["lead_criado", "lead_excluido"], "limite": 2}
    first = events(api, **two)
    assert [event["tipo"] for event in first.data["itens"]] == two["tipo"]
    rest = followed(api, depois=first.data["proximo"])
    assert [event["tipo"] for event in rest][:3] == ["lead_criado", "lead_movido", "lead_excluido"]


def test_a_rare_kind_is_looked_for_in_stretches(
    team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A call comes back empty, and further on."""
    before = settled(sql, team)
    run(sql, _MANY, e=team.equipe_id, n=eventService.STRETCH + 500)
    lead = create(team.gestor.api)["id"]
    ids = settled(sql, team)
    assert len(ids) == len(before) + eventService.STRETCH + 501
    first = events(team.gestor.api, tipo="lead_criado")
    assert first.data["itens"] == []
    second = events(team.gestor.api, tipo="lead_criado", depois=first.data["proximo"])
    assert [event["lead_id"] for event in second.data["itens"]] == [lead]
    between = events(team.gestor.api, depois=first.data["proximo"], limite=1_000)
    assert [event["id"] for event in between.data["itens"]] == ids[eventService.STRETCH :]
    for tipo in ("lead_criado", "lead_alterado", "lead_movido"):
        found = [event["id"] for event in followed(team.gestor.api, tipo=tipo, limite=1_000)]
        expected = {"lead_criado": ids[-1:], "lead_alterado": ids[len(before) : -1]}
        assert found == expected.get(tipo, [])


def test_who_may_follow(app: Flask, team: Team) -> None:
    assert events(Api(app, new_key(team)["chave"])).status == 200
    for api in (team.vendedor.api, Api(app, new_key(team, "vendedor")["chave"])):
        assert (events(api).status, events(api).codigo) == (403, "PROIBIDO")
    assert events(Api(app)).status == 401


def test_a_cursor_that_is_not_of_this_feed_is_refused(team: Team, other_team: Team) -> None:
    for _ in range(2):
        create(team.gestor.api)
    own = events(team.gestor.api).data["proximo"]
    listed = team.gestor.api.get("/leads?limite=1").data["proximo"]
    for api, said in (
        (other_team.gestor.api, own),
        (team.gestor.api, own[:-1]),
        (team.gestor.api, f"{own}A"),
        (team.gestor.api, "x.y"),
        (team.gestor.api, listed),
    ):
        reply = events(api, depois=said)
        assert (reply.status, reply.codigo) == (400, "CURSOR_INVALIDO")


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ({"limite": 0}, "limite"),
        ({"limite": 1_001}, "limite"),
        ({"limite": "1_0"}, "limite"),
        ({"tipo": "nenhum"}, "tipo.0"),
        ({"depois": "x" * 1_025}, "depois"),
        ({"cursor": "x"}, "cursor"),
    ],
    ids=str,
)
def test_a_wrong_query_is_refused(team: Team, query: dict[str, Any], field: str) -> None:
    reply = events(team.gestor.api, **query)
    assert (reply.status, set(reply.campos)) == (422, {field})


def test_it_holds_no_other_equipe(team: Team, other_team: Team, sql: Engine) -> None:
    theirs = create(other_team.gestor.api)["id"]
    create(team.gestor.api)
    settled(sql, team)
    settled(sql, other_team)
    found = {event["lead_id"] for event in followed(team.gestor.api)}
    assert theirs not in found
