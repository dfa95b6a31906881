"""The goals of a month: kept by a gestor, held against what was won."""

from datetime import UTC, datetime
from typing import Any

import pytest
from sqlalchemy import Engine

from models.figure import NAMED
from services.metrics.reading import telling
from tests.support.api import Api, Member, Reply, Team
from tests.support.leads import all_leads, create, imported, rows

ZONE = "America/Sao_Paulo"
NOTHING = {"valor": "0.00", "ganhos": 0}


def put(member: Member, month: str, *goals: dict[str, Any], **headers: str) -> Reply:
    body = {"metas": list(goals)}
    return member.api.call("PUT", f"/goals/{month}", json=body, headers=headers)


def kept(member: Member, month: str, *goals: dict[str, Any]) -> None:
    reply = put(member, month, *goals)
    assert reply.status == 200, reply.body


def told(member: Member, month: str) -> dict[str, Any]:
    reply = member.api.get(f"/goals/{month}")
    assert reply.status == 200, reply.body
    data: dict[str, Any] = reply.data
    return data


def won(api: Api, moment: str, valor: str, **fields: Any) -> None:
    """A lead that was won at this moment."""
    closed(api, moment, valor=valor, etapa="ganho", **fields)


def closed(api: Api, moment: str, **fields: Any) -> None:
    """A lead of the past, as a file tells it."""
    row = {"nome": "Lead Exemplo", "criado_em": moment, "fechado_em": moment, **fields}
    header, line = (",".join(map(str, each)) for each in (row, row.values()))
    assert imported(api, f"{header}\n{line}\n")["criados"] == 1


def reached(data: dict[str, Any]) -> dict[tuple[int | None, str | None], tuple[str, int]]:
    return {
        (goal["responsavel_id"], goal["produto"]): (
            goal["realizado"]["valor"],
            goal["realizado"]["ganhos"],
        )
        for goal in data["metas"]
    }


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """What the goals take for now."""
    monkeypatch.setattr(telling, "now", lambda: datetime.fromisoformat(moment).astimezone(UTC))


# --------------------------------------------------------------------------------- keeping them


def test_a_month_without_goals_has_none(team: Team) -> None:
    data = told(team.gestor, "2026-02")
    assert (data["mes"], data["metas"], data["fuso"]) == ("2026-02", [], ZONE)


def test_goals_are_kept_and_replaced_as_a_whole(team: Team) -> None:
    all_of_it = {"responsavel_id": None, "produto": None, "valor": "500000.00", "ganhos": 20}
    one = {"responsavel_id": team.vendedor.id, "valor": "120000.5"}
    reply = put(team.gestor, "2026-02", one, all_of_it)
    assert reply.data == {
        "mes": "2026-02",
        "metas": [
            {**one, "produto": None, "valor": "120000.50", "ganhos": None},
            all_of_it,
        ],
    }
    told_now = told(team.gestor, "2026-02")["metas"]
    assert [(goal["responsavel_id"], goal["nome"], goal["valor"]) for goal in told_now] == [
        (None, None, "500000.00"),
        (team.vendedor.id, "Pessoa de Teste", "120000.50"),
    ]
    kept(team.gestor, "2026-02", {"produto": "Seguro", "ganhos": 3})
    (only,) = told(team.gestor, "2026-02")["metas"]
    assert (only["produto"], only["valor"], only["ganhos"]) == ("Seguro", None, 3)
    assert told(team.gestor, "2026-03")["metas"] == []
    kept(team.gestor, "2026-02")
    assert told(team.gestor, "2026-02")["metas"] == []


def test_a_goal_of_nothing_is_one(team: Team) -> None:
    kept(team.gestor, "2026-02", {"valor": "0", "ganhos": 0})
    (goal,) = told(team.gestor, "2026-02")["metas"]
    assert (goal["valor"], goal["ganhos"]) == ("0.00", 0)


def test_a_change_is_an_event_and_a_version(team: Team, sql: Engine) -> None:
    first = put(team.gestor, "2026-02", {"ganhos": 3})
    same = put(team.gestor, "2026-02", {"ganhos": 3})
    other = put(team.gestor, "2026-02", {"ganhos": 4})
    tags = [reply.headers["ETag"] for reply in (first, same, other)]
    assert tags == ['"v1"', '"v1"', '"v2"']
    query = (
        "select usuario_id, dados from eventos "
        "where equipe_id = :e and tipo = 'metas_alteradas' order by id"
    )
    found = rows(sql, query, e=team.equipe_id)
    assert found == [(team.gestor.id, {"ano": 2026, "mes": 2})] * 2


def test_only_what_was_read_is_replaced(team: Team) -> None:
    empty = team.gestor.api.get("/goals/2026-02").headers["ETag"]
    assert put(team.gestor, "2026-02", {"ganhos": 1}, **{"If-Match": empty}).status == 200
    late = put(team.gestor, "2026-02", {"ganhos": 2}, **{"If-Match": empty})
    assert (late.status, late.codigo) == (412, "VERSAO_DESATUALIZADA")
    read = team.gestor.api.get("/goals/2026-02").headers["ETag"]
    # Goals of another month are another document.
    kept(team.gestor, "2026-03", {"ganhos": 9})
    assert put(team.gestor, "2026-02", {"ganhos": 2}, **{"If-Match": read}).status == 200
    assert told(team.gestor, "2026-02")["metas"][0]["ganhos"] == 2


def test_what_cannot_be_a_goal_is_refused_and_changes_nothing(
    team: Team, other_team: Team, sql: Engine
) -> None:
    kept(team.gestor, "2026-02", {"ganhos": 3})
    before = rows(sql, "select * from metas where equipe_id = :e", e=team.equipe_id)
    refused = {
        "metas.0.responsavel_id": [{"responsavel_id": other_team.vendedor.id, "ganhos": 1}],
        "metas.1": [{"produto": "Seguro", "ganhos": 1}, {"produto": " SEGURO ", "valor": "1.00"}],
        "metas.0": [{"responsavel_id": team.vendedor.id}],
        "metas.0.valor": [{"valor": "-0.01"}],
        "metas.0.ganhos": [{"ganhos": -1}],
        "metas.0.produto": [{"produto": "", "ganhos": 1}],
        "metas.0.prazo": [{"prazo": 1, "ganhos": 1}],
        "metas": [{"produto": f"produto {n}", "ganhos": 1} for n in range(501)],
    }
    for field, goals in refused.items():
        reply = put(team.gestor, "2026-02", *goals)
        assert (reply.status, list(reply.campos)) == (422, [field]), (field, reply.body)
    for too_much in ({"valor": "1000000000000.00"}, {"valor": "0.001"}, {"ganhos": 1_000_001}):
        assert put(team.gestor, "2026-02", too_much).status == 422
    assert rows(sql, "select * from metas where equipe_id = :e", e=team.equipe_id) == before


@pytest.mark.parametrize(
    "month", ["2026-13", "2026-00", "0000-01", "1899-12", "2201-01", "9999-12", "2026-1", "hoje"]
)
def test_a_month_that_nobody_can_mean_has_no_goals(team: Team, month: str) -> None:
    for reply in (team.gestor.api.get(f"/goals/{month}"), put(team.gestor, month)):
        assert (reply.status, reply.codigo) == (404, "NAO_ENCONTRADO")
        assert "AAAA-MM" in reply.message


@pytest.mark.parametrize("month", ["1900-01", "2200-12"])
def test_the_first_and_the_last_month_there_is(team: Team, month: str) -> None:
    kept(team.gestor, month, {"ganhos": 1})
    assert reached(told(team.gestor, month)) == {(None, None): ("0.00", 0)}


# ------------------------------------------------------------------------------ what was reached


def test_what_was_won_in_the_month_counts_towards_each_goal(team: Team) -> None:
    """By hand: of the person 100.10 + 20.00, of the produto 100.10 + 3.00, of both 100.10, of all
    123.10 in three wins. The open lead, the lost one and those of other months count nowhere."""
    api, one, other = team.gestor.api, team.vendedor.id, team.colleague.id
    won(api, "2026-02-01T03:00:00Z", "100.10", responsavel_id=one, produto="Seguro")
    won(api, "2026-02-14T12:00:00Z", "20.00", responsavel_id=one)
    won(api, "2026-03-01T02:59:59Z", "3.00", responsavel_id=other, produto="SEGURO")
    won(api, "2026-02-01T02:59:59Z", "1000.00", responsavel_id=one, produto="Seguro")
    won(api, "2026-03-01T03:00:00Z", "1000.00", responsavel_id=one, produto="Seguro")
    lost = {"etapa": "perdido", "motivo_perda": "preço", "responsavel_id": one}
    closed(api, "2026-02-14T12:00:00Z", valor="1000.00", **lost)
    create(api, valor="1000.00", responsavel_id=one, produto="Seguro")
    kept(
        team.gestor,
        "2026-02",
        {"ganhos": 1},
        {"responsavel_id": one, "ganhos": 1},
        {"responsavel_id": other, "ganhos": 1},
        {"responsavel_id": team.gestor.id, "ganhos": 1},
        {"produto": "seguro", "ganhos": 1},
        {"responsavel_id": one, "produto": "seguro", "ganhos": 1},
        {"responsavel_id": one, "produto": "crédito", "ganhos": 1},
    )
    assert reached(told(team.gestor, "2026-02")) == {
        (None, None): ("123.10", 3),
        (None, "seguro"): ("103.10", 2),
        (one, None): ("120.10", 2),
        (one, "seguro"): ("100.10", 1),
        (one, "crédito"): ("0.00", 0),
        (other, None): ("3.00", 1),
        (team.gestor.id, None): ("0.00", 0),
    }


def test_a_win_that_is_taken_back_counts_no_more(team: Team) -> None:
    won(team.gestor.api, "2026-02-14T12:00:00Z", "7.00")
    (lead,) = all_leads(team.gestor.api)
    kept(team.gestor, "2026-02", {"ganhos": 1})
    assert reached(told(team.gestor, "2026-02")) == {(None, None): ("7.00", 1)}
    assert team.gestor.api.patch(f"/leads/{lead['id']}", {"etapa": "proposta"}).status == 200
    assert reached(told(team.gestor, "2026-02")) == {(None, None): ("0.00", 0)}


def test_produtos_beyond_those_with_cells_are_counted(team: Team) -> None:
    """More of them than have cells of their own; the last one is won twice, by two people."""
    api, month = team.gestor.api, "2026-02-14T12:00:00Z"
    lines = [f"A,produto {n}" for n in range(NAMED + 1)]
    imported(api, "nome,produto\n" + "\n".join(lines) + "\n")
    last = f"Produto {NAMED}"
    won(api, month, "5.00", produto=last, responsavel_id=team.vendedor.id)
    won(api, month, "2.00", produto=last)
    won(api, month, "1.00", produto="produto 0")
    kept(
        team.gestor,
        "2026-02",
        {"produto": last, "ganhos": 1},
        {"produto": last, "responsavel_id": team.vendedor.id, "ganhos": 1},
        {"produto": "produto 0", "ganhos": 1},
    )
    assert reached(told(team.gestor, "2026-02")) == {
        (None, last): ("7.00", 2),
        (team.vendedor.id, last): ("5.00", 1),
        (None, "produto 0"): ("1.00", 1),
    }


def test_a_vendedor_sees_their_own_goals_and_those_of_all(team: Team) -> None:
    api = team.gestor.api
    won(api, "2026-02-14T12:00:00Z", "7.00", responsavel_id=team.vendedor.id)
    won(api, "2026-02-14T12:00:00Z", "11.00", responsavel_id=team.colleague.id)
    owners = (None, team.vendedor.id, team.colleague.id)
    kept(team.gestor, "2026-02", *({"responsavel_id": each, "ganhos": 1} for each in owners))
    data = told(team.vendedor, "2026-02")
    assert reached(data) == {(None, None): ("18.00", 2), (team.vendedor.id, None): ("7.00", 1)}
    assert len(told(team.gestor, "2026-02")["metas"]) == 3
    reply = put(team.vendedor, "2026-02", {"ganhos": 1})
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")


def test_who_has_left_keeps_their_goal(team: Team) -> None:
    won(team.gestor.api, "2026-02-14T12:00:00Z", "7.00", responsavel_id=team.vendedor.id)
    goal = {"responsavel_id": team.vendedor.id, "ganhos": 2}
    kept(team.gestor, "2026-02", goal)
    path = f"/users/{team.vendedor.id}"
    assert team.gestor.api.patch(path, {"ativo": False, "leads": "manter"}).status == 200
    kept(team.gestor, "2026-02", goal | {"ganhos": 3})
    (found,) = told(team.gestor, "2026-02")["metas"]
    assert (found["nome"], found["ganhos"]) == ("Pessoa de Teste", 3)
    assert found["realizado"] == {"valor": "7.00", "ganhos": 1}


# ------------------------------------------------------------------------------------- its days


@pytest.mark.parametrize(
    ("month", "today", "days", "left"),
    [
        # February 2026: 28 days, of them four Saturdays and four Sundays, and no holiday.
        ("2026-02", "2026-02-11T12:00:00Z", 20, 13),
        ("2026-02", "2026-02-14T12:00:00Z", 20, 10),  # a Saturday
        ("2026-02", "2026-03-01T12:00:00Z", 20, 0),
        ("2026-02", "2026-01-31T12:00:00Z", 20, 20),
        # It is still the 10th in São Paulo.
        ("2026-02", "2026-02-11T02:00:00Z", 20, 14),
        # April 2026: 30 days, four Saturdays and Sundays; Good Friday is the 3rd, Tiradentes the
        # 21st, a Tuesday.
        ("2026-04", "2026-04-01T12:00:00Z", 20, 20),
    ],
)
def test_the_working_days_of_a_month(
    team: Team,
    monkeypatch: pytest.MonkeyPatch,
    month: str,
    today: str,
    days: int,
    left: int,
) -> None:
    at(monkeypatch, today)
    data = told(team.gestor, month)
    assert (data["dias_uteis"], data["dias_uteis_restantes"]) == (days, left)


def test_the_equipes_own_hours_state_and_holidays_count(team: Team) -> None:
    """July 2026 has 23 days from Monday to Friday and four Saturdays; the 9th, a Thursday, is a
    holiday in São Paulo."""
    assert told(team.gestor, "2026-07")["dias_uteis"] == 23
    for settings, days in (
        ({"uf": "SP"}, 22),
        ({"feriados": ["2026-07-06", "2026-07-09", "2026-07-11"]}, 21),
        ({"horario": {"sab": ["09:00", "12:00"]}, "feriados": []}, 4),
    ):
        assert team.gestor.api.patch("/equipe", {"fila": settings}).status == 200
        assert told(team.gestor, "2026-07")["dias_uteis"] == days


def test_the_pace_goes_on_as_the_days_that_are_over(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On 11 February seven of 20 working days are over. Before today 70.01 in three wins:
    70.01 × 20 ÷ 7 = 200.0285…, 3 × 20 ÷ 7 = 8.57…; what is won today changes neither until it is
    more than they are."""
    api = team.gestor.api
    for moment, valor in (
        ("2026-02-02T12:00:00Z", "50.00"),
        ("2026-02-07T12:00:00Z", "20.00"),  # a Saturday
        ("2026-02-11T02:59:59Z", "0.01"),
        ("2026-02-11T03:00:00Z", "10.00"),
    ):
        won(api, moment, valor)
    kept(team.gestor, "2026-02", {"ganhos": 20}, {"produto": "seguro", "ganhos": 1})
    at(monkeypatch, "2026-02-11T12:00:00Z")
    every, seguro = told(team.gestor, "2026-02")["metas"]
    assert every["realizado"] == {"valor": "80.01", "ganhos": 4}
    assert every["ritmo"] == {"valor": "200.03", "ganhos": 8.6}
    assert seguro["ritmo"] == {"valor": "0.00", "ganhos": 0.0}
    won(api, "2026-02-11T11:00:00Z", "1000.00")
    assert told(team.gestor, "2026-02")["metas"][0]["ritmo"] == {"valor": "1080.01", "ganhos": 8.6}


@pytest.mark.parametrize(
    ("today", "pace"),
    [
        # A Sunday, then the first working day: none is over.
        ("2026-02-01T12:00:00Z", None),
        ("2026-02-02T12:00:00Z", None),
        # 2 × 20 ÷ 1.
        ("2026-02-03T12:00:00Z", {"valor": "40.00", "ganhos": 20.0}),
        # The month is over: it came to what it came to.
        ("2026-03-01T12:00:00Z", {"valor": "2.00", "ganhos": 1.0}),
        ("2027-01-01T12:00:00Z", {"valor": "2.00", "ganhos": 1.0}),
    ],
)
def test_the_pace_of_a_month_that_begins_or_is_over(
    team: Team, monkeypatch: pytest.MonkeyPatch, today: str, pace: dict[str, Any] | None
) -> None:
    won(team.gestor.api, "2026-02-02T12:00:00Z", "2.00")
    kept(team.gestor, "2026-02", {"ganhos": 20})
    at(monkeypatch, today)
    assert told(team.gestor, "2026-02")["metas"][0]["ritmo"] == pace


# ----------------------------------------------------------------------------------- its version


def test_the_etag_stands_for_everything_that_the_reply_says(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept(team.gestor, "2026-02", {"ganhos": 20})
    at(monkeypatch, "2026-02-11T12:00:00Z")
    month = "/goals/2026-02"

    def asked(etag: str) -> Reply:
        return team.gestor.api.get(month, headers={"If-None-Match": etag})

    def changed(etag: str) -> str:
        reply = asked(etag)
        assert reply.status == 200
        new = reply.headers["ETag"]
        assert new != etag and asked(new).status == 304
        assert reply.headers["Cache-Control"] == "private, no-cache"
        return str(new)

    etag = changed('"v0"')
    won(team.gestor.api, "2026-02-02T12:00:00Z", "2.00")
    etag = changed(etag)
    kept(team.gestor, "2026-02", {"ganhos": 21})
    etag = changed(etag)
    assert team.gestor.api.patch("/equipe", {"fila": {"uf": "SP"}}).status == 200
    etag = changed(etag)
    assert team.gestor.api.patch("/auth/me", {"nome": "Outro Nome"}).status == 200
    etag = changed(etag)
    at(monkeypatch, "2026-02-12T12:00:00Z")
    etag = changed(etag)
    assert team.vendedor.api.get(month, headers={"If-None-Match": etag}).status == 200
