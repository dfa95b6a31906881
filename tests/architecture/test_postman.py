"""The Postman collection and its environment speak of the API that exists.

The folder Referência has every operation; Jornada, written by hand, is what newman runs.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from app import contracts
from config import ROOT

_FOLDER = ROOT / "postman"
COLLECTION = json.loads((_FOLDER / "finlead.postman_collection.json").read_text("utf-8"))
ENVIRONMENT = json.loads((_FOLDER / "finlead.postman_environment.json").read_text("utf-8"))
_VARIABLE = re.compile(r"{{([^{}]+)}}")
# What stands for an id in a path: a variable of the environment, or one that Postman asks for.
_PLACE = re.compile(r"{{[^{}]+}}|:[a-z_]+")


def requests(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Every item that is a request, out of its folders."""
    for item in items:
        if "item" in item:
            yield from requests(item["item"])
        else:
            yield item


JOURNEY, REFERENCE = (folder["item"] for folder in COLLECTION["item"])
ITEMS = list(requests(JOURNEY))
_EACH = pytest.mark.parametrize("item", ITEMS, ids=[item["name"] for item in ITEMS])


def called(item: dict[str, Any]) -> tuple[str, str]:
    """Method and path, its variables as {}."""
    path = "/" + "/".join(item["request"]["url"]["path"])
    return item["request"]["method"], _PLACE.sub("{}", path)


def served() -> dict[tuple[str, str], Any]:
    return {(c.method, re.sub(r"{[a-z_]+}", "{}", c.path)): c for c in contracts()}


def script(item: dict[str, Any], listen: str = "test") -> str:
    found = [
        event["script"]["exec"] for event in item.get("event", []) if event["listen"] == listen
    ]
    return "\n".join(line for lines in found for line in lines)


def test_it_is_a_collection_of_version_2_1() -> None:
    assert COLLECTION["info"]["schema"].endswith("/collection/v2.1.0/collection.json")
    assert COLLECTION["info"]["name"]
    assert ENVIRONMENT["_postman_variable_scope"] == "environment"


def test_the_reference_has_every_operation_once() -> None:
    assert sorted(called(item) for item in requests(REFERENCE)) == sorted(served())


def test_the_journey_calls_what_exists_and_most_of_it() -> None:
    calls = {called(item) for item in ITEMS}
    assert calls <= set(served())
    assert len(calls) > 25


def test_names_are_unique() -> None:
    names = [item["name"] for item in ITEMS]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("item", list(requests(REFERENCE)), ids=lambda item: item["name"])
def test_the_reference_shows_what_is_sent_and_answered(item: dict[str, Any]) -> None:
    contract = served()[called(item)]
    replies = item["response"]
    files_alone = {contract.status} if contract.records else set()
    assert {reply["code"] for reply in replies} == {contract.status, *contract.also} - files_alone
    for reply in replies:
        assert set(json.loads(reply["body"])) == {"success", "message", "data"}
    sent = {p["key"]: "disabled" not in p for p in item["request"]["url"].get("query", [])}
    fields = contract.query.model_fields if contract.query else {}
    assert sent == {name: each.is_required() for name, each in fields.items()}
    if contract.body is not None:
        contract.body.model_validate_json(item["request"]["body"]["raw"])


@_EACH
def test_every_call_checks_its_status_and_data(item: dict[str, Any]) -> None:
    statuses = re.findall(r"response\.to\.have\.status\((\d+)\)", script(item))
    assert len(statuses) == 1
    assert script(item).count("pm.expect(reply") >= 1
    contract = served()[called(item)]
    assert (int(statuses[0]) < 400) is (int(statuses[0]) in {contract.status, *contract.also})


def test_every_reply_is_held_to_the_envelope() -> None:
    assert '["success", "message", "data"]' in script(COLLECTION)


@_EACH
def test_the_address_as_shown_is_the_address_as_sent(item: dict[str, Any]) -> None:
    url = item["request"]["url"]
    query = "&".join(f"{pair['key']}={pair['value']}" for pair in url.get("query", []))
    path = "{{base_url}}/" + "/".join(url["path"])
    assert url["raw"] == (f"{path}?{query}" if query else path)
    assert url["host"] == ["{{base_url}}"]


@_EACH
def test_parameters_and_fields_exist(item: dict[str, Any]) -> None:
    contract = served()[called(item)]
    sent = {pair["key"] for pair in item["request"]["url"].get("query", [])}
    assert sent <= set(contract.query.model_fields if contract.query else ())
    if contract.body is not None:
        body = json.loads(item["request"]["body"]["raw"])
        assert set(body) <= set(contract.body.model_fields)


def test_every_variable_is_known_and_every_known_one_used() -> None:
    scripts = "\n".join(script(item) for item in ITEMS)
    used = set(_VARIABLE.findall(json.dumps(COLLECTION))) - {"$timestamp", "$randomInt"}
    used |= set(re.findall(r'environment\.get\("(\w+)"\)', scripts))
    known = {value["key"]: value["value"] for value in ENVIRONMENT["values"]}
    assert used == set(known)
    made = scripts + "\n".join(script(item, "prerequest") for item in ITEMS)
    for name, value in known.items():
        assert value or f'pm.environment.set("{name}"' in made, name


def test_its_lines_and_its_mapping_are_the_demonstration() -> None:
    requests = [item["request"] for item in ITEMS if called(item)[1] == "/leads/import"]
    imports = [request for request in requests if "body" in request]  # the others are of a preview
    demo = (ROOT / "demo" / "bank-2000.csv").read_text("utf-8").splitlines()
    mapping = json.loads((ROOT / "demo" / "mapping.json").read_text("utf-8"))
    assert imports
    for request in imports:
        header, *lines = request["body"]["raw"].splitlines()
        assert header == demo[0] and lines and set(lines) <= set(demo)
        query = {pair["key"]: pair["value"] for pair in request["url"]["query"]}
        assert json.loads(query["mapeamento"]) == mapping
