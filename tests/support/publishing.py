"""Rules for the tests: published as a gestor publishes them, and scores held against them."""

from typing import Any

from flask import Flask
from sqlalchemy import Engine

from tests.support.api import Api, Team
from tests.support.jobs import ask, seen, work
from tests.support.leads import rows

BANDS = {"quente": 70, "morno": 40}
_SCORES = (
    "select lead_id, to_jsonb(p) - 'calculado_em' from lead_pontuacao p where equipe_id = :e "
    "order by lead_id"
)


def rule(campo: str, operador: str, valor: Any = None, pontos: int = 10, **more: Any) -> Any:
    """A rule as it is sent."""
    named = {"campo": campo, "operador": operador, "valor": valor, "pontos": pontos}
    return named | {"motivo": f"{campo} {operador}"} | more


EVENT = rule("origem", "igual", "Evento", 50)


def draft(api: Api, *rules: Any, **definition: Any) -> int:
    """A new draft with these rules; its number."""
    body = {"base": 20, "grupos": [], "faixas": BANDS, **definition, "regras": list(rules)}
    made = api.post("/scores/rules/drafts", body)
    assert made.status == 201, made.body
    return int(made.data["n"])


def publish(api: Api, *rules: Any, **definition: Any) -> tuple[int, int]:
    """Put these rules in force; their version, and the job that scores by them."""
    n = draft(api, *rules, **definition)
    asked = api.post(f"/scores/rules/drafts/{n}/publish")
    assert asked.status == 202, asked.body
    return n, int(asked.data["id"])


def scores(sql: Engine, equipe_id: int) -> list[Any]:
    return rows(sql, _SCORES, e=equipe_id)


def versions(sql: Engine, equipe_id: int) -> set[int]:
    """Those that an equipe's scores name."""
    found = "select distinct versao from lead_pontuacao where equipe_id = :e"
    return {versao for (versao,) in rows(sql, found, e=equipe_id)}


def check_current(app: Flask, sql: Engine, team: Team) -> None:
    """Fail if any score is another than what the rules in force make of its lead now."""
    before = scores(sql, team.equipe_id)
    job = ask(team.gestor.api)
    work(app)
    assert seen(team.gestor.api, job)["estado"] == "concluida"
    assert scores(sql, team.equipe_id) == before
