"""POST /leads/bulk with filters that match more than one transaction takes: a job does it."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.jobService import MAX_QUEUED
from tests.support.actors import new_key
from tests.support.api import Api, Reply, Team
from tests.support.derived import check
from tests.support.jobs import ask, work
from tests.support.leads import rows, upload

MANY = 2_003
FULL = [f"etiqueta {n}" for n in range(20)]
_EVENTS = (
    "select tipo, count(*), count(distinct lead_id), count(distinct trabalho_id) from eventos "
    "where equipe_id = :e and tipo <> 'lead_criado' and lead_id is not null group by tipo"
)
_VERSIONS = "select versao, count(*) from leads where equipe_id = :e group by versao order by 1"


@pytest.fixture
def many(team: Team) -> Team:
    lines = "".join(f"Lead {n},SP,2026-03-0{n % 9 + 1}\n" for n in range(MANY))
    assert upload(team.gestor.api, f"nome,uf,criado_em\n{lines}").data["criados"] == MANY
    return team


def bulk(api: Api, acao: str, **body: object) -> Reply:
    return api.post("/leads/bulk", {"acao": acao, "filtros": {"uf": ["SP"]}, **body})


def ended(app: Flask, team: Team, asked: Reply) -> dict[str, object]:
    """The job of a reply, after it was done."""
    assert asked.status == 202, asked.body
    assert (asked.data["estado"], asked.data["tipo"]) == ("na_fila", "lote")
    assert asked.headers["Location"] == f"/jobs/{asked.data['id']}"
    work(app)
    return team.gestor.api.get(asked.headers["Location"]).data


def test_a_job_changes_every_lead_once(app: Flask, many: Team, sql: Engine) -> None:
    job = ended(app, many, bulk(many.gestor.api, "move", etapa="contatado"))
    assert job["estado"] == "concluida"
    assert job["resultado"] == {"alterados": MANY, "iguais": 0, "falharam": 0, "falhas": []}
    assert job["progresso"] == {"feitos": MANY, "total": MANY}
    assert rows(sql, _VERSIONS, e=many.equipe_id) == [(2, MANY)]
    assert rows(sql, _EVENTS, e=many.equipe_id) == [("lead_movido", MANY, MANY, 1)]
    check(sql, many.equipe_id)


def test_what_is_asked_is_kept_with_its_types(app: Flask, many: Team) -> None:
    """Days, instants and money, in filters and in what changes."""
    filtros = {"uf": ["sp"], "criado_de": "2026-03-01", "criado_ate": "2026-03-08T12:00:00Z"}
    campos = {"valor": "1234.50", "previsto_para": "2026-12-01", "atributos": {"$dia": "x"}}
    asked = bulk(many.gestor.api, "set", filtros=filtros, campos=campos)
    job = ended(app, many, asked)
    assert job["resultado"]["alterados"] == job["progresso"]["total"] < MANY
    (lead,) = many.gestor.api.get("/leads?limite=1&ordenar=criado_em").data["itens"]
    shown = {name: lead[name] for name in campos}
    assert shown == campos


def test_a_dry_run_counts_and_writes_nothing(app: Flask, many: Team, sql: Engine) -> None:
    job = ended(app, many, bulk(many.gestor.api, "delete", dry_run=True))
    assert job["resultado"]["alterados"] == MANY
    assert rows(sql, _VERSIONS, e=many.equipe_id) == [(1, MANY)]
    assert rows(sql, _EVENTS, e=many.equipe_id) == []


def test_leads_that_cannot_change_are_counted_and_the_others_change(app: Flask, many: Team) -> None:
    api = many.gestor.api
    first = [lead["id"] for lead in api.get("/leads?limite=3").data["itens"]]
    assert api.post("/leads/bulk", {"acao": "tag", "ids": first, "etiquetas": FULL}).status == 200
    job = ended(app, many, bulk(api, "tag", etiquetas=["nova"]))
    failed = [{"id": lead_id, "codigo": "LONGO_DEMAIS"} for lead_id in sorted(first)]
    assert job["resultado"] == {
        "alterados": MANY - 3,
        "iguais": 0,
        "falharam": 3,
        "falhas": failed,
    }


def test_what_no_lead_could_take_is_refused_at_once(app: Flask, many: Team) -> None:
    api = many.gestor.api
    assert bulk(api, "move", etapa="nenhuma").campos == {"etapa": "ETAPA_INEXISTENTE"}
    assert bulk(api, "assign", responsavel_id=2**40).campos == {
        "responsavel_id": "USUARIO_INEXISTENTE"
    }
    assert bulk(many.vendedor.api, "delete").status == 403
    assert api.get("/jobs").data["itens"] == []


def test_a_gestors_key_may_and_its_end_ends_the_job(app: Flask, many: Team, sql: Engine) -> None:
    key = new_key(many)
    asked = bulk(Api(app, key["chave"]), "delete")
    assert many.gestor.api.delete(f"/auth/keys/{key['id']}").status == 200
    job = ended(app, many, asked)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "PROIBIDO")
    assert rows(sql, _VERSIONS, e=many.equipe_id) == [(1, MANY)]


def test_a_person_who_leaves_before_it_begins_ends_the_job(app: Flask, many: Team) -> None:
    vendedor = many.vendedor.id
    asked = bulk(many.gestor.api, "assign", responsavel_id=vendedor)
    assert many.gestor.api.patch(f"/users/{vendedor}", {"ativo": False}).status == 200
    job = ended(app, many, asked)
    assert (job["estado"], job["erro"]["codigo"]) == ("falhou", "VALIDACAO")
    assert "responsavel_id" in job["erro"]["mensagem"]


def test_a_full_queue_takes_no_further_job(many: Team, sql: Engine) -> None:
    for _ in range(MAX_QUEUED):
        ask(many.gestor.api)
    reply = bulk(many.gestor.api, "delete")
    assert (reply.status, reply.codigo) == (409, "FILA_CHEIA")
    assert int(reply.headers["Retry-After"]) > 0
    assert rows(sql, _VERSIONS, e=many.equipe_id) == [(1, MANY)]


def test_a_retry_asks_for_no_second_job(many: Team) -> None:
    how = {"headers": {"Idempotency-Key": "lote-1"}}
    body = {"acao": "delete", "filtros": {"uf": ["SP"]}}
    first, again = (many.gestor.api.post("/leads/bulk", body, **how) for _ in range(2))
    assert (first.status, again.status) == (202, 202)
    assert first.data["id"] == again.data["id"]
    assert len(many.gestor.api.get("/jobs").data["itens"]) == 1
