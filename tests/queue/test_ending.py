"""A lead that is skipped rests for everybody; one that is given back does not."""

import pytest
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.leads import create, events, rows, run
from tests.support.queues import claim, claimed, entry, lapse


def test_a_skipped_lead_rests_an_hour_for_everybody(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    skipped = team.vendedor.api.post("/queue/skip", {"motivo": "Pediu para ligar depois"})
    assert (skipped.status, skipped.data["lead_id"]) == (200, lead)
    for who in (team.vendedor, team.colleague):
        found = claim(who.api)
        assert (found["situacao"], found["tentar_em"]) == ("ocupada", skipped.data["livre_em"])
    hour = "select livre_em between now() + interval '59 min' and now() + interval '1 h' from fila"
    assert rows(sql, f"{hour} where lead_id = :id", id=lead) == [(True,)]
    run(
        sql,
        "update fila set livre_em = now(), nao_antes_de = now() where lead_id = :id",
        id=lead,
    )
    assert claimed(team.colleague.api) == lead


def test_the_reason_is_a_note_and_no_event_holds_it(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    claimed(team.vendedor.api)
    reason = "Motivo só da nota"
    assert team.vendedor.api.post("/queue/skip", {"motivo": f"  {reason} "}).status == 200
    notes = "select usuario_id, tipo, texto, resultado, concluida_em is null from atividades"
    assert rows(sql, f"{notes} where lead_id = :id", id=lead) == [
        (team.vendedor.id, "nota", reason, None, False)
    ]
    assert events(sql, lead)[-1] == ("lead_pulado", [], None, None, team.vendedor.id)
    told = "select e::text from eventos e where lead_id = :id"
    assert all(reason not in row for (row,) in rows(sql, told, id=lead))
    assert team.gestor.api.get(f"/leads/{lead}").data["versao"] == 1


def test_a_skipped_promise_waits_its_hour_too(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, proximo_contato_em="2026-01-05T12:00:00Z")["id"]
    assert claimed(team.vendedor.api) == lead
    skipped = team.vendedor.api.post("/queue/skip", {"motivo": "ocupado"}).data
    found = claim(team.vendedor.api)
    assert (found["situacao"], found["tentar_em"]) == ("ocupada", skipped["livre_em"])


def test_a_lead_that_is_given_back_is_free_at_once(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    before = entry(sql, lead)
    assert claimed(team.vendedor.api) == lead
    given_back = team.vendedor.api.post(f"/leads/{lead}/release")
    assert (given_back.status, given_back.data) == (200, {"lead_id": lead})
    assert entry(sql, lead) == before
    assert events(sql, lead)[-1] == ("lead_liberado", [], None, None, team.vendedor.id)
    assert claimed(team.colleague.api) == lead


@pytest.mark.parametrize("end", ["never held", "lapsed", "skipped", "released"])
def test_without_a_lease_nothing_ends(team: Team, sql: Engine, end: str) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)["id"]
    api = team.vendedor.api
    if end != "never held":
        assert claimed(api) == lead
    if end == "lapsed":
        lapse(sql, lead)
    if end == "skipped":
        assert api.post("/queue/skip", {"motivo": "x"}).status == 200
    if end == "released":
        assert api.post(f"/leads/{lead}/release").status == 200
    before = events(sql, lead), entry(sql, lead)
    for reply in (api.post("/queue/skip", {"motivo": "x"}), api.post(f"/leads/{lead}/release")):
        assert (reply.status, reply.codigo) == (409, "SEM_RESERVA")
    assert (events(sql, lead), entry(sql, lead)) == before


def test_nobody_ends_the_lease_of_another(team: Team, other_team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    before = entry(sql, lead)
    strangers = (team.colleague, other_team.vendedor, other_team.gestor)
    assert {who.api.post(f"/leads/{lead}/release").status for who in strangers} == {404}
    # A gestor sees the lead, and still it is not theirs to give back.
    assert team.gestor.api.post(f"/leads/{lead}/release").codigo == "SEM_RESERVA"
    assert {who.api.post("/queue/skip", {"motivo": "x"}).status for who in strangers} == {409}
    assert entry(sql, lead) == before


def test_one_of_two_leads_is_held_and_the_other_is_not_given_back(team: Team) -> None:
    leads = {create(team.gestor.api, responsavel_id=team.vendedor.id)["id"] for _ in range(2)}
    held = claimed(team.vendedor.api)
    (other,) = leads - {held}
    assert team.vendedor.api.post(f"/leads/{other}/release").codigo == "SEM_RESERVA"
    assert team.vendedor.api.post("/leads/999999999/release").status == 404
    assert claimed(team.vendedor.api) == held


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ({}, {"motivo": "OBRIGATORIO"}),
        ({"motivo": None}, {"motivo": "TIPO_INVALIDO"}),
        ({"motivo": ""}, {"motivo": "CURTO_DEMAIS"}),
        ({"motivo": "   "}, {"motivo": "OBRIGATORIO"}),
        ({"motivo": "x" * 201}, {"motivo": "LONGO_DEMAIS"}),
        ({"motivo": "nulo\x00"}, {"motivo": "TEXTO_INVALIDO"}),
        ({"motivo": 7}, {"motivo": "TIPO_INVALIDO"}),
        ({"motivo": "x", "lead_id": 1}, {"lead_id": "CAMPO_DESCONHECIDO"}),
    ],
)
def test_a_reason_is_asked_for(team: Team, body: dict[str, object], codes: dict[str, str]) -> None:
    lead = create(team.gestor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    reply = team.vendedor.api.post("/queue/skip", body)
    assert (reply.status, reply.campos) == (422, codes)
    assert claimed(team.vendedor.api) == lead


@pytest.mark.parametrize("sent", ["sim", 1, None])
def test_a_claim_takes_true_or_false(team: Team, sent: object) -> None:
    reply = team.vendedor.api.post("/queue/next", {"fora_do_horario": sent})
    assert (reply.status, reply.campos) == (422, {"fora_do_horario": "TIPO_INVALIDO"})


def test_a_key_takes_and_ends_nothing(app, team: Team) -> None:
    from tests.support.actors import actor

    lead = create(team.gestor.api)["id"]
    for who in ("gestor's key", "vendedor's key"):
        key = actor(app, team, who).api
        replies = [
            key.post("/queue/next", {}),
            key.post("/queue/skip", {"motivo": "x"}),
            key.post(f"/leads/{lead}/release"),
        ]
        assert {reply.codigo for reply in replies} == {"PROIBIDO"}
        assert key.get("/queue").status == 200


def test_who_held_a_lead_is_told_that_the_time_is_over(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    api = team.vendedor.api
    assert claimed(api) == lead
    promised = {"tipo": "ligacao", "prevista_para": "2031-01-31T12:00:00Z"}
    told = api.post(f"/leads/{lead}/activities", promised)
    assert told.status == 201, told.body
    lapse(sql, lead)
    path = f"/activities/{told.data['atividade']['id']}"
    for address, body in (
        (f"/leads/{lead}", {"etapa": "contatado"}),
        (path, {"resultado": "atendeu"}),
    ):
        late = api.patch(address, body)
        assert (late.status, late.codigo) == (409, "SEM_RESERVA"), address
    assert team.gestor.api.get(f"/leads/{lead}").data["etapa"] == "novo"
