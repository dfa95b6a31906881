"""A writer that had to wait looks at what the one before it has left."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, text

from tests.faults.tools import wait_until
from tests.leads.test_contacts import whatsapp
from tests.leads.test_funnel import LOST, NEW, WON, put
from tests.support import stays
from tests.support.api import Reply, Team
from tests.support.leads import create, new_cpf, rows, upload
from tests.support.waiting import WAITING

PROPOSED = {"chave": "proposta", "nome": "Proposta", "tipo": "aberta"}


@contextmanager
def held(sql: Engine, locking: str, **parameters: Any) -> Iterator[None]:
    """Another transaction holds these rows meanwhile."""
    with sql.connect().execution_options(isolation_level="READ COMMITTED") as connection:
        connection.execute(text(locking), parameters)
        yield
        connection.commit()


def in_turn(
    sql: Engine, team: Team, lead: dict[str, Any], *writes: Callable[[], Reply]
) -> list[Reply]:
    """The replies of writes that all wait for one lead, and get it in this order."""
    locking = "select 1 from leads where equipe_id = :e and id = :id for update"
    with ThreadPoolExecutor(len(writes)) as pool:
        waiting: list[Future[Reply]] = []
        with held(sql, locking, e=team.equipe_id, id=lead["id"]):
            for n, write in enumerate(writes, start=1):
                waiting.append(pool.submit(write))
                wait_until(lambda n=n: rows(sql, WAITING) == [(n,)])
        return [each.result() for each in waiting]


def test_no_date_is_before_a_stay_that_has_just_begun(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    path = f"/leads/{lead['id']}/move"
    yesterday = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    first, second = in_turn(
        sql,
        team,
        lead,
        lambda: team.gestor.api.post(path, {"etapa": "contatado"}),
        lambda: team.gestor.api.post(path, {"etapa": "contatado", "etapa_desde": yesterday}),
    )
    assert first.status == 200
    assert (second.status, second.campos) == (422, {"etapa_desde": "FORA_DA_FAIXA"})
    assert [stay.etapa for stay in stays.of(sql, team.equipe_id, lead["id"])] == [
        "novo",
        "contatado",
    ]


def test_the_last_list_of_contacts_stays(team: Team, sql: Engine) -> None:
    """Although, when it arrived, it was the list that the lead had."""
    lead = create(team.gestor.api, contatos=[whatsapp("BR.1")])
    path = f"/leads/{lead['id']}"
    in_turn(
        sql,
        team,
        lead,
        lambda: team.gestor.api.patch(path, {"contatos": [whatsapp("BR.2")]}),
        lambda: team.gestor.api.patch(path, {"contatos": [whatsapp("BR.1")], "cidade": "Lins"}),
    )
    after = team.gestor.api.get(path).data
    assert (after["cidade"], after["contatos"]) == ("Lins", [whatsapp("BR.1")])


def test_no_lead_comes_back_into_a_stage_that_is_being_archived(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, etapa="qualificado")
    team.gestor.api.delete(f"/leads/{lead['id']}")
    of = {"e": team.equipe_id}
    locking = "select 1 from etapas where equipe_id = :e and chave = 'qualificado' for update"
    archiving = (
        "update etapas set arquivada_em = now() where equipe_id = :e and chave = 'qualificado'"
    )
    with ThreadPoolExecutor(1) as pool, held(sql, f"{locking}; {archiving}", **of):
        restored = pool.submit(team.gestor.api.post, f"/leads/{lead['id']}/restore")
        wait_until(lambda: restored.done() or rows(sql, WAITING) == [(1,)])
        assert not restored.done()
    assert restored.result().data["etapa"] == "novo"


WRITERS = {
    "patch": lambda api, path, _: api.patch(path, {"etapa": "proposta"}),
    "move": lambda api, path, _: api.post(f"{path}/move", {"etapa": "proposta"}),
    "file": lambda api, _, document: upload(
        api, f"documento,etapa\n{document},proposta\n", duplicados="atualizar"
    ),
    "funnel": lambda api, *_: put(
        api, [NEW, PROPOSED, WON, LOST], mover={"qualificado": "proposta"}
    ),
}


@pytest.mark.parametrize("how", WRITERS)
def test_who_began_first_and_came_last_ends_no_stay_before_it_began(
    team: Team, sql: Engine, how: str
) -> None:
    """Its transaction's own time is before the move that it waited for."""
    api = team.gestor.api
    lead = create(api, etapa="novo", documento=(document := new_cpf()))
    path = f"/leads/{lead['id']}"
    locking = (
        "select 1 from configuracao where equipe_id = :e for update; "
        "select 1 from etapas where equipe_id = :e and chave = 'proposta' for update"
    )
    with ThreadPoolExecutor(1) as pool:
        with held(sql, locking, e=team.equipe_id):
            late = pool.submit(WRITERS[how], api, path, document)
            wait_until(lambda: rows(sql, WAITING) == [(1,)])
            assert api.post(f"{path}/move", {"etapa": "qualificado"}).status == 200
        assert late.result().status == 200
    told = stays.of(sql, team.equipe_id, lead["id"])
    assert [stay.etapa for stay in told] == ["novo", "qualificado", "proposta"]
    for stay in told[:-1]:
        assert stay.saiu_em is not None
        assert stay.entrou_em <= stay.saiu_em


@pytest.mark.parametrize("first", ["file", "change"])
def test_a_new_funnel_waits_for_a_writer_and_both_are_done(
    team: Team, sql: Engine, first: str
) -> None:
    """The writer asks again for the caller's power at its end: nobody may wait for it there."""
    api, document = team.gestor.api, new_cpf()
    lead = create(api, documento=document)
    of_lead = "select 1 from leads where equipe_id = :e and id = :id for update"
    writers = {
        "file": lambda: upload(api, f"documento,uf\n{document},SP\n", duplicados="atualizar"),
        "change": lambda: api.patch(
            f"/leads/{lead['id']}?permitir_duplicado=1", {"etapa": "contatado"}
        ),
    }
    with ThreadPoolExecutor(2) as pool:
        with held(sql, of_lead, e=team.equipe_id, id=lead["id"]):
            writing = pool.submit(writers[first])
            wait_until(lambda: rows(sql, WAITING) == [(1,)])
            replaced = pool.submit(
                put, api, [NEW, PROPOSED, WON, LOST], mover={"contatado": "novo"}
            )
            wait_until(lambda: rows(sql, WAITING) == [(2,)])
        assert (writing.result().status, replaced.result().status) == (200, 200)
