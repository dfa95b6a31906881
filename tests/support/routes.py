"""The one table of routes: who may call each, a call that succeeds, and how it is attacked.

It repeats the product's own table of permissions: a change in one of the two alone fails. A new
route needs one entry, and the suites in tests/security try it on every caller and every stranger.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from app import contracts
from tests.support.actors import (
    Actor,
    activation_code,
    activity,
    import_id,
    lead_id,
    new_key,
    new_member,
    refresh_token,
    review,
    session_id,
)
from tests.support.api import PASSWORD, Api, Reply, new_email
from tests.support.attacks import (
    Attack,
    filed,
    given,
    goal,
    listed,
    named,
    of_own_import,
    posted,
    sent,
)
from tests.support.jobs import ask

_CONVERTER = re.compile(r"<(?:[^<>:]+:)?([a-z_]+)>")
_PARAMETER = re.compile(r"\{[a-z_]+\}")


@dataclass(frozen=True)
class Route:
    # public: no token is looked at; optional: anyone, with a token only a gestor; any: both roles.
    access: str
    # What is sent so that the call succeeds for a permitted caller; `at` is the path's id.
    call: Callable[[Actor], dict[str, Any]] = lambda _: {}
    # Whether an API key may stand for a person. Accounts, sessions and keys are for people.
    machines: bool = False
    # A body that would do harm if it were let through, of a route that takes an id and a body.
    harm: Mapping[str, Any] | None = None
    # Field → attack, for every reference to a row that a query string or a body may carry.
    references: Mapping[str, Attack] = field(default_factory=dict)
    # The same for what no schema has by itself: the columns of a file, what an item of a list has.
    columns: Mapping[str, Attack] = field(default_factory=dict)
    # Open to a vendedor only as the founder of an equipe without a gestor: see test_users.py.
    founders: bool = False


def body(**fields: Any) -> Callable[[Actor], dict[str, Any]]:
    return lambda _: {"json": fields}


def deleted_lead(who: Actor) -> dict[str, Any]:
    lead = lead_id(who)
    assert who.team.gestor.api.delete(f"/leads/{lead}").status == 200
    return {"at": lead}


def leased_lead(who: Actor) -> dict[str, Any]:
    """A lead that the caller holds; a key holds none."""
    if who.machine:
        return {"at": lead_id(who)}
    lead_id(who)
    return {"at": who.api.post("/queue/next", {}).data["lead"]["id"]}


def skipping(who: Actor) -> dict[str, Any]:
    leased_lead(who)
    return {"json": {"motivo": "Pediu para ligar mais tarde"}}


def figures(path: str) -> Route:
    references = {"responsavel_id": listed(path + "?responsavel_id={}")}
    return Route("any", machines=True, references=references)


UNTIL = (datetime.now(UTC) + timedelta(days=30)).isoformat()
OVERRIDE = {"score": 80, "motivo": "Tem limite aprovado.", "ate": UNTIL}


def reviewed(who: Actor) -> dict[str, Any]:
    """A review that the caller's person asked for."""
    return {"at": review(who)["id"], "json": {"estado": "mantida", "resposta": "Está certo."}}


def overridden(who: Actor) -> dict[str, Any]:
    """A lead with an override."""
    lead = lead_id(who)
    api = who.team.gestor.api
    assert api.call("PUT", f"/leads/{lead}/score/override", json=OVERRIDE).status == 200
    return {"at": lead}


def draft(who: Actor) -> int:
    """A draft of rules that says what is in force; of an equipe that many tests share the newest
    one, if it may have no more."""
    api = who.team.gestor.api
    made = api.post("/scores/rules/drafts", {})
    if made.codigo == "RASCUNHOS_DEMAIS":
        return int(api.get("/scores/rules").data["rascunhos"][0]["n"])
    assert made.status == 201, made.body
    return int(made.data["n"])


def rolling_back(who: Actor) -> dict[str, Any]:
    """Another version is in force."""
    assert who.team.gestor.api.post(f"/scores/rules/drafts/{draft(who)}/publish").status == 202
    return {"json": {"versao": 0}}


DEFINITION = {"base": 0, "regras": [], "faixas": {"quente": 80, "morno": 50}}
FUNNEL = [
    {"chave": "novo", "nome": "Entrada", "tipo": "aberta"},
    {"chave": "contatado", "nome": "Contatado", "tipo": "aberta"},
    {"chave": "qualificado", "nome": "Qualificado", "tipo": "aberta"},
    {"nome": "Simulação", "tipo": "aberta", "prazo_dias": 7},
    {"chave": "proposta", "nome": "Proposta", "tipo": "aberta"},
    {"chave": "ganho", "nome": "Ganho", "tipo": "ganha"},
    {"chave": "perdido", "nome": "Perdido", "tipo": "perdida"},
]

ROUTES = {
    "GET /": Route("public"),
    "GET /docs": Route("public"),
    "GET /docs/permissoes": Route("public"),
    "GET /docs/{name}": Route("public", lambda _: {"at": "pages.css"}),
    "GET /openapi.json": Route("public"),
    "GET /painel": Route("public"),
    "GET /painel/{version}/{name}": Route("public", lambda _: {"at": "main.js"}),
    "GET /healthz": Route("public"),
    "GET /readyz": Route("public"),
    "POST /auth/register": Route(
        "optional", lambda _: {"json": new_member() | {"senha": PASSWORD}}
    ),
    "POST /auth/login": Route(
        "public", lambda who: {"json": {"email": who.person.email, "senha": PASSWORD}}
    ),
    "POST /auth/refresh": Route(
        "public", lambda who: {"json": {"refresh_token": refresh_token(who)}}
    ),
    "POST /auth/activate": Route(
        "public", lambda who: {"json": {"codigo": activation_code(who), "senha": PASSWORD}}
    ),
    "POST /auth/logout": Route("any"),
    "GET /auth/sessions": Route("any"),
    "DELETE /auth/sessions/{sessao_id}": Route("any", lambda who: {"at": session_id(who)}),
    "GET /auth/keys": Route("gestor"),
    "POST /auth/keys": Route("gestor", body(nome="chave nova", role="vendedor")),
    "DELETE /auth/keys/{chave_id}": Route("gestor", lambda who: {"at": new_key(who.team)["id"]}),
    "GET /auth/me": Route("any", machines=True),
    "PATCH /auth/me": Route("any", body(nome="Nome Novo")),
    "GET /users": Route("gestor", machines=True),
    "GET /users/{usuario_id}": Route(
        "gestor", lambda who: {"at": who.team.colleague.id}, machines=True
    ),
    "PATCH /users/{usuario_id}": Route(
        "any",
        lambda who: {"at": who.team.colleague.id, "json": {"nome": "Nome Novo"}},
        harm={"ativo": False},
        founders=True,
    ),
    "POST /users/{usuario_id}/reset": Route("gestor", lambda who: {"at": who.team.colleague.id}),
    "GET /equipe": Route("any", machines=True),
    "PATCH /equipe": Route("gestor", body(nome="Equipe Nova"), machines=True),
    "GET /stages": Route("any", machines=True),
    "PUT /stages": Route("gestor", body(itens=FUNNEL), machines=True),
    "GET /leads": Route(
        "any",
        lambda _: {"query_string": {"limite": 100, "total": 1}},
        machines=True,
        references={
            "responsavel_id": listed("/leads?responsavel_id={}&total=1"),
            "cursor": listed("/leads?limite=1&cursor={}", "cursor"),
        },
    ),
    "POST /leads": Route(
        "any",
        body(nome="Lead Novo"),
        machines=True,
        references={"responsavel_id": sent("/leads", "responsavel_id", nome="Lead")},
    ),
    "PUT /leads": Route(
        "any",
        lambda _: {
            "query_string": {"chave": "email"},
            "json": {"nome": "Lead Novo", "email": new_email("upsert")},
        },
        machines=True,
        references={
            "responsavel_id": sent(
                "/leads?chave=email",
                "responsavel_id",
                method="PUT",
                nome="Lead",
                email="alguem@exemplo.com.br",
            )
        },
    ),
    "POST /leads/bulk": Route(
        "gestor",
        lambda who: {"json": {"acao": "tag", "ids": [lead_id(who)], "etiquetas": ["vip"]}},
        machines=True,
        references={
            "ids": named("/leads/bulk", acao="tag", etiquetas=["tomado"]),
            "responsavel_id": sent(
                "/leads/bulk", "responsavel_id", acao="assign", filtros={"uf": ["SP"]}
            ),
        },
    ),
    "POST /leads/search": Route(
        "any",
        body(limite=100, total=True),
        machines=True,
        references={
            "responsavel_id": sent("/leads/search", "responsavel_id"),
            "cursor": sent("/leads/search", "cursor", "cursor", limite=1),
        },
    ),
    "GET /leads/{lead_id}": Route("any", lambda who: {"at": lead_id(who)}, machines=True),
    "PATCH /leads/{lead_id}": Route(
        "any",
        lambda who: {"at": lead_id(who), "json": {"nome": "Nome Novo"}},
        machines=True,
        harm={"nome": "Tomado"},
        references={"responsavel_id": sent("/leads/{own}", "responsavel_id", method="PATCH")},
    ),
    "POST /leads/{lead_id}/move": Route(
        "any",
        lambda who: {"at": lead_id(who), "json": {"etapa": "contatado"}},
        machines=True,
        harm={"etapa": "qualificado"},
    ),
    "DELETE /leads/{lead_id}": Route("gestor", lambda who: {"at": lead_id(who)}, machines=True),
    "POST /leads/{lead_id}/restore": Route("gestor", deleted_lead, machines=True),
    "GET /leads/{lead_id}/score": Route("any", lambda who: {"at": lead_id(who)}, machines=True),
    "POST /leads/{lead_id}/score/review": Route(
        "any",
        lambda who: {"at": lead_id(who), "json": {"motivo": "Já pagou a dívida."}},
        machines=True,
        harm={"motivo": "Tomado"},
    ),
    "PUT /leads/{lead_id}/score/override": Route(
        "gestor", lambda who: {"at": lead_id(who), "json": OVERRIDE}, harm=OVERRIDE
    ),
    "DELETE /leads/{lead_id}/score/override": Route("gestor", overridden),
    "GET /scores/reviews": Route(
        "any",
        lambda _: {"query_string": {"limite": 100}},
        machines=True,
        references={"cursor": listed("/scores/reviews?limite=1&cursor={}", "cursor")},
    ),
    "PATCH /scores/reviews/{revisao_id}": Route(
        "gestor",
        reviewed,
        harm={"estado": "corrigida", "resposta": "Tomado", "ajuste": {"score": 1, "ate": UNTIL}},
    ),
    "GET /scores/rules": Route("any", machines=True),
    "POST /scores/rules/drafts": Route("gestor", body(base=10), machines=True),
    "GET /scores/rules/drafts/{n}": Route("gestor", lambda who: {"at": draft(who)}, machines=True),
    "PUT /scores/rules/drafts/{n}": Route(
        "gestor", lambda who: {"at": draft(who), "json": DEFINITION}, machines=True, harm=DEFINITION
    ),
    "DELETE /scores/rules/drafts/{n}": Route(
        "gestor", lambda who: {"at": draft(who)}, machines=True
    ),
    "POST /scores/rules/drafts/{n}/simulate": Route(
        "gestor", lambda who: {"at": draft(who)}, machines=True
    ),
    "POST /scores/rules/drafts/{n}/publish": Route(
        "gestor", lambda who: {"at": draft(who)}, machines=True
    ),
    "GET /scores/model": Route("any", machines=True),
    "POST /scores/model/train": Route("gestor", body(janela=True), machines=True),
    "POST /scores/rules/rollback": Route("gestor", rolling_back, machines=True),
    "GET /leads/{lead_id}/activities": Route(
        "any",
        lambda who: {"at": activity(who)["lead_id"]},
        machines=True,
        references={"cursor": listed("/leads/{own}/activities?limite=1&cursor={}", "cursor")},
    ),
    "POST /leads/{lead_id}/activities": Route(
        "any",
        lambda who: {"at": lead_id(who), "json": {"tipo": "nota", "texto": "Ligou de volta."}},
        machines=True,
        harm={"tipo": "ligacao", "resultado": "nao_contatar"},
    ),
    "PATCH /activities/{atividade_id}": Route(
        "any",
        lambda who: {"at": activity(who)["id"], "json": {"texto": "Ligou duas vezes."}},
        machines=True,
        harm={"resultado": "nao_contatar"},
    ),
    "DELETE /activities/{atividade_id}": Route(
        "any", lambda who: {"at": activity(who)["id"]}, machines=True
    ),
    "GET /tasks": Route(
        "any",
        machines=True,
        references={
            "responsavel_id": listed("/tasks?responsavel_id={}"),
            "cursor": listed("/tasks?limite=1&cursor={}", "cursor"),
        },
    ),
    "GET /leads/{lead_id}/timeline": Route(
        "any",
        lambda who: {"at": lead_id(who)},
        machines=True,
        references={"cursor": listed("/leads/{own}/timeline?cursor={}", "cursor")},
    ),
    "POST /leads/{lead_id}/assign": Route(
        "gestor",
        lambda who: {"at": lead_id(who), "json": {"responsavel_id": who.team.colleague.id}},
        machines=True,
        harm={"responsavel_id": None},
        references={"responsavel_id": sent("/leads/{own}/assign", "responsavel_id")},
    ),
    "GET /events": Route(
        "gestor",
        lambda _: {"query_string": {"limite": 1_000}},
        machines=True,
        references={"depois": listed("/events?depois={}", "cursor")},
    ),
    "POST /leads/import": Route(
        "gestor",
        lambda _: {"data": b"nome\nLead Novo\n", "content_type": "text/csv"},
        machines=True,
        references={
            "previa": posted("/leads/import?previa={}", "previa"),
            "responsaveis": given("/leads/import?responsaveis={}"),
        },
        columns={"responsavel_id": filed("/leads/import?dry_run=1", "nome,responsavel_id", "Lead")},
    ),
    "POST /leads/import/preview": Route(
        "gestor",
        lambda _: {"data": b"Nome completo\nLead Novo\n", "content_type": "text/csv"},
        machines=True,
    ),
    "GET /imports": Route(
        "gestor",
        lambda _: {"query_string": {"limite": 100}},
        machines=True,
        references={"cursor": listed("/imports?limite=1&cursor={}", "cursor")},
    ),
    "GET /imports/{importacao_id}": Route(
        "gestor", lambda who: {"at": import_id(who)}, machines=True
    ),
    "POST /imports/{importacao_id}/cancel": Route(
        "gestor", lambda who: {"at": import_id(who, Prefer="respond-async")}, machines=True
    ),
    "GET /imports/{importacao_id}/errors": Route(
        "gestor",
        lambda who: {"at": import_id(who)},
        machines=True,
        references={"cursor": of_own_import("/imports/{own}/errors?limite=1&cursor={}", "cursor")},
    ),
    "GET /leads/export": Route(
        "gestor",
        machines=True,
        references={"responsavel_id": listed("/leads/export?responsavel_id={}")},
    ),
    "POST /imports/{importacao_id}/undo": Route(
        "gestor", lambda who: {"at": import_id(who)}, machines=True
    ),
    "POST /leads/{lead_id}/release": Route("any", leased_lead),
    "GET /queue": Route(
        "any",
        lambda _: {"query_string": {"limite": 100}},
        machines=True,
        references={"cursor": listed("/queue?limite=1&cursor={}", "cursor")},
    ),
    "POST /queue/next": Route("any", body()),
    "POST /queue/skip": Route("any", skipping),
    "GET /jobs": Route(
        "any",
        lambda _: {"query_string": {"limite": 100}},
        machines=True,
        references={"cursor": listed("/jobs?limite=1&cursor={}", "cursor")},
    ),
    "GET /jobs/{trabalho_id}": Route("any", lambda who: {"at": ask(who.api)}, machines=True),
    "POST /jobs/{trabalho_id}/cancel": Route(
        "any", lambda who: {"at": ask(who.api)}, machines=True
    ),
    "GET /metrics": figures("/metrics"),
    "GET /metrics/funnel": figures("/metrics/funnel"),
    "GET /metrics/cohorts": figures("/metrics/cohorts"),
    "GET /metrics/forecast": figures("/metrics/forecast"),
    "GET /metrics/sellers": figures("/metrics/sellers"),
    "GET /metrics/sources": figures("/metrics/sources"),
    "GET /metrics/series": figures("/metrics/series"),
    "GET /metrics/time-in-stage": figures("/metrics/time-in-stage"),
    "GET /goals/{mes}": Route("any", lambda _: {"at": "2026-08"}, machines=True),
    "PUT /goals/{mes}": Route(
        "gestor",
        lambda _: {"at": "2026-08", "json": {"metas": [{"ganhos": 20}]}},
        machines=True,
        harm={"metas": []},
        columns={"metas.responsavel_id": goal()},
    ),
}


@dataclass(frozen=True)
class Prepared:
    """A call whose rows are there already, so that what it does can be told from its making."""

    method: str
    path: str
    how: dict[str, Any]

    def by(self, api: Api) -> Reply:
        return api.call(self.method, self.path, **self.how)


def prepare(route: str, who: Actor, **headers: str) -> Prepared:
    method, rule = route.split(" ")
    how = ROUTES[route].call(who)
    path = _PARAMETER.sub(str(how.pop("at", None)), rule)
    return Prepared(method, path, {**how, "headers": headers})


def plain(rule: str) -> str:
    """Flask's rule as the table writes it: /leads/{lead_id}."""
    return _CONVERTER.sub(r"{\1}", rule)


def declared() -> dict[str, Any]:
    """The contract of every operation of the API."""
    return {f"{c.method} {plain(c.rule)}": c for c in contracts()}


def success(route: str) -> int:
    contract = declared().get(route)
    return contract.status if contract else 200


def lets_in(name: str, role: str, *, machine: bool) -> bool:
    """Whether a caller with a good token may call the route on a row that they may see."""
    route = ROUTES[name]
    if route.access == "public":
        return True
    if machine and not route.machines:
        return False
    return role == "gestor" or (route.access == "any" and not route.founders)
