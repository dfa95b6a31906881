"""Rules that come into force: at once for who writes, step by step for all others."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from models.db.locks import lock_id
from services import scoreService, simulationService
from services.jobService import MAX_QUEUED
from services.scores import publishing
from services.scores.current import lock_name
from tests.support.api import Team
from tests.support.jobs import ask, seen, work
from tests.support.leads import all_leads, create, imported, rows
from tests.support.publishing import EVENT, check_current, draft, publish, rule, versions


def points(team: Team, lead: dict[str, Any]) -> list[tuple[str, int]]:
    """The parts of a lead's score, which add up."""
    score = team.gestor.api.get(f"/leads/{lead['id']}/score").data
    assert sum(part["pontos"] for part in score["partes"]) == score["score"]
    return [(part["campo"], part["pontos"]) for part in score["partes"]]


def test_a_writer_scores_by_the_new_rules_at_once(team: Team) -> None:
    old = create(team.gestor.api, origem="evento")
    n, _ = publish(team.gestor.api, EVENT)
    new = create(team.vendedor.api, origem="EVENTO")
    assert (old["score"], new["score"], new["faixa"]) == (30, 70, "quente")
    changed = team.gestor.api.patch(f"/leads/{old['id']}", {"cidade": "Lins", "origem": "Feira"})
    assert changed.data["score"] == 20
    assert team.gestor.api.get(f"/leads/{new['id']}/score").data["versao"] == n


def test_a_score_is_explained_by_the_rules_that_it_is_from(team: Team) -> None:
    """Until the job comes to it, and whatever is in force by then."""
    first = create(team.gestor.api, origem="indicação")
    publish(team.gestor.api, EVENT)
    second = create(team.gestor.api, origem="evento")
    publish(team.gestor.api, rule("origem", "preenchido", None, -5), base=1)
    third = create(team.gestor.api, origem="evento")
    assert points(team, first) == [("base", 30), ("origem", 20)]
    assert points(team, second) == [("base", 20), ("origem", 50)]
    assert points(team, third) == [("base", 1), ("origem", -5), ("limite", 4)]


def test_the_queue_gives_the_reasons_of_the_version(team: Team) -> None:
    create(team.gestor.api, origem="indicação")
    publish(team.gestor.api, EVENT)
    create(team.gestor.api, origem="evento")
    items = team.gestor.api.get("/queue").data["itens"]
    assert [item["motivos"][1:] for item in items] == [["origem igual"], ["Veio por indicação"]]


def test_the_job_scores_all_and_puts_them_into_their_places(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(scoreService, "MOST", 3)
    monkeypatch.setattr(scoreService, "_FEWEST", 1)
    names = "".join(f"L{n},{('evento', 'indicação')[n % 2]}\n" for n in range(10))
    imported(team.gestor.api, "nome,origem\n" + names)
    n, job = publish(team.gestor.api, EVENT)
    work(app)
    told = seen(team.gestor.api, job)
    assert (told["estado"], told["resultado"]) == ("concluida", {"repontuados": 10})
    assert versions(sql, team.equipe_id) == {n}
    queued = [item["score"] for item in team.gestor.api.get("/queue").data["itens"]]
    assert queued == [70] * 5 + [20] * 5
    check_current(app, sql, team)


def test_a_second_publication_ends_the_first_one_s_job(app: Flask, team: Team, sql: Engine) -> None:
    create(team.gestor.api, origem="evento")
    _, first = publish(team.gestor.api, EVENT)
    n, second = publish(team.gestor.api, rule("origem", "igual", "Evento", 10))
    work(app)
    told = [seen(team.gestor.api, job) for job in (first, second)]
    assert [each["estado"] for each in told] == ["concluida"] * 2
    assert told[0]["resultado"] == {"repontuados": 0, "substituida_por": n}
    assert told[1]["resultado"] == {"repontuados": 1}
    assert versions(sql, team.equipe_id) == {n}


def test_history_tells_who_published_what(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    n, _ = publish(api, EVENT)
    shown = api.get("/scores/rules").data
    assert (shown["versao"], shown["publicada_por"]["id"]) == (n, team.gestor.id)
    assert [each["versao"] for each in shown["historico"]] == [n, 0]
    assert [each["regras"] for each in shown["historico"]] == [1, 16]
    old = api.get("/scores/rules?versao=0").data
    assert (old["versao"], len(old["regras"]), old["publicada_em"]) == (0, 16, None)
    found = rows(
        sql,
        "select usuario_id, dados from eventos where tipo = 'regras_publicadas' and equipe_id = :e",
        e=team.equipe_id,
    )
    assert found == [(team.gestor.id, {"versao": n, "origem_versao": 0})]


def test_a_keyed_publication_is_made_once(team: Team) -> None:
    path = f"/scores/rules/drafts/{draft(team.gestor.api, EVENT)}/publish"
    key = {"Idempotency-Key": "uma-publicacao"}
    first, again = (team.gestor.api.post(path, headers=key) for _ in range(2))
    assert (first.status, again.status) == (202, 202)
    assert first.data == again.data


def test_a_draft_is_no_version_to_read(team: Team) -> None:
    n = draft(team.gestor.api)
    assert team.gestor.api.get(f"/scores/rules?versao={n}").status == 404
    assert team.gestor.api.get("/scores/rules?versao=77").status == 404


# ------------------------------------------------ back


def test_what_was_in_force_comes_back_as_another_version(
    app: Flask, team: Team, sql: Engine
) -> None:
    api = team.gestor.api
    lead = create(api, origem="indicação")
    publish(api, EVENT)
    work(app)
    back = api.post("/scores/rules/rollback", {"versao": 0})
    assert back.status == 202, back.body
    work(app)
    shown = api.get("/scores/rules").data
    assert shown["historico"][0]["origem_versao"] == 0
    assert shown["versao"] == shown["historico"][0]["versao"] == 2
    assert points(team, lead) == [("base", 30), ("origem", 20)]
    assert versions(sql, team.equipe_id) == {2}


def test_only_what_was_published_and_is_not_in_force_comes_back(team: Team) -> None:
    api = team.gestor.api
    n, other = publish(api, EVENT)[0], draft(api)
    refused = api.post("/scores/rules/rollback", {"versao": n})
    assert (refused.status, refused.codigo) == (409, "REGRAS_EM_USO")
    asked = [api.post("/scores/rules/rollback", {"versao": each}) for each in (other, 99)]
    assert [each.status for each in asked] == [404, 404]


# ------------------------------------------------ beside others


def test_another_equipe_keeps_its_rules(
    app: Flask, team: Team, other_team: Team, sql: Engine
) -> None:
    theirs = create(other_team.gestor.api, origem="evento")
    publish(team.gestor.api, EVENT)
    mine = create(team.gestor.api, origem="evento")
    work(app)
    again = create(other_team.gestor.api, origem="evento")
    assert (mine["score"], theirs["score"], again["score"]) == (70, 30, 30)
    assert versions(sql, other_team.equipe_id) == {0}
    assert other_team.gestor.api.get("/scores/rules").data["versao"] == 0


@contextmanager
def long_write(sql: Engine, team: Team) -> Iterator[None]:
    """A writer that has begun and does not end, such as an import."""
    held = text("select pg_advisory_xact_lock_shared(:id)")
    with sql.connect().execution_options(isolation_level="READ COMMITTED") as writer:
        writer.execute(held, {"id": lock_id(lock_name(team.equipe_id))})
        yield


def test_a_long_write_is_waited_for_and_then_told(
    team: Team, other_team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(publishing, "_TRIES", 2)
    n = draft(team.gestor.api, EVENT)
    with long_write(sql, team):
        refused = team.gestor.api.post(f"/scores/rules/drafts/{n}/publish")
        assert (refused.status, refused.codigo) == (503, "GRAVACAO_EM_ANDAMENTO")
        assert refused.headers["Retry-After"]
        assert create(team.gestor.api, origem="evento")["score"] == 30
        publish(other_team.gestor.api, EVENT)
    assert team.gestor.api.get("/scores/rules").data["versao"] == 0
    assert team.gestor.api.post(f"/scores/rules/drafts/{n}/publish").status == 202
    with long_write(sql, team):
        back = team.gestor.api.post("/scores/rules/rollback", {"versao": 0})
        assert (back.status, back.codigo) == (503, "GRAVACAO_EM_ANDAMENTO")
    assert team.gestor.api.get("/scores/rules").data["versao"] == n


def test_of_many_rules_each_is_kept_and_explained(app: Flask, team: Team, sql: Engine) -> None:
    """With texts that mean something to the driver, or to SQL."""
    odd = ["%(id)s", "100%", "$1", "'; drop table leads; --", "\\", "%s", "{}", ":x"]
    rules = [rule("atributos.x", "igual", each, 3, motivo=f"É {each}") for each in odd]
    rules += [rule("atributos.n", "minimo", n, 1, motivo=f"{n} ou mais") for n in range(192)]
    publish(team.gestor.api, *rules, base=0)
    for each in odd:
        for _ in range(2):  # the second time it is prepared
            assert create(team.gestor.api, atributos={"x": each})["score"] == 3
    lead = create(team.gestor.api, atributos={"n": 41})
    assert (lead["score"], len(points(team, lead))) == (42, 43)
    assert len(all_leads(team.gestor.api)) == 2 * len(odd) + 1
    check_current(app, sql, team)


def test_a_full_queue_takes_no_job_about_scores(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither is anything put in force whose scoring could not be asked for."""
    api = team.gestor.api
    create(api)
    publish(api, EVENT)
    n = draft(api, rule("origem", "igual", "Site"))
    for _ in range(MAX_QUEUED - 1):  # publish() has asked for one
        ask(api)
    monkeypatch.setattr(simulationService, "AT_ONCE", 0)
    for path, body in (
        (f"/scores/rules/drafts/{n}/simulate", {}),
        (f"/scores/rules/drafts/{n}/publish", {}),
        ("/scores/rules/rollback", {"versao": 0}),
        ("/scores/model/train", {}),
    ):
        reply = api.post(path, body)
        assert (reply.status, reply.codigo) == (409, "FILA_CHEIA"), path
    assert api.get("/scores/rules").data["versao"] < n
