"""A writer that had to wait looks at what the one before it has left."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.tools import wait_until
from tests.leads.test_contacts import whatsapp
from tests.support import stays
from tests.support.api import Reply, Team
from tests.support.leads import create, rows

_WAITING = (
    "select count(*) from pg_stat_activity where datname = current_database() "
    "and wait_event_type = 'Lock'"
)


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
                wait_until(lambda n=n: rows(sql, _WAITING) == [(n,)])
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
        wait_until(lambda: restored.done() or rows(sql, _WAITING) == [(1,)])
        assert not restored.done()
    assert restored.result().data["etapa"] == "novo"
