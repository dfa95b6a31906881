"""What generators and people need of the document, asked of every part of it."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from app import contracts
from controllers.schemas.leads.integrationSchema import BLANK_TEXT
from tests.support.api import openapi, strict

# JSON Schema's own words, as far as the document uses them, and the one that Redocly reads.
_WORDS = set(
    """$ref additionalProperties anyOf const contentMediaType default description enum examples
    format items maxItems maxLength maxProperties maximum minItems minLength minimum pattern
    properties required type x-enumDescriptions""".split()
)
_PLAIN = re.compile(r"[A-Za-z]+")
_METHOD_NAME = re.compile(r"[a-z]+(_[a-z]+)*")

Named = tuple[str, dict[str, Any]]


@pytest.fixture(scope="module")
def document(app: Flask) -> dict[str, Any]:
    return openapi(app)


def operations(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{method.upper()} {path}": operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def parameters(document: dict[str, Any]) -> Iterator[Named]:
    """Those of operations, in place, and those that they share."""
    for name, operation in operations(document).items():
        for parameter in operation["parameters"]:
            if "$ref" not in parameter:
                yield f"{name} {parameter['name']}", parameter
    yield from document["components"]["parameters"].items()


def schemas(document: dict[str, Any]) -> Iterator[Named]:
    """Every schema with its place: components, their properties and branches, parameters."""
    for name, schema in document["components"]["schemas"].items():
        yield from walk(name, schema)
    for name, parameter in parameters(document):
        yield from walk(name, parameter["schema"])


def walk(name: str, schema: dict[str, Any]) -> Iterator[Named]:
    yield name, schema
    for field, inner in schema.get("properties", {}).items():
        yield from walk(f"{name}.{field}", inner)
    for inner in schema.get("anyOf", []):
        yield from walk(name, inner)
    if "items" in schema:
        yield from walk(f"{name}[]", schema["items"])


def fields(document: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        f"{name}.{field}": schema
        for name, model in document["components"]["schemas"].items()
        for field, schema in model.get("properties", {}).items()
    }


def ending(found: dict[str, dict[str, Any]], pattern: str) -> dict[str, dict[str, Any]]:
    kept = {name: schema for name, schema in found.items() if re.search(pattern, name)}
    assert kept
    return kept


def branches(schema: dict[str, Any]) -> list[dict[str, Any]]:
    """What a field may be, but for null."""
    return [s for s in schema.get("anyOf", [schema]) if s.get("type") != "null"]


def test_everything_is_described(document: dict[str, Any]) -> None:
    described = {f"schema {name}": s for name, s in document["components"]["schemas"].items()}
    described |= {f"field {name}": schema for name, schema in fields(document).items()}
    described |= {f"parameter {name}": parameter for name, parameter in parameters(document)}
    described |= operations(document)
    described |= {f"tag {tag['name']}": tag for tag in document["tags"]}
    described |= {f"header {n}": h for n, h in document["components"]["headers"].items()}
    described |= document["components"]["securitySchemes"]
    assert len(described) > 200
    assert [name for name, part in described.items() if not part.get("description")] == []
    assert [name for name, op in operations(document).items() if not op["summary"]] == []


def test_schemas_speak_json_schema_only(document: dict[str, Any]) -> None:
    odd = {name: set(schema) - _WORDS for name, schema in schemas(document)}
    assert {name: words for name, words in odd.items() if words} == {}


def test_no_field_has_a_default_which_would_make_it_look_required(document: dict[str, Any]) -> None:
    parts = [walk(name, schema) for name, schema in document["components"]["schemas"].items()]
    assert [name for part in parts for name, schema in part if "default" in schema] == []


def test_a_parameter_is_left_out_rather_than_empty(document: dict[str, Any]) -> None:
    for name, parameter in parameters(document):
        schema = parameter["schema"]
        assert schema.get("default", "set") not in (None, [], {}), name
        assert branches(schema) == schema.get("anyOf", [schema]), name


def test_names_are_plain(document: dict[str, Any]) -> None:
    for name in document["components"]["schemas"]:
        assert _PLAIN.fullmatch(name), name
    for name, operation in operations(document).items():
        assert _METHOD_NAME.fullmatch(operation["operationId"]), name
    for tag in document["tags"]:
        assert _PLAIN.fullmatch(tag["name"]) and tag["x-displayName"], tag
    used = {tag for operation in operations(document).values() for tag in operation["tags"]}
    assert used == {tag["name"] for tag in document["tags"]}


def without_blank(schema: dict[str, Any]) -> dict[str, Any]:
    """A field that may be blank, without that."""
    kept = [branch for branch in schema.get("anyOf", ()) if branch != BLANK_TEXT]
    return schema | ({"anyOf": kept} if kept else {})


def test_times_days_money_and_ids_say_what_they_are(document: dict[str, Any]) -> None:
    found = {name: without_blank(schema) for name, schema in fields(document).items()}
    for name, schema in ending(found, r"_em$|\.renovada_em$").items():
        assert [branch["format"] for branch in branches(schema)] == ["date-time"], name
    for name, schema in ending(found, r"Day\.dia$").items():
        assert schema["format"] == "date", name
    for name, schema in ending(
        found,
        r"(?<!ContactInput)(?<!ContactOutput)(?<!RuleInput)(?<!RuleOutput)(?<!Figure)(?<!ContradictionOutput)\.valor(?!es)|renda_mensal$",
    ).items():
        (text,) = (branch for branch in branches(schema) if branch["type"] == "string")
        assert text.get("pattern"), name
    for name, schema in ending(found, r"(\.|[^t]_)id$").items():  # request_id is a text
        assert "int64" in {branch.get("format") for branch in branches(schema)}, name


def test_every_schema_takes_its_own_examples(document: dict[str, Any]) -> None:
    shown = [(n, s, value) for n, s in schemas(document) for value in s.get("examples", [])]
    assert len(shown) > 150
    for name, schema, value in shown:
        assert valid(document, schema, value), (name, value)


@pytest.mark.parametrize("contract", contracts(), ids=lambda contract: contract.endpoint)
def test_every_operation_shows_what_it_takes_and_answers(
    document: dict[str, Any], contract: Any
) -> None:
    operation = document["paths"][contract.path][contract.method.lower()]
    bodies = operation.get("requestBody", {}).get("content", {})
    for kind, media in bodies.items():
        assert kind == "multipart/form-data" or valid(document, media["schema"], media["example"])
    for status, reply in operation["responses"].items():
        media = reply.get("content", {}).get("application/json", {})
        shown = [example["value"] for example in media.get("examples", {}).values()]
        shown += [media["example"]] if "example" in media else []
        # A file that is sent as it is has no example in JSON.
        assert shown or status == "304" or (contract.records and status == "200"), status
        for value in shown:
            assert valid(document, media["schema"], value), (status, value)
        for code, example in media.get("examples", {}).items():
            assert example["value"]["data"]["codigo"] == code


def valid(document: dict[str, Any], schema: dict[str, Any], value: Any) -> bool:
    whole = {**schema, "components": document["components"]}
    return strict(whole).is_valid(value)
