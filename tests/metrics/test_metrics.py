"""The dashboard's figures, held against figures counted by hand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import pytest
from sqlalchemy import Engine

from tests.support.api import Member, Team
from tests.support.leads import create, imported, rows, run
from utils.clock import is_time_zone

NOTHING = {"novos": 0, "ganhos": 0, "perdidos": 0, "valor_ganho": "0.00"}
LOST = {"etapa": "perdido", "motivo_perda": "preço"}


def figures(member: Member) -> dict[str, Any]:
    reply = member.api.get("/metrics")
    assert reply.status == 200
    data: dict[str, Any] = reply.data
    return data


def alone(movement: dict[str, Any]) -> dict[str, Any]:
    """A period without the one before it."""
    return {name: value for name, value in movement.items() if name != "anterior"}


def by(data: dict[str, Any], field: str) -> dict[Any, tuple[Any, ...]]:
    """A breakdown as field value → (quantidade, valor, ganhos, perdidos, conversao)."""
    names = ("quantidade", "valor", "ganhos", "perdidos", "conversao")
    groups = data[f"por_{'responsavel' if field == 'responsavel_id' else field}"]
    found = {group[field]: tuple(group[n] for n in names if n in group) for group in groups}
    assert len(found) == len(groups)
    return found


@pytest.fixture
def counted(team: Team) -> Team:
    """Seven live leads, one deleted; every figure below is counted from this list."""
    owner, colleague = team.vendedor.id, team.colleague.id
    site, seguro = {"origem": "site"}, {"produto": "seguro"}
    api = team.gestor.api
    create(api, valor="100.10", responsavel_id=owner, **site, **seguro)
    create(api, valor="200.20", etapa="proposta", responsavel_id=owner, **site)
    create(api, etapa="contatado", responsavel_id=colleague, **seguro)
    create(api, valor="0.01", etapa="ganho", responsavel_id=owner, **site, **seguro)
    create(api, valor="1000.00", etapa="ganho", responsavel_id=colleague)
    create(api, valor="50.00", responsavel_id=owner, **LOST, **site)
    create(api, valor="70.00", **LOST)
    gone = create(api, valor="9999.00", responsavel_id=owner, etapa="ganho", **site, **seguro)
    api.delete(f"/leads/{gone['id']}")
    return team


def test_the_totals(counted: Team) -> None:
    data = figures(counted.gestor)
    names = ("total", "abertos", "ganhos", "perdidos", "conversao", "valor_aberto")
    assert tuple(data[n] for n in names) == (7, 3, 2, 2, 0.5, "300.30")
    assert data["valor_ponderado"] is None


def test_each_breakdown(counted: Team) -> None:
    data = figures(counted.gestor)
    assert by(data, "etapa") == {
        "novo": (1, "100.10"),
        "contatado": (1, "0.00"),
        "qualificado": (0, "0.00"),
        "proposta": (1, "200.20"),
        "ganho": (2, "1000.01"),
        "perdido": (2, "120.00"),
    }
    assert data["por_etapa"][0]["etapa"] == "novo"
    assert by(data, "origem") == {
        "site": (4, "350.31", 1, 1, 0.5),
        None: (3, "1070.00", 1, 1, 0.5),
    }
    assert by(data, "produto") == {
        "seguro": (3, "100.11", 1, 0, 1.0),
        None: (4, "1320.20", 1, 2, 1 / 3),
    }
    assert by(data, "responsavel_id") == {
        counted.vendedor.id: (4, "350.31", 1, 1, 0.5),
        counted.colleague.id: (2, "1000.00", 1, 0, 1.0),
        None: (1, "70.00", 0, 1, 0.0),
    }
    names = {group["responsavel_id"]: group["nome"] for group in data["por_responsavel"]}
    assert names == {
        counted.vendedor.id: "Pessoa de Teste",
        counted.colleague.id: "Pessoa de Teste",
        None: None,
    }
    assert sum(group[0] for group in by(data, "faixa").values()) == 7


def test_a_vendedor_sees_the_figures_of_their_own_leads(counted: Team) -> None:
    data = figures(counted.vendedor)
    names = ("total", "abertos", "ganhos", "perdidos", "conversao", "valor_aberto")
    assert tuple(data[n] for n in names) == (4, 2, 1, 1, 0.5, "300.30")
    assert by(data, "responsavel_id") == {counted.vendedor.id: (4, "350.31", 1, 1, 0.5)}
    expected = {"novos": 4, "ganhos": 1, "perdidos": 1, "valor_ganho": "0.01"}
    assert alone(data["dias_30"]) == expected


def test_before_anything_closes_there_is_no_conversion(team: Team) -> None:
    assert figures(team.gestor)["conversao"] is None
    create(team.gestor.api, origem="site")
    data = figures(team.gestor)
    assert (data["conversao"], by(data, "origem")["site"][-1]) == (None, None)


def test_an_empty_equipe_has_figures_too(team: Team) -> None:
    data = figures(team.gestor)
    assert (data["total"], data["valor_aberto"], data["valor_ponderado"]) == (0, "0.00", None)
    assert set(by(data, "etapa").values()) == {(0, "0.00")}
    assert data["por_origem"] == data["por_faixa"] == data["por_responsavel"] == []
    for period in ("hoje", "dias_7", "dias_30", "periodo"):
        assert NOTHING.items() <= data[period].items()
        assert data[period]["anterior"] == NOTHING
    assert len(data["serie"]) == 30


def test_another_equipes_writes_move_nothing(counted: Team, other_team: Team) -> None:
    before = figures(counted.gestor)
    create(other_team.gestor.api, valor="5.00", etapa="ganho")
    imported(other_team.gestor.api, "nome,etapa\n" + "A,ganho\n" * 20)
    after = figures(counted.gestor)
    assert after | {"gerado_em": 0} == before | {"gerado_em": 0}
    assert figures(other_team.gestor)["total"] == 21


@pytest.mark.parametrize("zone", ["America/Sao_Paulo", "Asia/Kathmandu", "UTC", "Pacific/Apia"])
def test_a_movement_belongs_to_the_equipes_day(team: Team, sql: Engine, zone: str) -> None:
    """Leads created and closed within a microsecond of local midnight, six days ago."""
    team.gestor.api.patch("/equipe", {"fuso": zone})
    tz = ZoneInfo(zone)
    today = datetime.now(UTC).astimezone(tz).date()
    day = today - timedelta(days=6)
    midnight = datetime(day.year, day.month, day.day, tzinfo=tz)
    for moment, fields in (
        (midnight - timedelta(microseconds=1), {"etapa": "ganho", "valor": "1.00"}),
        (midnight, {"etapa": "ganho", "valor": "20.00"}),
        (midnight, LOST),
        (midnight + timedelta(days=1, microseconds=-1), {"etapa": "ganho", "valor": "300.00"}),
    ):
        lead = create(team.gestor.api, **fields)
        moved = "update leads set criado_em = :m, fechado_em = :m where id = :id"
        run(sql, moved, m=moment.astimezone(UTC), id=lead["id"])
    data = figures(team.gestor)
    days = {item.pop("dia"): item for item in data["serie"]}
    before = (day - timedelta(days=1)).isoformat()
    assert days[before] == {"novos": 1, "ganhos": 1, "perdidos": 0, "valor_ganho": "1.00"}
    assert days[day.isoformat()] == {
        "novos": 3,
        "ganhos": 2,
        "perdidos": 1,
        "valor_ganho": "320.00",
    }
    assert alone(data["dias_7"]) == days[day.isoformat()]
    expected = {"novos": 4, "ganhos": 3, "perdidos": 1, "valor_ganho": "321.00"}
    assert alone(data["dias_30"]) == expected
    assert alone(data["hoje"]) == NOTHING


def test_the_series_is_thirty_days_without_gaps_today_last(team: Team) -> None:
    create(team.gestor.api)
    data = figures(team.gestor)
    days = [datetime.fromisoformat(item["dia"]).date() for item in data["serie"]]
    assert [later - earlier for earlier, later in pairwise(days)] == [timedelta(days=1)] * 29
    generated = datetime.fromisoformat(data["gerado_em"]).astimezone(ZoneInfo("America/Sao_Paulo"))
    assert days[-1] == generated.date()
    assert data["serie"][-1] == alone(data["hoje"]) | {"dia": days[-1].isoformat()}
    assert data["hoje"]["novos"] == 1


def test_events_older_than_thirty_days_are_in_no_day(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, etapa="ganho", valor="1.00")
    older = "update leads set criado_em = now() - interval '32 days', "
    run(sql, older + "fechado_em = now() - interval '31 days' where id = :id", id=lead["id"])
    data = figures(team.gestor)
    assert (data["total"], data["ganhos"], alone(data["dias_30"])) == (1, 1, NOTHING)


def test_figures_follow_each_write_at_once(team: Team) -> None:
    lead = create(team.gestor.api, valor="10.00")
    path = f"/leads/{lead['id']}"
    seen = [figures(team.gestor)]
    for body in ({"etapa": "ganho"}, {"etapa": "novo"}, LOST):
        team.gestor.api.patch(path, body)
        seen.append(figures(team.gestor))
    team.gestor.api.delete(path)
    seen.append(figures(team.gestor))
    counts = [(d["abertos"], d["ganhos"], d["perdidos"], d["valor_aberto"]) for d in seen]
    assert counts == [
        (1, 0, 0, "10.00"),
        (0, 1, 0, "0.00"),
        (1, 0, 0, "10.00"),
        (0, 0, 1, "0.00"),
        (0, 0, 0, "0.00"),
    ]


def test_the_totals_agree_with_sql_after_an_import(team: Team, sql: Engine) -> None:
    stages = ("novo", "proposta", "ganho", "perdido")
    lines = [f"L{n},{stages[n % 4]},{n}.{n % 100:02},preço,s{n % 7}" for n in range(200)]
    imported(team.gestor.api, "nome,etapa,valor,motivo_perda,origem\n" + "\n".join(lines))
    data = figures(team.gestor)
    for field in ("etapa", "origem"):
        found = rows(
            sql,
            f"select {field}, count(*), (sum(valor_centavos) / 100)::decimal(14, 2)::text "
            "from leads where equipe_id = :e group by 1",
            e=team.equipe_id,
        )
        filled = {key: group[:2] for key, group in by(data, field).items() if group[0]}
        assert filled == {key: (count, value) for key, count, value in found}
    assert (data["abertos"], data["ganhos"], data["perdidos"]) == (100, 50, 50)


def test_every_zone_a_team_may_choose_has_figures(team: Team, sql: Engine) -> None:
    """PostgreSQL must know each name that the API accepts."""
    known = {name for (name,) in rows(sql, "select name from pg_timezone_names")}
    assert {name for name in available_timezones() if is_time_zone(name)} - known == set()
