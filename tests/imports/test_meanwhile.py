"""Other writers beside an import that is carried out at once: it has written its lines and not
ended when they come. They wait for none of it, and no key is on two leads for that."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any

import pytest
from sqlalchemy import Engine

from services.imports import runs
from tests.support.api import Reply, Team
from tests.support.leads import all_leads, create, events, imported, new_cpf, rows

# More keys than are locked one by one.
LINES = 100
Write = Callable[[], Reply]
Meanwhile = Callable[[Write, bool], Future[Reply]]


@pytest.fixture
def meanwhile(monkeypatch: pytest.MonkeyPatch) -> Iterator[Meanwhile]:
    """Carry out a write when the next import has written its lines, once; whether it waits for the
    reply before it goes on."""
    finish = runs.finish
    with ThreadPoolExecutor(1) as pool:

        def come(write: Write, waited_for: bool) -> Future[Reply]:
            told: Future[Reply] = Future()

            def stop(run: Any) -> None:
                monkeypatch.setattr(runs, "finish", finish)
                writing = pool.submit(write)
                writing.add_done_callback(lambda done: told.set_result(done.result()))
                if waited_for:
                    told.result(30)
                finish(run)

            monkeypatch.setattr(runs, "finish", stop)
            return told

        yield come


def csv_of(emails: list[str]) -> str:
    return "nome,email\n" + "".join(f"Linha {email},{email}\n" for email in emails)


@pytest.fixture
def emails() -> list[str]:
    return [f"linha{n}@exemplo.com.br" for n in range(LINES)]


def test_another_lead_is_written_before_the_import_ends(
    team: Team, meanwhile: Meanwhile, emails: list[str]
) -> None:
    known = create(team.gestor.api, email="antes@exemplo.com.br")
    api = team.gestor.api
    path = f"/leads/{known['id']}"
    given = {"responsaveis": str(team.vendedor.id)}
    writes: list[Write] = [
        lambda: api.post("/leads", {"nome": "Ana", "email": "ana@exemplo.com.br"}),
        lambda: api.patch(path, {"email": "depois@exemplo.com.br"}),
        lambda: team.vendedor.api.post("/leads", {"nome": "Eva", "email": "eva@exemplo.com.br"}),
    ]
    for n, write in enumerate(writes):
        written = meanwhile(write, True)
        report = imported(api, csv_of([f"{n}-{email}" for email in emails]), **given)
        assert written.result().status in (200, 201)
        assert report["criados"] == LINES


@pytest.mark.parametrize("lines", [3, LINES])
def test_a_line_whose_key_was_taken_meanwhile_is_skipped(
    team: Team, sql: Engine, meanwhile: Meanwhile, emails: list[str], lines: int
) -> None:
    api = team.gestor.api
    written = meanwhile(lambda: api.post("/leads", {"nome": "Ana", "email": emails[1]}), True)
    report = imported(api, csv_of(emails[:lines]))
    ana = written.result().data
    assert (report["criados"], report["pulados"]) == (lines - 1, 1)
    assert [each["linha"] for each in report["linhas_puladas"]] == [3]
    found = [lead["id"] for lead in all_leads(api) if lead["email"] == emails[1]]
    assert found == [ana["id"]]
    assert len(all_leads(api)) == lines
    told = "select count(*) from eventos where importacao_id = :id and tipo = 'lead_criado'"
    assert rows(sql, told, id=report["id"]) == [(lines - 1,)]
    assert [kind for kind, *_ in events(sql, ana["id"])] == ["lead_criado"]


def test_a_key_that_a_lead_is_given_meanwhile_is_seen(
    team: Team, meanwhile: Meanwhile, emails: list[str]
) -> None:
    lead = create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    contacts = {"contatos": [{"tipo": "email", "valor": emails[0]}]}
    written = meanwhile(lambda: team.gestor.api.patch(path, contacts), True)
    report = imported(team.gestor.api, csv_of(emails))
    assert written.result().status == 200
    assert (report["criados"], report["pulados"]) == (LINES - 1, 1)


@pytest.mark.parametrize(
    ("given", "created", "alike"),
    [({"duplicados": "erro"}, LINES - 1, 1), ({"permitir_duplicado": "1"}, LINES, 2)],
)
def test_what_else_is_asked_of_such_a_line(
    team: Team,
    meanwhile: Meanwhile,
    emails: list[str],
    given: dict[str, str],
    created: int,
    alike: int,
) -> None:
    api = team.gestor.api
    meanwhile(lambda: api.post("/leads", {"nome": "Ana", "email": emails[1]}), True)
    report = imported(api, csv_of(emails), **given)
    assert (report["criados"], report["rejeitados"]) == (created, LINES - created)
    assert len([lead for lead in all_leads(api) if lead["email"] == emails[1]]) == alike


def test_nobody_waits_for_a_dry_run(team: Team, meanwhile: Meanwhile, emails: list[str]) -> None:
    api = team.gestor.api
    for n, action in enumerate(("pular", "atualizar")):
        body = {"nome": "Ana", "email": emails[n]}
        written = meanwhile(lambda body=body: api.post("/leads", body), True)  # type: ignore[misc]
        report = imported(api, csv_of(emails), duplicados=action, dry_run="1")
        assert written.result().status == 201
        assert report["linhas"] == LINES
    assert len(all_leads(api)) == 2


@pytest.mark.parametrize("lines", [3, LINES])
def test_an_external_id_is_on_one_lead(team: Team, meanwhile: Meanwhile, lines: int) -> None:
    """Its index makes the other writer wait for the import, which waits for that writer's keys."""
    api = team.gestor.api
    body = {"nome": "Ana", "id_externo": "crm-1"}
    written = meanwhile(lambda: api.post("/leads", body), False)
    file = "nome,id_externo,documento\n"
    file += "".join(f"Linha {n},crm-{n},{new_cpf()}\n" for n in range(lines))
    report = imported(api, file)
    created = written.result(30)
    assert created.status in (201, 409)
    assert report["criados"] == lines - (created.status == 201)
    assert sorted(lead["id_externo"] for lead in all_leads(api)) == sorted(
        f"crm-{n}" for n in range(lines)
    )
