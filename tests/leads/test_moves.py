"""POST /leads/{id}/move: where to, why it was lost, since when."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team
from tests.support.leads import create, events, rows, run

CREATED = "2026-03-02T12:00:00Z"
THEN = "2026-03-05T12:00:00.123456Z"
LATER = "2026-03-09T12:00:00Z"


def move(
    team: Team, lead: dict[str, Any], etapa: str, *, headers: Any = None, **more: Any
) -> Reply:
    body = {"etapa": etapa, **more}
    return team.gestor.api.post(f"/leads/{lead['id']}/move", body, headers=headers)


def read(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    return team.gestor.api.get(f"/leads/{lead['id']}").data


def hence(**time: float) -> str:
    return (datetime.now(UTC) + timedelta(**time)).isoformat()


@pytest.fixture
def lead(team: Team) -> dict[str, Any]:
    """In the first stage since CREATED, as somebody reported."""
    made = create(team.gestor.api)
    reply = move(team, made, "novo", etapa_desde=CREATED)
    assert (reply.status, reply.data["etapa_desde"]) == (200, CREATED), reply.body
    return reply.data


@pytest.mark.parametrize(
    "said", ["proposta", "PROPOSTA", " Propósta ", "pro\u200bposta", "\u200eProposta\ufeff"]
)
def test_a_stage_is_found_however_it_is_written(team: Team, said: str) -> None:
    lead = create(team.gestor.api)
    reply = move(team, lead, said)
    assert (reply.status, reply.message) == (200, "Lead movido com sucesso")
    assert (reply.data["etapa"], reply.data["versao"]) == ("proposta", 2)
    assert reply.data["etapa_desde"] == reply.data["atualizado_em"]
    assert reply.headers["ETag"].startswith('"v2')
    assert read(team, lead) == reply.data
    assert create(team.gestor.api, etapa=said)["etapa"] == "proposta"


def test_a_stage_is_found_by_its_name_of_now_and_its_key_for_ever(team: Team, sql: Engine) -> None:
    run(
        sql,
        "update etapas set nome = 'Em Negociação', nome_chave = 'em negociacao' "
        "where equipe_id = :e and chave = 'proposta'",
        e=team.equipe_id,
    )
    for said in ("EM NEGOCIACAO", "em  negociação", "proposta"):
        assert move(team, create(team.gestor.api), said).data["etapa"] == "proposta"


@pytest.mark.parametrize(("said", "near"), [("contactado", "contatado"), ("zzzzzz", None)])
def test_an_unknown_stage_is_refused_with_those_there_are(
    team: Team, sql: Engine, said: str, near: str | None
) -> None:
    archive(sql, team, "qualificado")
    lead = create(team.gestor.api)
    for reply in (
        move(team, lead, said),
        team.gestor.api.patch(f"/leads/{lead['id']}", {"etapa": said}),
        team.gestor.api.post("/leads", {"nome": "Lead", "etapa": said}),
    ):
        assert (reply.status, reply.campos) == (422, {"etapa": "ETAPA_INEXISTENTE"})
        (error,) = reply.data["erros"]
        assert error["opcoes"] == ["novo", "contatado", "proposta", "ganho", "perdido"]
        assert error["parecido"] == near
    assert move(team, lead, "Qualificado").campos == {"etapa": "ETAPA_INEXISTENTE"}
    assert read(team, lead) == lead


def archive(sql: Engine, team: Team, chave: str) -> None:
    run(
        sql,
        "update etapas set arquivada_em = now() where equipe_id = :e and chave = :c",
        e=team.equipe_id,
        c=chave,
    )


def test_a_loss_needs_its_reason(team: Team, lead: dict[str, Any]) -> None:
    assert move(team, lead, "perdido").campos == {"motivo_perda": "MOTIVO_OBRIGATORIO"}
    lost = move(team, lead, "perdido", motivo_perda="preço").data
    assert (lost["etapa"], lost["motivo_perda"]) == ("perdido", "preço")
    assert lost["fechado_em"] == lost["etapa_desde"] == lost["atualizado_em"]


def test_what_does_not_fit_the_stage_is_refused(team: Team, lead: dict[str, Any]) -> None:
    for etapa, field, value in (
        ("contatado", "motivo_perda", "preço"),
        ("ganho", "motivo_perda", "preço"),
        ("contatado", "fechado_em", THEN),
    ):
        reply = move(team, lead, etapa, **{field: value})
        assert (reply.status, reply.campos) == (422, {field: "VALOR_INVALIDO"})
    assert read(team, lead) == lead


def test_a_closed_lead_is_opened_again(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    move(team, lead, "perdido", motivo_perda="preço")
    opened = move(team, lead, "contatado").data
    assert (opened["motivo_perda"], opened["fechado_em"]) == (None, None)
    assert [(kind, de, para) for kind, _, de, para, _ in events(sql, lead["id"])[2:]] == [
        ("lead_movido", "novo", "perdido"),
        ("lead_movido", "perdido", "contatado"),
    ]
    won = move(team, lead, "ganho").data
    assert won["fechado_em"] == won["etapa_desde"]


def test_dates_are_told_and_marked_as_told(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    moved = move(team, lead, "contatado", etapa_desde=THEN).data
    assert (moved["etapa_desde"], moved["fechado_em"]) == (THEN, None)
    won = move(team, lead, "ganho", fechado_em=LATER).data
    assert (won["etapa_desde"], won["fechado_em"]) == (LATER, LATER)
    told = "select informada from permanencias where lead_id = :id order by n"
    assert rows(sql, told, id=lead["id"]) == [(True,), (True,), (True,)]
    desde = [
        int(datetime.fromisoformat(instant).timestamp()) * 1_000_000 + micros
        for instant, micros in ((CREATED, 0), (THEN, 123_456), (LATER, 0))
    ]
    of = "select dados from eventos where lead_id = :id order by id"
    assert rows(sql, of, id=lead["id"]) == [(None,), *(({"desde": each},) for each in desde)]


def test_a_move_of_now_is_not_marked(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    move(team, lead, "contatado")
    marked = "select informada from permanencias where lead_id = :id order by n"
    assert rows(sql, marked, id=lead["id"]) == [(True,), (False,)]
    assert rows(sql, "select etapa_informada from leads where id = :id", id=lead["id"]) == [
        (False,)
    ]


def test_of_two_dates_each_says_its_own(team: Team, lead: dict[str, Any]) -> None:
    won = move(team, lead, "ganho", fechado_em=LATER, etapa_desde=THEN).data
    assert (won["fechado_em"], won["etapa_desde"]) == (LATER, THEN)
    lost = move(team, lead, "perdido", motivo_perda="preço", etapa_desde=LATER).data
    assert (lost["fechado_em"], lost["etapa_desde"]) == (LATER, LATER)


@pytest.mark.parametrize("field", ["etapa_desde", "fechado_em"])
@pytest.mark.parametrize("etapa", ["ganho", "novo"])
def test_no_date_is_in_the_future(team: Team, lead: dict[str, Any], field: str, etapa: str) -> None:
    if (field, etapa) == ("fechado_em", "novo"):
        return
    reply = move(team, lead, etapa, **{field: hence(minutes=1)})
    assert (reply.status, reply.campos) == (422, {field: "FORA_DA_FAIXA"})
    assert read(team, lead) == lead


@pytest.mark.parametrize("field", ["etapa_desde", "fechado_em"])
def test_no_date_is_before_the_stay_before(team: Team, lead: dict[str, Any], field: str) -> None:
    early = {field: "2026-03-02T11:59:59.999999Z"}
    reply = move(team, lead, "ganho", **early)
    assert (reply.status, reply.campos) == (422, {field: "FORA_DA_FAIXA"})
    assert read(team, lead) == lead
    assert move(team, lead, "ganho", **{field: CREATED}).data["etapa_desde"] == CREATED
    assert move(team, lead, "ganho", **early).campos == {field: "FORA_DA_FAIXA"}


def test_moved_to_where_it_is_its_dates_are_corrected(
    team: Team, sql: Engine, lead: dict[str, Any]
) -> None:
    won = move(team, lead, "ganho").data
    after = move(team, lead, "Ganho", fechado_em=THEN).data
    assert (after["etapa_desde"], after["fechado_em"]) == (THEN, THEN)
    assert after["versao"] == won["versao"] + 1
    of = (
        "select etapa, entrou_em = :t, saiu_em = :t from permanencias "
        "where lead_id = :id order by n"
    )
    assert rows(sql, of, id=lead["id"], t=THEN) == [
        ("novo", False, True),
        ("ganho", True, None),
    ]
    kind, _, de, para, _ = events(sql, lead["id"])[-1]
    assert (kind, de, para) == ("lead_alterado", "ganho", "ganho")


def test_a_move_that_changes_nothing_writes_nothing(
    team: Team, sql: Engine, lead: dict[str, Any]
) -> None:
    before = events(sql, lead["id"])
    for same in ({}, {"etapa_desde": CREATED}):
        assert move(team, lead, "novo", **same).data == lead
    assert events(sql, lead["id"]) == before


def test_a_date_that_is_right_already_marks_nothing(team: Team, sql: Engine) -> None:
    lost = create(team.gestor.api, etapa="perdido", motivo_perda="preço")
    since = lost["etapa_desde"]
    after = move(team, lost, "perdido", motivo_perda="prazo", etapa_desde=since).data
    assert (after["motivo_perda"], after["etapa_desde"]) == ("prazo", since)
    marks = (
        "select l.etapa_informada, p.informada from leads l join permanencias p "
        "on p.lead_id = l.id where l.id = :id"
    )
    assert rows(sql, marks, id=lost["id"]) == [(False, False)]


def test_if_match_is_obeyed(team: Team, lead: dict[str, Any]) -> None:
    stale = move(team, lead, "contatado", headers={"If-Match": '"v1"'})
    assert (stale.status, stale.codigo) == (412, "VERSAO_DESATUALIZADA")
    assert read(team, lead) == lead
    etag = team.gestor.api.get(f"/leads/{lead['id']}").headers["ETag"]
    assert move(team, lead, "contatado", headers={"If-Match": etag}).status == 200


def test_a_move_is_one_event(team: Team, sql: Engine, lead: dict[str, Any]) -> None:
    before = len(events(sql, lead["id"]))
    move(team, lead, "perdido", motivo_perda="preço", etapa_desde=THEN)
    (told,) = events(sql, lead["id"])[before:]
    fields = ["etapa", "etapa_desde", "fechado_em", "motivo_perda"]
    assert told == ("lead_movido", fields, "novo", "perdido", team.gestor.id)


def test_a_vendedor_moves_their_own_leads_only(team: Team, other_team: Team) -> None:
    own = create(team.vendedor.api)
    path = f"/leads/{own['id']}/move"
    assert team.vendedor.api.post(path, {"etapa": "contatado"}).status == 200
    for stranger in (team.colleague, other_team.gestor):
        assert stranger.api.post(path, {"etapa": "proposta"}).status == 404
    assert read(team, own)["etapa"] == "contatado"
