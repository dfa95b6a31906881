"""What each route lets whom do, and how each would be attacked.

Said again here, apart from the product's own table: whatever changes in one alone fails.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app import contracts
from tests.support.api import Api, Reply

_CONVERTER = re.compile(r"<(?:[^<>:]+:)?([a-z_]+)>")

ROUTES = {
    "GET /": "public",
    "GET /docs": "public",
    "GET /docs/permissoes": "public",
    "GET /docs/{name}": "public",
    "GET /openapi.json": "public",
    "GET /healthz": "public",
    "GET /readyz": "public",
    "POST /auth/register": "optional",
    "POST /auth/login": "public",
    "POST /auth/refresh": "public",
    "POST /auth/activate": "public",
    "POST /auth/logout": "any",
    "GET /auth/sessions": "any",
    "DELETE /auth/sessions/{sessao_id}": "any",
    "GET /auth/keys": "gestor",
    "POST /auth/keys": "gestor",
    "DELETE /auth/keys/{chave_id}": "gestor",
    "GET /auth/me": "any",
    "PATCH /auth/me": "any",
    "GET /users": "gestor",
    "GET /users/{usuario_id}": "gestor",
    "PATCH /users/{usuario_id}": "any",
    "POST /users/{usuario_id}/reset": "gestor",
    "GET /equipe": "any",
    "PATCH /equipe": "gestor",
    "GET /leads": "any",
    "POST /leads": "any",
    "POST /leads/search": "any",
    "GET /leads/{lead_id}": "any",
    "PATCH /leads/{lead_id}": "any",
    "DELETE /leads/{lead_id}": "gestor",
    "GET /leads/{lead_id}/score": "any",
    "POST /leads/import": "gestor",
    "GET /metrics": "any",
}
# Open to a vendedor only as the founder of an equipe without a gestor: see test_users.py.
FOUNDERS = {"PATCH /users/{usuario_id}"}
# Where an API key may stand for a person. Accounts, sessions and keys are for people.
MACHINES = {
    "GET /auth/me",
    "GET /users",
    "GET /users/{usuario_id}",
    "GET /equipe",
    "PATCH /equipe",
    "GET /leads",
    "POST /leads",
    "POST /leads/search",
    "GET /leads/{lead_id}",
    "PATCH /leads/{lead_id}",
    "DELETE /leads/{lead_id}",
    "GET /leads/{lead_id}/score",
    "POST /leads/import",
    "GET /metrics",
}
# A body that would do harm if it were let through, for routes that take an id and a body.
HARM = {
    "PATCH /users/{usuario_id}": {"ativo": False},
    "PATCH /leads/{lead_id}": {"nome": "Tomado"},
}
MISSING = 2**62
# The same id on every reply, so that replies can be compared byte by byte.
SAME_ID = {"X-Request-ID": "comparado"}
CSV = {"content_type": "text/csv", "headers": SAME_ID}


def plain(rule: str) -> str:
    """Flask's rule as the table writes it: /leads/{lead_id}."""
    return _CONVERTER.sub(r"{\1}", rule)


def declared() -> dict[str, Any]:
    """The contract of every operation of the API."""
    return {f"{c.method} {plain(c.rule)}": c for c in contracts()}


def success(route: str) -> int:
    contract = declared().get(route)
    return contract.status if contract else 200


def lets_in(route: str, role: str, *, machine: bool) -> bool:
    """Whether somebody with a good token may call the route on a row that he may see."""
    if ROUTES[route] == "public":
        return True
    if machine and route not in MACHINES:
        return False
    return role == "gestor" or (ROUTES[route] == "any" and route not in FOUNDERS)


@dataclass
class Attack:
    """One way to name somebody else's row: the same call with a foreign and a missing name."""

    call: Callable[[Api, Any, int], Reply]
    name: str = "usuario_id"


def listed(path: str, **how: Any) -> Callable[[Api, Any, int], Reply]:
    return lambda api, value, _: api.get(path.format(value), headers=SAME_ID, **how)


def sent(path: str, field: str, method: str = "POST", **more: Any) -> Any:
    def call(api: Api, value: Any, own: int) -> Reply:
        body = {field: value, **more}
        return api.call(method, path.format(own=own), json=body, headers=SAME_ID)

    return call


# Every reference to a row that a query string or a body may carry.
REFERENCES = {
    "GET /leads responsavel_id": Attack(listed("/leads?responsavel_id={}&total=1")),
    "GET /leads cursor": Attack(listed("/leads?limite=1&cursor={}"), "cursor"),
    "POST /leads/search responsavel_id": Attack(sent("/leads/search", "responsavel_id")),
    "POST /leads/search cursor": Attack(sent("/leads/search", "cursor", limite=1), "cursor"),
    "POST /leads responsavel_id": Attack(sent("/leads", "responsavel_id", nome="Lead")),
    "PATCH /leads/{lead_id} responsavel_id": Attack(
        sent("/leads/{own}", "responsavel_id", "PATCH")
    ),
}
# A file's columns are no schema: tried beside the generated ones.
FILES = {
    "POST /leads/import": Attack(
        lambda api, value, _: api.post(
            "/leads/import?dry_run=1", data=f"nome,responsavel_id\nLead,{value}\n".encode(), **CSV
        )
    )
}
