"""Rules come into force while many write: no score is left behind, of an old version or stale."""

from concurrent.futures import Future, ThreadPoolExecutor
from threading import Event

from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Api, Team
from tests.support.jobs import work
from tests.support.leads import all_leads, create, imported
from tests.support.publishing import check_current, publish, rule, versions

WRITERS, FEWEST = 16, 4
ORIGINS = ("evento", "feira", "site")


def written(api: Api, ids: list[int], number: int, over: Event) -> int:
    """Leads created, changed, moved and told of, one after another; how many writes there were."""
    count = 0
    while not over.is_set() or count < FEWEST:
        lead = f"/leads/{ids[(number * 7 + count) % len(ids)]}"
        assert write(api, lead, count) in (200, 201)
        count += 1
    return count


def write(api: Api, lead: str, count: int) -> int:
    origem = ORIGINS[count % 3]
    if count % 4 == 0:
        return api.post("/leads", {"nome": "Novo", "origem": origem}).status
    if count % 4 == 1:
        return api.patch(lead, {"origem": origem}).status
    if count % 4 == 2:
        return api.post(f"{lead}/move", {"etapa": "contatado"}).status
    tried = {"tipo": "ligacao", "resultado": "nao_atendeu"}
    return api.post(f"{lead}/activities", tried).status


def test_writers_beside_publications_leave_nothing_behind(
    app: Flask, team: Team, other_team: Team, sql: Engine
) -> None:
    imported(team.gestor.api, "nome\n" + "".join(f"L{n}\n" for n in range(60)))
    foreign = create(other_team.gestor.api, origem="evento")
    ids, over = [lead["id"] for lead in all_leads(team.gestor.api)], Event()
    with ThreadPoolExecutor(WRITERS + 1) as pool:
        apis = [Api(app, team.gestor.api.token) for _ in range(WRITERS)]
        writers: list[Future[int]] = [
            pool.submit(written, each, ids, n, over) for n, each in enumerate(apis)
        ]
        try:
            for points in (10, 20, 30):
                rules = [rule("origem", "igual", "evento", points)]
                rules.append(rule("tentativas", "minimo", 1, -5))
                last, _ = publish(team.gestor.api, *rules)
                pool.submit(work, app).result()
        finally:
            over.set()
        assert sum(each.result() for each in writers) >= WRITERS * FEWEST
    work(app)
    assert versions(sql, team.equipe_id) == {last}
    check_current(app, sql, team)
    assert versions(sql, other_team.equipe_id) == {0}
    assert other_team.gestor.api.get(f"/leads/{foreign['id']}").data["score"] == 30
