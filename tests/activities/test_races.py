"""Many at one lead at once: nothing is lost, and the lead says what became of it."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import Engine

from tests.support.activities import act, kept, of_lead, place, post, promises
from tests.support.api import Team
from tests.support.leads import create, rows

THREADS = 16


def test_sixteen_calls_at_once_lose_nothing(team: Team, sql: Engine) -> None:
    lead = create(team.vendedor.api)
    days = [f"2031-05-{day:02d}T12:00:00Z" for day in range(1, THREADS + 1)]

    def call(n: int) -> int:
        said: list[dict[str, Any]] = [
            {"tipo": "tarefa", "prevista_para": days[n]},
            {"resultado": "nao_atendeu", "texto": f"chamada {n}"},
            {"etapa": "contatado" if n % 2 else "qualificado"},
            {"tipo": "nota", "texto": f"nota {n}"},
        ]
        return post(team.vendedor.api, lead, **{"tipo": "ligacao", **said[n % 4]}).status

    with ThreadPoolExecutor(THREADS) as pool:
        assert list(pool.map(call, range(THREADS))) == [201] * THREADS
    assert len(of_lead(team.vendedor.api, lead["id"])) == THREADS
    found = team.vendedor.api.get(f"/leads/{lead['id']}").data
    assert found["proximo_contato_em"] == days[0]
    assert len(promises(sql, lead["id"])) == THREADS // 4
    assert place(sql, lead["id"])["tentativas"] == THREADS // 4
    told = "select count(*) from eventos where lead_id = :id and tipo = 'atividade_criada'"
    assert rows(sql, told, id=lead["id"]) == [(THREADS,)]
    kept(sql, team.equipe_id)


def test_a_promise_is_kept_moved_and_deleted_at_once(team: Team, sql: Engine) -> None:
    """Whoever comes later finds it as the one before left it."""
    for _ in range(4):
        lead = create(team.gestor.api, responsavel_id=team.vendedor.id)
        task = act(team.gestor.api, lead, "tarefa", prevista_para="2031-05-02T12:00:00Z")
        path, of = f"/activities/{task['atividade']['id']}", f"/leads/{lead['id']}"
        calls = [
            lambda p=path: team.gestor.api.patch(p, {"resultado": "atendeu"}),
            lambda p=path: team.gestor.api.patch(p, {"prevista_para": "2031-06-02T12:00:00Z"}),
            lambda p=path: team.gestor.api.delete(p),
            lambda p=of: team.vendedor.api.patch(p, {"proximo_contato_em": "2031-07-02T12:00:00Z"}),
            lambda p=of: team.gestor.api.patch(p, {"responsavel_id": team.colleague.id}),
            lambda p=of: team.gestor.api.post(f"{p}/move", {"etapa": "contatado"}),
        ]
        with ThreadPoolExecutor(len(calls)) as pool:
            statuses = list(pool.map(lambda call: call().status, calls))
        assert set(statuses) <= {200, 404}, statuses
        kept(sql, team.equipe_id)


def test_while_a_stage_is_archived(team: Team) -> None:
    """A move waits for it, or it for the move; neither waits for the other for ever."""
    api = team.gestor.api
    lead, funnel = create(team.vendedor.api), api.get("/stages").data["itens"]
    names = ("chave", "nome", "tipo", "prazo_dias")
    stages = [{name: each[name] for name in names} for each in funnel]
    fewer = [each for each in stages if each["chave"] != "proposta"]

    def refit(itens: Any) -> int:
        return api.call("PUT", "/stages", json={"itens": itens}).status

    def move(_: int) -> int:
        done = post(team.vendedor.api, lead, etapa="proposta").status
        return done if done == 422 else post(team.vendedor.api, lead, etapa="novo").status

    with ThreadPoolExecutor(4) as pool:
        for _ in range(3):
            moves = [pool.submit(move, n) for n in range(3)]
            refits = [pool.submit(refit, each) for each in (fewer, stages)]
            assert {each.result() for each in moves} <= {201, 422}
            assert {each.result() for each in refits} <= {200, 409}
