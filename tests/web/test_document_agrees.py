"""Where the document and the validators said different things, as runs from outside have found."""

import json
import re
from typing import Any
from urllib.parse import quote

import pytest
from flask import Flask

from tests.support.api import Team, openapi
from tests.support.leads import create

# The server's own limit of a request's address.
_MAX_URL = 65_534


def schema_of(app: Flask, model: str, field: str) -> dict[str, Any]:
    found = openapi(app)["components"]["schemas"][model]["properties"][field]
    return next((branch for branch in found.get("anyOf", []) if "type" in branch), found)


def test_links_name_operations_and_their_parameters(app: Flask) -> None:
    paths = openapi(app)["paths"]
    operations = {op["operationId"]: op for methods in paths.values() for op in methods.values()}
    linked = {
        (name, next(iter(link["parameters"])))
        for operation in operations.values()
        for reply in operation["responses"].values()
        for name, link in reply.get("links", {}).items()
    }
    assert {name for name, _ in linked} >= {"get_lead", "revoke_key", "get_user"}
    for name, parameter in linked:
        named = [found.get("name") for found in operations[name]["parameters"]]
        assert parameter in named, name


def test_a_whole_number_is_an_integer_however_it_is_written(team: Team) -> None:
    body = {"nome": "integração", "role": "vendedor", "validade_dias": 30.0}
    assert team.gestor.api.post("/auth/keys", body).status == 201
    lead = create(team.gestor.api, responsavel_id=float(team.vendedor.id))
    assert lead["responsavel_id"] == team.vendedor.id


@pytest.mark.parametrize("days", [30.5, "30", True, 0.0, 3651.0, 1e300])
def test_a_number_that_is_not_whole_or_within_bounds_is_refused(team: Team, days: object) -> None:
    body = {"nome": "integração", "role": "vendedor", "validade_dias": days}
    reply = team.gestor.api.post("/auth/keys", body)
    assert (reply.status, list(reply.campos)) == (422, ["validade_dias"])


def test_bounds_of_numbers_are_published(app: Flask) -> None:
    days = schema_of(app, "KeyInput", "validade_dias")
    assert (days["minimum"], days["maximum"]) == (1, 3_650)
    owner = schema_of(app, "LeadInput", "responsavel_id")
    assert (owner["minimum"], owner["maximum"]) == (1, 2**63 - 1)


def test_the_published_pattern_of_texts_is_the_rule(app: Flask, team: Team) -> None:
    pattern = schema_of(app, "KeyInput", "nome")["pattern"]
    texts = [f"a{chr(code)}b" for code in range(0x21)] + [" ", "\t\n", " a ", "ação", "👵"]
    for text in texts:
        reply = team.gestor.api.post("/auth/keys", {"nome": text, "role": "vendedor"})
        taken = re.fullmatch(pattern, text) is not None
        assert reply.status == (201 if taken else 422), repr(text)


def test_the_longest_mapping_still_fits_into_an_address(app: Flask, team: Team) -> None:
    described = openapi(app)["paths"]["/leads/import"]["post"]["parameters"]
    schema = next(found["schema"] for found in described if found["name"] == "mapeamento")
    longest = schema["maxLength"]
    mapping = json.dumps({"valores": {"nome": {"😀" * (longest - 40): "A"}}}, ensure_ascii=False)
    assert len(mapping) <= longest
    assert len(quote(mapping)) < _MAX_URL - 1_000
    query = {"mapeamento": mapping, "dry_run": "1"}
    how = {"query_string": query, "data": b"nome\nA\n", "content_type": "text/csv"}
    assert team.gestor.api.post("/leads/import", **how).status == 200
    how["query_string"] = {"mapeamento": "x" * (longest + 1)}
    reply = team.gestor.api.post("/leads/import", **how)
    assert (reply.status, reply.campos) == (422, {"mapeamento": "LONGO_DEMAIS"})
