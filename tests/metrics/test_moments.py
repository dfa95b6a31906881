"""Every figure is that of a plain count at each moment of what writes in steps, and after many have
written at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from commands.worker import Worker
from services import scoreService, undoService
from services.imports import stepping
from services.metrics import keeping
from tests.metrics.test_walk import Walk, fold, recount
from tests.metrics.views import Checker, view
from tests.support.api import Api, Team
from tests.support.closed import as_open, bring, leads, train
from tests.support.jobs import work
from tests.support.leads import all_leads, create, new_cpf, rows, upload
from tests.support.publishing import EVENT, publish
from tests.support.undone import undo

LATER = {"Prefer": "respond-async"}
ZONE = "America/Sao_Paulo"
WRITERS, WRITES = 4, 25


@pytest.fixture
def small_steps(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of two leads. What another test has left would take long so."""
    work(app)
    monkeypatch.setattr(undoService, "_FIRST", 2)
    monkeypatch.setattr(stepping, "FIRST", 2)
    monkeypatch.setattr(stepping, "next_size", lambda size, _: size)
    monkeypatch.setattr(scoreService, "MOST", 2)
    monkeypatch.setattr(scoreService, "_FEWEST", 2)


@pytest.fixture
def check(team: Team, sql: Engine) -> Callable[[], None]:
    def every_figure() -> None:
        Checker(team.gestor.api, sql, team.equipe_id).check()
        Checker(team.gestor.api, sql, team.equipe_id, origem="feira").check()
        vendedor = team.vendedor
        Checker(vendedor.api, sql, team.equipe_id, responsavel_id=vendedor.id).check()

    return every_figure


def work_and_look(app: Flask, check: Callable[[], None]) -> int:
    """Do what waits, looking between each two steps; how often."""
    looks: list[None] = []

    def look() -> bool:
        looks.append(check())
        return False

    with app.app_context():
        while Worker(look).turn():
            pass
    check()
    return len(looks)


def lines(team: Team, documents: list[str], value: int) -> str:
    told = "".join(
        f"{document},{'ganho' if n % 3 else 'proposta'},{value + n},Feira,{team.vendedor.id}\n"
        for n, document in enumerate(documents)
    )
    return f"documento,etapa,valor,origem,responsavel_id\n{told}"


@pytest.mark.usefixtures("small_steps")
def test_within_an_import_and_its_undo(
    app: Flask, team: Team, sql: Engine, check: Callable[[], None]
) -> None:
    documents = [new_cpf() for _ in range(8)]
    for document in documents[:4]:
        create(team.gestor.api, documento=document, valor="10", origem="Site")
    before = view(team.gestor.api)["total"]
    csv = lines(team, documents, 100)
    asked = upload(team.gestor.api, csv, headers=LATER, duplicados="atualizar")
    run_id = asked.data["id"]
    assert work_and_look(app, check) >= 4
    assert view(team.gestor.api)["total"] == before + 4
    assert undo(team.gestor.api, run_id, headers=LATER).status == 202
    assert work_and_look(app, check) >= 4
    assert view(team.gestor.api)["total"] == before
    _folds_and_counts(team, sql)


@pytest.mark.usefixtures("small_steps")
def test_within_a_publication(
    app: Flask, team: Team, sql: Engine, check: Callable[[], None]
) -> None:
    for n in range(7):
        create(team.gestor.api, origem="Evento" if n % 2 else "Feira", valor="10")
    publish(team.gestor.api, EVENT)
    assert work_and_look(app, check) >= 3
    _folds_and_counts(team, sql)


def test_after_a_training(app: Flask, team: Team, sql: Engine, check: Callable[[], None]) -> None:
    closed = [*leads(300)]
    bring(team.gestor.api, closed)
    bring(team.gestor.api, [as_open(row) for row in leads(20, seed=2)])
    assert view(team.gestor.api)["valor_ponderado"] is None
    train(app, team.gestor.api, janela=False, guarda_calendario=False)
    assert view(team.gestor.api)["valor_ponderado"] is not None
    check()
    _folds_and_counts(team, sql)


def test_after_a_stage_was_archived_and_came_back(
    team: Team, sql: Engine, check: Callable[[], None]
) -> None:
    api = team.gestor.api
    for etapa in ("contatado", "proposta", "contatado", "ganho"):
        create(api, etapa=etapa, valor="7", origem="Feira", responsavel_id=team.vendedor.id)
    there = [
        {key: stage[key] for key in ("chave", "nome", "tipo")}
        for stage in api.get("/stages").data["itens"]
    ]
    fewer = [stage for stage in there if stage["chave"] not in ("contatado", "qualificado")]
    for itens, mover in ((fewer, {"contatado": "proposta"}), (there, {})):
        assert api.call("PUT", "/stages", json={"itens": itens, "mover": mover}).status == 200
        check()
    _folds_and_counts(team, sql)


class Beside(Walk):
    """One of several: the leads are everybody's, so some are gone when it comes to them."""

    fine = (200, 404, 409)

    def _archive(self) -> None:
        """None: another one may be moving a lead there."""


def test_while_and_after_many_write(
    app: Flask, team: Team, sql: Engine, check: Callable[[], None]
) -> None:
    walks = [Beside(team, sql, seed) for seed in range(WRITERS)]
    api = Api(app, team.gestor.api.token)
    with ThreadPoolExecutor(WRITERS) as pool:
        writing = [pool.submit(_walk, walk) for walk in walks]
        while not all(each.done() for each in writing):
            _adds_up(view(api))
            fold(sql, team.equipe_id)
        for each in writing:
            each.result()
    check()
    assert len(all_leads(api)) == view(api)["total"]
    _folds_and_counts(team, sql)


def _folds_and_counts(team: Team, sql: Engine) -> None:
    fold(sql, team.equipe_id)
    Checker(team.gestor.api, sql, team.equipe_id).check()
    assert recount(sql, team.equipe_id, ZONE) == 0


def _walk(walk: Walk) -> None:
    for _ in range(WRITES):
        walk.step()


def _adds_up(told: dict[str, Any]) -> None:
    """Each part of one reply tells of the same leads."""
    for part in ("etapa", "faixa", "responsavel", "origem", "produto"):
        assert sum(each["quantidade"] for each in told[f"por_{part}"]) == told["total"], part


@pytest.mark.usefixtures("small_steps")
def test_what_a_job_changes_is_folded_as_it_goes(
    app: Flask, team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A reader looks at all that is not."""
    monkeypatch.setattr(keeping, "_IS_MUCH", replace(keeping._IS_MUCH, defaults={"maximo": 6}))
    waiting = "select count(*) from metricas_delta where equipe_id = :e"
    csv = lines(team, [new_cpf() for _ in range(20)], 100)
    assert upload(team.gestor.api, csv, headers=LATER).status == 202
    assert rows(sql, waiting, e=team.equipe_id) == [(0,)]
    most: list[int] = []

    def look() -> bool:
        most.extend(*rows(sql, waiting, e=team.equipe_id))
        return False

    with app.app_context():
        while Worker(look).turn():
            pass
    assert 0 < max(most) < 6
    assert view(team.gestor.api)["total"] == 20
