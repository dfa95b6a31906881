"""A gestor gives a lead a score for a while: signed, beside the computed one, and then no more."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.ownership.test_races import at_once
from tests.support.api import Team, register, sign_in
from tests.support.jobs import ask, seen, work
from tests.support.leads import create, events, rows, run
from tests.support.queue_check import check_queue
from tests.support.reviews import override, put, remove, score_of, until
from tests.support.sweeping import sweep

COUNT = "select count(*) from ajustes where equipe_id = :e"


def lead_of(team: Team, **fields: Any) -> int:
    return int(create(team.gestor.api, responsavel_id=team.vendedor.id, **fields)["id"])


def end(sql: Engine, lead_id: int) -> None:
    """Let the time of an override be over."""
    run(sql, "update ajustes set ate = now() where lead_id = :id", id=lead_id)


def test_an_override_is_signed_and_shown_beside_the_score(team: Team, sql: Engine) -> None:
    lead, api = lead_of(team), team.gestor.api
    before, whole = score_of(api, lead), api.get(f"/leads/{lead}")
    assert before["ajuste"] is None
    ate = until(days=10)
    given = put(api, lead, score=91, motivo=" Tem limite. ", ate=ate)
    name = api.get("/auth/me").data["nome"]
    assert given == {
        "score": 91,
        "motivo": "Tem limite.",
        "ate": ate,
        "por": {"id": team.gestor.id, "nome": name},
        "criado_em": given["criado_em"],
    }
    assert score_of(team.vendedor.api, lead) == {**before, "ajuste": given}
    after = api.get(f"/leads/{lead}")
    assert (after.data, after.headers["ETag"]) == (whole.data, whole.headers["ETag"])
    told = "select tipo, usuario_id, versao, campos, dados from eventos where lead_id = :id"
    assert rows(sql, f"{told} order by id", id=lead)[1:] == [
        ("score_ajustado", team.gestor.id, None, ["ate", "motivo", "score"], None)
    ]


def test_an_override_survives_scoring(app: Flask, team: Team) -> None:
    lead, api = lead_of(team), team.gestor.api
    given, before = put(api, lead), score_of(api, lead)["score"]
    changed = api.patch(f"/leads/{lead}", {"etapa": "qualificado", "origem": "indicação"})
    assert changed.data["score"] > before
    assert score_of(api, lead)["ajuste"] == given
    job = ask(api)
    work(app)
    assert seen(api, job)["estado"] == "concluida"
    after = score_of(api, lead)
    assert (after["score"], after["ajuste"]) == (changed.data["score"], given)


def test_an_override_does_not_move_a_lead_in_the_queue(team: Team, sql: Engine) -> None:
    first, second = (create(team.gestor.api)["id"] for _ in range(2))
    queue = [item["id"] for item in team.gestor.api.get("/queue").data["itens"]]
    for lead, score in zip(queue, (0, 100), strict=True):
        put(team.gestor.api, lead, score=score)
    assert {first, second} == set(queue)
    assert [item["id"] for item in team.gestor.api.get("/queue").data["itens"]] == queue


def test_a_new_override_replaces_the_one_before(app: Flask, team: Team, sql: Engine) -> None:
    lead = lead_of(team)
    second = sign_in(app, register(team.gestor.api, role="gestor")["email"])
    first = put(team.gestor.api, lead, score=10)
    after = put(second.api, lead, score=20)
    assert (after["score"], after["por"]["id"]) == (20, second.id)
    assert after["criado_em"] > first["criado_em"]
    assert rows(sql, COUNT, e=team.equipe_id) == [(1,)]


def test_the_same_once_more_by_the_same_person_changes_nothing(
    app: Flask, team: Team, sql: Engine
) -> None:
    lead, said = lead_of(team), {"score": 10, "ate": until(days=1)}
    first = put(team.gestor.api, lead, **said)
    assert put(team.gestor.api, lead, **said) == first
    second = sign_in(app, register(team.gestor.api, role="gestor")["email"])
    assert put(second.api, lead, **said)["por"]["id"] == second.id
    who = [(event[0], event[4]) for event in events(sql, lead)][1:]
    assert who == [("score_ajustado", team.gestor.id), ("score_ajustado", second.id)]


def test_the_signer_is_named_after_they_have_left(app: Flask, team: Team) -> None:
    lead = lead_of(team)
    second = sign_in(app, register(team.gestor.api, role="gestor", nome="Quem Saiu")["email"])
    put(second.api, lead)
    assert team.gestor.api.patch(f"/users/{second.id}", {"ativo": False}).status == 200
    por = score_of(team.gestor.api, lead)["ajuste"]["por"]
    assert por == {"id": second.id, "nome": "Quem Saiu"}


def test_an_override_ends_by_itself(app: Flask, team: Team, other_team: Team, sql: Engine) -> None:
    over, going = lead_of(team), lead_of(team)
    foreign = create(other_team.gestor.api)["id"]
    for lead in (over, going):
        put(team.gestor.api, lead)
    put(other_team.gestor.api, foreign)
    end(sql, over)
    assert score_of(team.gestor.api, over)["ajuste"] is None
    assert rows(sql, COUNT, e=team.equipe_id) == [(2,)]
    sweep(app, team, other_team)
    left = rows(sql, "select lead_id from ajustes where equipe_id = :e", e=team.equipe_id)
    assert left == [(going,)]
    assert score_of(team.gestor.api, going)["ajuste"]["score"] == 80
    assert score_of(other_team.gestor.api, foreign)["ajuste"]["score"] == 80


def test_one_that_is_over_is_none_and_may_be_given_again(team: Team, sql: Engine) -> None:
    lead = lead_of(team)
    first = put(team.gestor.api, lead)
    end(sql, lead)
    reply = remove(team.gestor.api, lead)
    assert (reply.status, reply.codigo) == (404, "NAO_ENCONTRADO")
    again = put(team.gestor.api, lead, score=first["score"], motivo=first["motivo"])
    assert score_of(team.gestor.api, lead)["ajuste"] == again
    assert again["criado_em"] > first["criado_em"]


def test_an_override_is_taken_back(team: Team, sql: Engine) -> None:
    lead = lead_of(team)
    assert remove(team.gestor.api, lead).status == 404
    put(team.gestor.api, lead)
    assert remove(team.gestor.api, lead).status == 200
    assert score_of(team.gestor.api, lead)["ajuste"] is None
    assert remove(team.gestor.api, lead).status == 404
    kinds = [event[0] for event in events(sql, lead)][1:]
    assert kinds == ["score_ajustado", "score_ajuste_removido"]


@pytest.mark.parametrize("etapa", ["ganho", "perdido"])
def test_a_closed_lead_may_be_given_a_score(team: Team, etapa: str) -> None:
    lead = lead_of(team, etapa=etapa, motivo_perda="preço" if etapa == "perdido" else None)
    assert score_of(team.gestor.api, lead)["ajuste"] is None
    given = put(team.gestor.api, lead)
    assert score_of(team.vendedor.api, lead)["ajuste"] == given


def test_an_override_goes_and_comes_back_with_its_lead(team: Team) -> None:
    lead, api = lead_of(team), team.gestor.api
    given = put(api, lead)
    assert api.delete(f"/leads/{lead}").status == 200
    assert override(api, lead).status == remove(api, lead).status == 404
    assert api.post(f"/leads/{lead}/restore").status == 200
    assert score_of(api, lead)["ajuste"] == given


def test_many_at_once_leave_one_whole_override(team: Team, sql: Engine) -> None:
    lead, api = lead_of(team), team.gestor.api
    replies = at_once([lambda n=n: override(api, lead, score=n, motivo=f"m{n}") for n in range(12)])
    assert {reply.status for reply in replies} == {200}
    left = score_of(api, lead)["ajuste"]
    assert left["motivo"] == f"m{left['score']}"
    assert left in [reply.data for reply in replies]
    mixed = at_once([lambda: remove(api, lead), lambda: override(api, lead)] * 6)
    assert {reply.status for reply in mixed} <= {200, 404}
    state = score_of(api, lead)["ajuste"] is not None
    assert rows(sql, COUNT, e=team.equipe_id) == [(int(state),)]
    assert (events(sql, lead)[-1][0] == "score_ajustado") is state
    check_queue(sql, team.equipe_id)


@pytest.mark.parametrize(
    ("said", "codigo"),
    [
        ({"score": 101}, "FORA_DA_FAIXA"),
        ({"score": -1}, "FORA_DA_FAIXA"),
        ({"score": 2**63}, "FORA_DA_FAIXA"),
        ({"score": 50.5}, "TIPO_INVALIDO"),
        ({"score": "50"}, "TIPO_INVALIDO"),
        ({"score": True}, "TIPO_INVALIDO"),
        ({"score": None}, "TIPO_INVALIDO"),
        ({"motivo": ""}, "CURTO_DEMAIS"),
        ({"motivo": "\x00"}, "TEXTO_INVALIDO"),
        ({"motivo": "a" * 2_001}, "LONGO_DEMAIS"),
        ({"ate": "0001-01-01T00:00:00Z"}, "DATA_INVALIDA"),
        ({"ate": "0001-01-01T00:00:00+14:00"}, "DATA_INVALIDA"),
        ({"ate": "9999-12-31T23:59:59Z"}, "DATA_INVALIDA"),
        ({"ate": "9999-12-31T23:59:59-14:00"}, "DATA_INVALIDA"),
        ({"ate": "2199-01-01T00:00:00Z"}, "FORA_DA_FAIXA"),
        ({"ate": "2020-01-01T00:00:00Z"}, "FORA_DA_FAIXA"),
        ({"ate": "2027-01-15"}, "DATA_INVALIDA"),
        ({"ate": "2027-01-15T18:00:00"}, "DATA_INVALIDA"),
        ({"ate": 1_800_000_000}, "DATA_INVALIDA"),
        ({"ate": None}, "DATA_INVALIDA"),
        ({"usuario_id": 1}, "CAMPO_DESCONHECIDO"),
    ],
)
def test_what_is_no_override_is_refused(
    team: Team, sql: Engine, said: dict[str, Any], codigo: str
) -> None:
    reply = override(team.gestor.api, lead_of(team), **said)
    assert (reply.status, reply.campos) == (422, {next(iter(said)): codigo})
    assert rows(sql, COUNT, e=team.equipe_id) == [(0,)]


def test_the_longest_override_is_of_a_year(team: Team) -> None:
    lead = lead_of(team)
    assert override(team.gestor.api, lead, ate=until(days=366)).status == 200
    assert override(team.gestor.api, lead, ate=until(days=366, minutes=1)).status == 422
    assert override(team.gestor.api, lead, ate=until(minutes=-1)).status == 422


@pytest.mark.parametrize("score", [0, 100, 50.0])
def test_every_score_may_be_given(team: Team, score: float) -> None:
    assert put(team.gestor.api, lead_of(team), score=score)["score"] == score


def test_an_end_in_another_zone_is_the_same_instant(team: Team) -> None:
    lead, end_ = lead_of(team), datetime.fromisoformat(until(days=2))
    given = put(team.gestor.api, lead, ate=(end_ + timedelta(hours=-3)).isoformat()[:26] + "-03:00")
    assert given["ate"] == end_.isoformat().replace("+00:00", "Z")


def test_a_vendedor_gives_no_score(team: Team) -> None:
    lead = lead_of(team)
    for reply in (override(team.vendedor.api, lead), remove(team.vendedor.api, lead)):
        assert (reply.status, reply.codigo) == (403, "PROIBIDO")
