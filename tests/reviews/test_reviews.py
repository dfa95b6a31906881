"""A score is contested by whoever sees the lead, and a person decides it, once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.ownership.test_races import at_once
from tests.support.actors import new_key
from tests.support.api import Api, Team
from tests.support.leads import create, events, new_phone, rows
from tests.support.reviews import (
    WHY,
    ask,
    asked,
    decide,
    listed,
    override,
    remove,
    score_of,
    until,
)


def lead_of(team: Team, **fields: Any) -> int:
    """A lead that the vendedor is responsible for."""
    return int(create(team.gestor.api, responsavel_id=team.vendedor.id, **fields)["id"])


def test_a_review_keeps_the_contested_score_and_nothing_of_the_person(
    team: Team, sql: Engine
) -> None:
    lead = create(team.gestor.api, nome="Fulana", telefone=new_phone(), origem="indicação")
    before = score_of(team.gestor.api, lead["id"])
    review = asked(team.gestor.api, lead["id"])
    assert (review["estado"], review["motivo"], review["lead_id"]) == ("aberta", WHY, lead["id"])
    assert (review["usuario_id"], review["chave_id"]) == (team.gestor.id, None)
    assert [review[name] for name in ("resposta", "decidida_em", "decidida_por")] == [None] * 3
    ((kept,),) = rows(sql, "select contestado from revisoes where id = :id", id=review["id"])
    assert kept == review["contestado"]
    same = {name: before[name] for name in ("score", "faixa", "probabilidade", "versao")}
    points = kept.pop("pontos")
    assert kept == {**same, "modelo_versao": 0}
    assert sum(points) == sum(part["pontos"] for part in before["partes"][1:])
    after = create_points(team, lead["id"])
    assert review["contestado"]["score"] != after["score"]
    assert review["id"] in listed(team.gestor.api)


def create_points(team: Team, lead_id: int) -> dict[str, Any]:
    """The score after a change that earns points: what was contested stays as it was."""
    changed = team.gestor.api.patch(f"/leads/{lead_id}", {"produto": "seguro"})
    assert changed.status == 200
    return score_of(team.gestor.api, lead_id)


def test_a_review_changes_neither_the_lead_nor_its_score(team: Team, sql: Engine) -> None:
    lead = lead_of(team)
    path = f"/leads/{lead}"
    before, score = team.gestor.api.get(path), score_of(team.gestor.api, lead)
    review = asked(team.vendedor.api, lead)
    assert decide(team.gestor.api, review["id"]).status == 200
    after = team.gestor.api.get(path)
    assert (after.data, after.headers["ETag"]) == (before.data, before.headers["ETag"])
    assert score_of(team.gestor.api, lead) == score
    told = rows(
        sql,
        "select tipo, versao, campos, dados from eventos where lead_id = :id order by id",
        id=lead,
    )
    assert told[1:] == [
        ("score_revisao_pedida", None, [], {"revisao_id": review["id"]}),
        ("score_revisao_decidida", None, [], {"revisao_id": review["id"]}),
    ]


@pytest.mark.parametrize("etapa", ["ganho", "perdido"])
def test_the_score_of_a_closed_lead_may_be_contested(team: Team, etapa: str) -> None:
    """Whoever was turned away is the one who has a reason to ask."""
    lead = lead_of(team, etapa=etapa, motivo_perda="sem crédito" if etapa == "perdido" else None)
    assert ask(team.vendedor.api, lead).status == 201


def test_a_lease_is_enough_to_ask(team: Team) -> None:
    lead = create(team.gestor.api)["id"]
    assert ask(team.vendedor.api, lead).status == 404
    assert team.vendedor.api.post("/queue/next", {}).data["lead"]["id"] == lead
    review = asked(team.vendedor.api, lead)
    assert listed(team.vendedor.api) == [review["id"]]
    assert listed(team.colleague.api) == []


def test_a_key_asks_and_a_person_decides(app: Flask, team: Team) -> None:
    key = new_key(team)
    machine = Api(app, key["chave"])
    review = asked(machine, create(machine)["id"])
    assert (review["usuario_id"], review["chave_id"]) == (team.gestor.id, key["id"])
    for reply in (
        decide(machine, review["id"]),
        override(machine, review["lead_id"]),
        machine.delete(f"/leads/{review['lead_id']}/score/override"),
    ):
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
    assert listed(machine, estado="aberta") == [review["id"]]


def test_one_review_of_a_lead_is_open_at_a_time(team: Team) -> None:
    lead = lead_of(team)
    review = asked(team.vendedor.api, lead)
    second = ask(team.gestor.api, lead)
    assert (second.status, second.codigo) == (409, "REVISAO_ABERTA")
    assert second.data["revisao_id"] == review["id"]
    assert decide(team.gestor.api, review["id"]).status == 200
    assert asked(team.vendedor.api, lead)["id"] != review["id"]


def test_of_many_who_ask_at_once_one_is_taken(team: Team, sql: Engine) -> None:
    lead = lead_of(team)
    calls = [lambda api=api: ask(api, lead) for api in (team.vendedor.api, team.gestor.api) * 8]
    replies = at_once(calls)
    (taken,) = [reply for reply in replies if reply.status == 201]
    others = [reply for reply in replies if reply.status != 201]
    assert {(reply.status, reply.codigo) for reply in others} == {(409, "REVISAO_ABERTA")}
    assert {reply.data["revisao_id"] for reply in others} == {taken.data["id"]}
    assert [event[0] for event in events(sql, lead)][1:] == ["score_revisao_pedida"]


def test_a_retry_gets_the_first_reply(team: Team) -> None:
    lead, key = lead_of(team), {"Idempotency-Key": "pedido-1"}
    first, again = (ask(team.vendedor.api, lead, headers=key) for _ in range(2))
    assert (again.status, again.raw) == (201, first.raw)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert ask(team.vendedor.api, lead, "Outro.", headers=key).codigo == "CHAVE_REUTILIZADA"


def test_a_decision_says_who_when_and_what(team: Team) -> None:
    review = asked(team.vendedor.api, lead_of(team))
    reply = decide(team.gestor.api, review["id"], "mantida", resposta="  Está certo. ")
    assert reply.status == 200
    assert reply.data["decidida_em"] > review["criado_em"]
    assert reply.data["decidida_por"] == team.gestor.id
    assert (reply.data["estado"], reply.data["resposta"]) == ("mantida", "Está certo.")
    assert reply.data["contestado"] == review["contestado"]
    assert team.vendedor.api.get("/scores/reviews").data["itens"] == [reply.data]


@pytest.mark.parametrize("second", ["mantida", "corrigida"])
def test_a_review_is_decided_once(team: Team, second: str) -> None:
    review = asked(team.vendedor.api, lead_of(team))
    first = decide(team.gestor.api, review["id"]).data
    reply = decide(team.gestor.api, review["id"], second, resposta="Outra.")
    assert (reply.status, reply.codigo) == (409, "REVISAO_DECIDIDA")
    assert team.gestor.api.get("/scores/reviews").data["itens"] == [first]


def test_of_many_decisions_at_once_one_is_taken(team: Team, sql: Engine) -> None:
    """With its own answer and its own score, none of another's."""
    lead = lead_of(team)
    review = asked(team.vendedor.api, lead)["id"]

    def call(n: int) -> Any:
        ajuste = {"score": n, "ate": until(days=1)}
        return decide(team.gestor.api, review, "corrigida", resposta=f"Resposta {n}", ajuste=ajuste)

    replies = at_once([lambda n=n: call(n) for n in range(12)])
    assert sorted(reply.status for reply in replies) == [200] + [409] * 11
    (taken,) = [n for n, reply in enumerate(replies) if reply.status == 200]
    given = score_of(team.gestor.api, lead)["ajuste"]
    assert (given["score"], given["motivo"]) == (taken, f"Resposta {taken}")
    assert replies[taken].data["resposta"] == f"Resposta {taken}"
    kinds = [event[0] for event in events(sql, lead)]
    assert kinds[2:] == ["score_revisao_decidida", "score_ajustado"]


def test_a_correction_brings_a_score_if_it_says_one(team: Team) -> None:
    lead, end = lead_of(team), until(days=3)
    first = asked(team.vendedor.api, lead)["id"]
    assert decide(team.gestor.api, first, "corrigida").status == 200
    assert score_of(team.gestor.api, lead)["ajuste"] is None
    second = asked(team.vendedor.api, lead)["id"]
    ajuste = {"score": 0, "ate": end}
    assert decide(team.gestor.api, second, "corrigida", ajuste=ajuste).status == 200
    given = score_of(team.vendedor.api, lead)["ajuste"]
    assert (given["score"], given["motivo"], given["ate"]) == (0, "Conferido.", end)
    assert given["por"]["id"] == team.gestor.id


def test_a_score_comes_only_with_a_correction(team: Team) -> None:
    review = asked(team.vendedor.api, lead_of(team))["id"]
    reply = decide(team.gestor.api, review, ajuste={"score": 1, "ate": until(days=3)})
    assert (reply.status, reply.campos) == (422, {"ajuste": "VALOR_INVALIDO"})
    late = decide(team.gestor.api, review, "corrigida", ajuste={"score": 1, "ate": until(days=-1)})
    assert (late.status, late.campos) == (422, {"ajuste.ate": "FORA_DA_FAIXA"})
    assert listed(team.gestor.api, estado="aberta") == [review]


@pytest.mark.parametrize("state", ["aberta", "decidida"])
def test_a_review_goes_and_comes_back_with_its_lead(team: Team, state: str) -> None:
    lead, api = lead_of(team), team.gestor.api
    review = asked(api, lead)["id"]
    if state == "decidida":
        assert decide(api, review).status == 200
    assert api.delete(f"/leads/{lead}").status == 200
    assert listed(api) == []
    assert ask(api, lead).status == decide(api, review).status == 404
    assert api.post(f"/leads/{lead}/restore").status == 200
    assert listed(api) == [review]
    assert decide(api, review).status == (200 if state == "aberta" else 409)


def test_a_review_that_waits_for_a_deletion_is_of_no_lead(team: Team, sql: Engine) -> None:
    leads = [lead_of(team) for _ in range(8)]
    for lead in leads:
        with ThreadPoolExecutor(2) as pool:
            deleted = pool.submit(team.gestor.api.delete, f"/leads/{lead}")
            reply = pool.submit(ask, team.gestor.api, lead).result()
        assert (deleted.result().status, reply.status in (201, 404)) == (200, True)
        kinds = [event[0] for event in events(sql, lead)]
        assert kinds[-1] == "lead_excluido"
        assert ("score_revisao_pedida" in kinds) is (reply.status == 201)


@pytest.mark.parametrize(
    ("body", "campo", "codigo"),
    [
        ({}, "motivo", "OBRIGATORIO"),
        ({"motivo": "  "}, "motivo", "OBRIGATORIO"),
        ({"motivo": None}, "motivo", "TIPO_INVALIDO"),
        ({"motivo": 7}, "motivo", "TIPO_INVALIDO"),
        ({"motivo": "a\x00b"}, "motivo", "TEXTO_INVALIDO"),
        ({"motivo": "a" * 2_001}, "motivo", "LONGO_DEMAIS"),
        ({"motivo": WHY, "score": 100}, "score", "CAMPO_DESCONHECIDO"),
    ],
)
def test_a_request_without_a_readable_reason_is_refused(
    team: Team, body: dict[str, Any], campo: str, codigo: str
) -> None:
    reply = team.vendedor.api.post(f"/leads/{lead_of(team)}/score/review", body)
    assert (reply.status, reply.campos) == (422, {campo: codigo})
    assert listed(team.gestor.api) == []


@pytest.mark.parametrize(
    ("said", "campo"),
    [
        ({"estado": "aberta"}, "estado"),
        ({"estado": "MANTIDA"}, "estado"),
        ({"estado": None}, "estado"),
        ({"resposta": ""}, "resposta"),
        ({"resposta": "\x00"}, "resposta"),
        ({"resposta": "a" * 2_001}, "resposta"),
        ({"ajuste": 5}, "ajuste"),
        ({"ajuste": {"score": 101, "ate": "2027-01-15T18:00:00Z"}}, "ajuste.score"),
        ({"ajuste": {"score": 50}}, "ajuste.ate"),
        ({"decidida_por": 1}, "decidida_por"),
    ],
)
def test_a_decision_that_says_something_else_is_refused(
    team: Team, said: dict[str, Any], campo: str
) -> None:
    review = asked(team.vendedor.api, lead_of(team))["id"]
    reply = decide(team.gestor.api, review, **{"estado": "corrigida", **said})
    assert (reply.status, list(reply.campos)) == (422, [campo])
    assert listed(team.gestor.api, estado="aberta") == [review]


@pytest.mark.parametrize("review", [0, 2**62, 2**63])
def test_a_review_that_does_not_exist_is_not_found(team: Team, review: int) -> None:
    assert decide(team.gestor.api, review).status == 404


def test_the_timeline_tells_who_asked_and_who_decided(app: Flask, team: Team) -> None:
    for person, nome in ((team.gestor, "Ana"), (team.vendedor, "Bruno")):
        assert team.gestor.api.patch(f"/users/{person.id}", {"nome": nome}).status == 200
    lead, api = lead_of(team), team.gestor.api
    ajuste = {"score": 90, "ate": until(days=1)}
    assert decide(api, asked(team.vendedor.api, lead)["id"], "corrigida", ajuste=ajuste).data
    assert remove(api, lead).status == 200
    review = asked(Api(app, new_key(team)["chave"]), lead)["id"]
    items = api.get(f"/leads/{lead}/timeline").data["itens"][::-1]
    assert [item["frase"] for item in items][1:] == [
        "Bruno pediu a revisão do score.",
        "Ana decidiu a revisão do score.",
        "Ana ajustou o score.",
        "Ana retirou o ajuste do score.",
        "Uma integração pediu a revisão do score.",
    ]
    assert items[-1]["dados"]["revisao_id"] == review
