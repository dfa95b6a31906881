"""A lease is one person's from the moment a call looks at it until the call is done."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from sqlalchemy import Engine, text

from tests.faults.tools import wait_until
from tests.support.activities import lease, place, post
from tests.support.api import Reply, Team
from tests.support.leads import create, rows, run
from tests.support.queue_check import check_queue
from tests.support.queues import claim, claimed
from tests.support.waiting import WAITING


def at_once(*calls: Any) -> list[Reply]:
    gate = Barrier(len(calls))

    def call(what: Any) -> Reply:
        gate.wait()
        return what()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(call, calls))


def test_of_a_skip_and_a_result_of_the_holder_one_wins(team: Team, sql: Engine) -> None:
    api, won = team.vendedor.api, set()
    for _ in range(25):
        create(team.gestor.api)
        lead = claimed(api)
        result, skip = at_once(
            lambda lead=lead: post(api, lead, resultado="nao_atendeu"),
            lambda: api.post("/queue/skip", {"motivo": "depois"}),
        )
        won.add((result.status, skip.status))
        refused = result if skip.status == 200 else skip
        assert refused.data["codigo"] == "SEM_RESERVA"
        owner = team.gestor.api.get(f"/leads/{lead}").data["responsavel_id"]
        assert owner == (team.vendedor.id if result.status == 201 else None)
    assert won <= {(201, 409), (409, 200)}, won
    check_queue(sql, team.equipe_id)


def test_of_a_skip_and_a_move_one_wins(team: Team) -> None:
    api, won = team.vendedor.api, set()
    for _ in range(10):
        create(team.gestor.api)
        lead = claimed(api)
        calls = at_once(
            lambda lead=lead: api.post(f"/leads/{lead}/move", {"etapa": "contatado"}),
            lambda: api.post("/queue/skip", {"motivo": "depois"}),
        )
        won.add(tuple(reply.status for reply in calls))
    assert won <= {(200, 409), (409, 200)}, won


def test_a_lease_that_lapses_in_the_middle_of_a_result_goes_to_nobody(
    team: Team, sql: Engine
) -> None:
    """The result has looked at the lease when it waits to write; it is over then."""
    lead = create(team.gestor.api)["id"]
    lease(sql, team.vendedor, lead)
    with ThreadPoolExecutor(1) as pool:
        connected = sql.execution_options(isolation_level="READ COMMITTED")
        with connected.begin() as other:
            other.execute(text("lock table atividades in share mode"))
            run(sql, f"{SOON} where lead_id = :id", id=lead)
            result = pool.submit(post, team.vendedor.api, lead, resultado="nao_atendeu")
            wait_until(lambda: rows(sql, WAITING)[0][0] > 0)
            over = "select reservado_ate < clock_timestamp() from fila where lead_id = :id"
            wait_until(lambda: rows(sql, over, id=lead) == [(True,)])
            assert claim(team.colleague.api)["situacao"] != "lead"
        assert result.result().status == 201
    found = place(sql, lead)
    assert (found["reservado_por"], found["dono"]) == (None, team.vendedor.id)


SOON = "update fila set reservado_ate = clock_timestamp() + interval '1 second'"


def test_a_result_of_who_held_it_before_leaves_the_lease_of_who_holds_it(
    team: Team, sql: Engine
) -> None:
    create(team.gestor.api)
    lead = claimed(team.vendedor.api)
    run(sql, "update fila set reservado_ate = now() where lead_id = :id", id=lead)
    assert claimed(team.colleague.api) == lead
    late = post(team.vendedor.api, lead, resultado="atendeu")
    assert (late.status, late.data["codigo"]) == (409, "SEM_RESERVA")
    assert place(sql, lead)["reservado_por"] == team.colleague.id
    assert post(team.vendedor.api, lead, "nota", texto="Oi").status == 404
