"""An update by import beside other writers: no write is lost in silence, nothing deleted comes
back, and nobody waits in a circle.

In each round the writers are seen waiting for each other: one in which they did not meet fails.
"""

from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import count, islice
from threading import Event
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from models.db import enter_tenant, transaction
from services import history, importService
from services.imports import atOnce
from services.importService import CSV, Duplicates, Sent
from services.leads.duplicates import bucket
from services.principal import Principal
from tests.support.api import Reply, Team
from tests.support.leads import all_leads, create, events, imported, new_cpf, new_phone, rows

ROUNDS = range(4)
_WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() "
    "and wait_event_type = 'Lock' and pid <> pg_backend_pid()"
)
Meet = Callable[[Callable[[], Reply], Callable[[], Any]], Any]


def until_waiting(sql: Engine, writers: int, *running: Future[Any]) -> None:
    deadline = monotonic() + 20
    while rows(sql, _WAITING)[0][0] < writers:
        assert not any(future.done() for future in running), "they did not meet"
        assert monotonic() < deadline, "they did not meet"
        sleep(0.002)


@pytest.fixture
def meet(sql: Engine, monkeypatch: pytest.MonkeyPatch) -> Meet:
    """Run a write until it holds its lead, an import until it waits for that, and both to their
    end; what the import gave."""
    of_lead = history.of_lead

    def run(write: Callable[[], Reply], import_: Callable[[], Any]) -> Any:
        holds, go_on = Event(), Event()

        def stop(*arguments: Any, **how: Any) -> Any:
            holds.set()
            go_on.wait(20)
            return of_lead(*arguments, **how)

        with ThreadPoolExecutor(2) as pool:
            try:
                monkeypatch.setattr(history, "of_lead", stop)
                writing = pool.submit(write)
                assert holds.wait(20)
                importing = pool.submit(import_)
                until_waiting(sql, 1, importing)
            finally:
                go_on.set()
            assert writing.result().status in (200, 204)
            return importing.result()

    return run


def update(team: Team, csv: str) -> dict[str, Any]:
    return imported(team.gestor.api, csv, duplicados="atualizar")


@pytest.mark.parametrize("_", ROUNDS)
def test_what_was_written_meanwhile_is_kept_or_overwritten_openly(
    team: Team, sql: Engine, meet: Meet, _: int
) -> None:
    """The file repeats the city of before, and says another name."""
    lead = create(team.gestor.api, nome="Antes", documento=(d := new_cpf()), cidade="Lins")
    path = f"/leads/{lead['id']}"
    meet(
        lambda: team.gestor.api.patch(path, {"cidade": "Bauru", "empresa": "Padaria"}),
        lambda: update(team, f"documento,nome,cidade\n{d},Depois,Lins\n"),
    )
    after = team.gestor.api.get(path).data
    told = events(sql, lead["id"])[-1][1]
    assert (after["nome"], after["empresa"], after["versao"]) == ("Depois", "Padaria", 3)
    assert after["cidade"] == ("Lins" if "cidade" in told else "Bauru")
    assert "cidade" in told


@pytest.mark.parametrize("_", ROUNDS)
def test_what_was_written_meanwhile_is_what_a_default_finds(team: Team, meet: Meet, _: int) -> None:
    lead = create(team.gestor.api, documento=(d := new_cpf()))
    path = f"/leads/{lead['id']}"
    report = meet(
        lambda: team.gestor.api.patch(path, {"cidade": "Bauru"}),
        lambda: imported(
            team.gestor.api,
            f"documento\n{d}\n",
            {"padroes": {"cidade": "Lins"}},
            duplicados="atualizar",
        ),
    )
    assert report["iguais"] == 1
    assert team.gestor.api.get(path).data["cidade"] == "Bauru"


@pytest.mark.parametrize("_", ROUNDS)
def test_a_lead_that_is_deleted_meanwhile_does_not_come_back(
    team: Team, sql: Engine, meet: Meet, _: int
) -> None:
    lead = create(team.gestor.api, nome="Antes", documento=(d := new_cpf()))
    report = meet(
        lambda: team.gestor.api.delete(f"/leads/{lead['id']}"),
        lambda: update(team, f"documento,nome\n{d},Depois\n"),
    )
    assert (report["criados"], report["atualizados"]) == (1, 0)
    assert [kind for kind, *_ in events(sql, lead["id"])] == ["lead_criado", "lead_excluido"]
    scores = "select count(*) from lead_pontuacao where lead_id = :id"
    assert rows(sql, scores, id=lead["id"]) == [(0,)]
    assert [found["nome"] for found in all_leads(team.gestor.api)] == ["Depois"]


@pytest.mark.parametrize("_", ROUNDS)
def test_a_lead_that_becomes_somebody_else_meanwhile_is_not_the_lines(
    team: Team, meet: Meet, _: int
) -> None:
    lead = create(team.gestor.api, nome="Antes", documento=(d := new_cpf()))
    other = new_cpf()
    report = meet(
        lambda: team.gestor.api.patch(f"/leads/{lead['id']}", {"documento": other}),
        lambda: update(team, f"documento,nome\n{d},Depois\n"),
    )
    assert (report["criados"], report["atualizados"]) == (1, 0)
    after = team.gestor.api.get(f"/leads/{lead['id']}").data
    assert (after["nome"], after["documento"]) == ("Antes", other)


def documents_apart_from(phones: Sequence[str]) -> list[str]:
    """As many documents, of other buckets: so only leads are waited for."""
    taken = {bucket("telefone", phone) for phone in phones}
    documents = (new_cpf() for _ in count())
    apart = (found for found in documents if bucket("documento", found) not in taken)
    return list(islice(apart, len(phones)))


@pytest.mark.parametrize("_", ROUNDS)
def test_imports_that_reach_the_same_leads_by_other_keys_do_not_deadlock(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch, _: int
) -> None:
    """An equipe's imports take turns. Should they ever run side by side, they still get along."""
    monkeypatch.setattr(atOnce, "try_lock", lambda name: True)
    phones = [new_phone() for _ in range(20)]
    documents = documents_apart_from(phones)
    # Among many leads each line's is looked up by itself, in the order of the lines.
    imported(team.gestor.api, "nome,uf\n" + "A,SP\n" * 2_000)
    leads = [
        create(team.gestor.api, documento=document, telefone=phone)
        for document, phone in zip(documents, phones, strict=True)
    ]
    by_document = "".join(f"{value},Um\n" for value in documents)
    by_phone = "".join(f"{value},Dois\n" for value in reversed(phones))
    caller = Principal(team.gestor.id, team.equipe_id, None, "gestor", "America/Sao_Paulo")

    def import_(csv: str) -> int:
        with app.app_context(), transaction():
            enter_tenant(caller.equipe_id)
            sent = Sent.whole(csv.encode(), CSV)
            run = importService.import_file(caller, sent, None, Duplicates("atualizar"))
            return run.atualizados

    with ThreadPoolExecutor(2) as pool, sql.connect() as third:
        third = third.execution_options(isolation_level="READ COMMITTED")
        with third.begin():
            # Both have begun with the leads, and each has some that the other waits for.
            held = text("select 1 from leads where id = :id for update")
            third.execute(held, {"id": leads[10]["id"]})
            first = pool.submit(import_, "documento,cidade\n" + by_document)
            until_waiting(sql, 1, first)
            second = pool.submit(import_, "telefone,cidade\n" + by_phone)
            until_waiting(sql, 2, first, second)
    assert (first.result(), second.result()) == (20, 20)
    after = [team.gestor.api.get(f"/leads/{lead['id']}").data for lead in leads]
    assert {lead["cidade"] for lead in after} == {"Dois"}
