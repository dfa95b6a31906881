"""Another zone, or another law of one: all is counted anew by a job, and until then figures are of
the days before, and say so."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from sqlalchemy import Engine

from services import sweepService
from services.metrics import calendar
from services.metrics.reading import telling
from tests.metrics.plain import Plain
from tests.metrics.test_walk import fold, recount
from tests.metrics.views import Checker, view
from tests.support.api import Team
from tests.support.jobs import work
from tests.support.leads import create, rows, run
from tests.support.sweeping import sweep
from utils import calendars
from utils.calendars import Run
from utils.clock import parse_instant

HERE, THERE = "America/Sao_Paulo", "Pacific/Kiritimati"


@pytest.fixture
def dated(team: Team, sql: Engine) -> Team:
    """Leads won at noon in São Paulo: the day after at Kiritimati. Folded but for the last one."""
    noon = datetime.now(ZoneInfo(HERE)).replace(hour=12, minute=0, second=0) - timedelta(days=3)
    for n in range(3):
        lead = create(team.gestor.api, etapa="ganho", valor="10.00")
        moment = (noon - timedelta(days=n)).astimezone(UTC)
        dates = "update leads set criado_em = :m, fechado_em = :m where id = :id"
        run(sql, dates, m=moment, id=lead["id"])
        if n == 1:
            fold(sql, team.equipe_id)
    return team


def test_until_the_job_is_done_figures_are_of_the_days_before(
    app: Flask, dated: Team, sql: Engine
) -> None:
    api = dated.gestor.api
    before = view(api)
    assert api.patch("/equipe", {"fuso": THERE}).status == 200
    waiting = view(api)
    assert waiting["fuso"] == before["fuso"] == HERE
    assert waiting["serie"] == before["serie"]
    create(api, etapa="ganho")
    Checker(api, sql, dated.equipe_id).check()
    work(app)
    after = view(api)
    assert after["fuso"] == THERE
    assert after["serie"] != waiting["serie"]
    Checker(api, sql, dated.equipe_id).check()
    assert recount(sql, dated.equipe_id, THERE) == 0


def test_a_zone_that_is_taken_back_while_its_count_runs_is_counted_again(
    app: Flask, dated: Team, sql: Engine
) -> None:
    api = dated.gestor.api
    assert api.patch("/equipe", {"fuso": THERE}).status == 200
    at_work = "update trabalhos set estado = :s where equipe_id = :e and tipo = 'recontar'"
    run(sql, at_work, e=dated.equipe_id, s="em_andamento")
    assert api.patch("/equipe", {"fuso": HERE}).status == 200
    # The count of the other zone ends after it.
    assert recount(sql, dated.equipe_id, THERE) == 0
    run(sql, at_work + " and estado = 'em_andamento'", e=dated.equipe_id, s="concluida")
    assert view(api)["fuso"] == THERE
    work(app)
    assert view(api)["fuso"] == HERE


def test_the_job_is_told_among_the_jobs(app: Flask, dated: Team) -> None:
    dated.gestor.api.patch("/equipe", {"fuso": THERE})
    work(app)
    job = dated.gestor.api.get("/jobs").data["itens"][0]
    assert (job["tipo"], job["estado"], job["resultado"]) == (
        "recontar",
        "concluida",
        {"corrigidos": 0},
    )


def test_a_zone_that_does_not_exist_is_refused(dated: Team) -> None:
    for zone in ("America/Atlantida", "Brasil", "localtime", ""):
        assert "fuso" in dated.gestor.api.patch("/equipe", {"fuso": zone}).campos
    assert view(dated.gestor.api)["fuso"] == HERE


def test_a_law_that_has_changed_is_followed_by_the_sweep(
    app: Flask, dated: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As where a country gives up its summer time, and this server has learned of it."""
    zone = "America/Noronha"
    dated.gestor.api.patch("/equipe", {"fuso": zone})
    work(app)

    def later(other: str) -> tuple[Run, ...]:
        if other != zone:
            return calendars.runs(other)
        return tuple(
            run._replace(de=run.de + timedelta(hours=14), ate=run.ate + timedelta(hours=14))
            for run in calendars.runs(zone)
        )

    monkeypatch.setattr(calendar, "runs", later)
    days = [item["novos"] for item in view(dated.gestor.api)["serie"]]
    monkeypatch.setattr(sweepService, "_kept", {})
    sweep(app, dated)
    work(app)
    moved = [item["novos"] for item in view(dated.gestor.api)["serie"]]
    # Every lead is of the day before now.
    assert moved[:-1] == days[1:]
    run(sql, "delete from fusos_dias where fuso = :z and lei > 1", z=zone)


@pytest.mark.parametrize("zone", ["America/Noronha", "America/Sao_Paulo", "Africa/Casablanca"])
def test_days_are_those_of_the_zone(zone: str) -> None:
    """Beside every change of clocks, and in the week of Noronha's summer time."""
    for found in calendars.runs(zone):
        for moment in (found.de, found.ate - timedelta(microseconds=1)):
            ago = (moment - found.de) // timedelta(days=1)
            day = calendars.day_of(found.dia + min(ago, found.dias - 1))
            assert moment.astimezone(ZoneInfo(zone)).date() == day


def test_moments_of_no_calendar_are_counted_too(team: Team, sql: Engine) -> None:
    first = create(team.gestor.api, etapa="ganho", valor="5.00")["id"]
    for moment in ("0001-01-01 00:00Z", "9999-12-31 00:00Z"):
        dates = "update leads set criado_em = :m, fechado_em = :m where id = :id"
        run(sql, dates, m=moment, id=first)
        data = view(team.gestor.api)
        assert (data["total"], data["ganhos"], data["dias_30"]["novos"]) == (1, 1, 0)
        fold(sql, team.equipe_id)
        assert view(team.gestor.api)["ganhos"] == 1
    assert recount(sql, team.equipe_id, HERE) == 0


def test_the_clock_steps_over_midnight_and_the_end_of_a_month(
    dated: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Figures of a moment are those of its day, whichever it is."""
    month = datetime.now(ZoneInfo(HERE)).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    later = (month + timedelta(days=32)).replace(day=1)
    for moment in (later - timedelta(microseconds=1), later, later + timedelta(days=1)):
        monkeypatch.setattr(telling, "now", lambda at=moment: at.astimezone(UTC))
        told = view(dated.gestor.api)
        plain = Plain(sql, dated.equipe_id, HERE, parse_instant(told["gerado_em"]))
        assert told["serie"][-1]["dia"] == moment.date().isoformat()
        Checker(dated.gestor.api, sql, dated.equipe_id).dashboard()
        assert told["dias_7"] == plain.compared(plain.today - timedelta(days=6), plain.today)


def test_rebuild_says_what_it_has_corrected(app: Flask, dated: Team, sql: Engine) -> None:
    asked = ["metrics", "rebuild", "--equipe", str(dated.equipe_id)]
    runner = app.test_cli_runner()
    done = runner.invoke(args=asked)
    assert (done.exit_code, done.output.splitlines()[-1]) == (
        0,
        f"Equipe {dated.equipe_id}: 0 números diferentes do que deviam ser.",
    )
    known = dated.gestor.api.get("/metrics")
    run(sql, "update metricas_celulas set n = n + 1 where equipe_id = :e", e=dated.equipe_id)
    run(sql, "update metricas_delta set sinal = 0 where equipe_id = :e", e=dated.equipe_id)
    ((cells,),) = rows(
        sql, "select count(*) from metricas_celulas where equipe_id = :e", e=dated.equipe_id
    )
    done = runner.invoke(args=asked)
    assert f": {cells} números" in done.output
    Checker(dated.gestor.api, sql, dated.equipe_id).check()
    after = dated.gestor.api.get("/metrics", headers={"If-None-Match": known.headers["ETag"]})
    assert after.status == 200
