"""The hand-written journey (postman/journey/) as folders of Postman's format.

A call is written as short as it can be: name, about, call ("GET /leads/{{lead_id}}"), token (the
variable with another one than the collection's, null for none), query, headers, body or csv and
mapping (files), before (a script), status, and what is checked: codigo of a refusal, empty where
no data is awaited, or test (its title) with checks. The reply of a call with file is its text.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from config import ROOT
from generate.postman import JSON_TYPE, address, bearer, body, header, no_token, pretty, script

Call = dict[str, Any]


def journey(folder: Path) -> list[dict[str, Any]]:
    """Its folders, in the order of their files' names."""
    written = [json.loads(path.read_text("utf-8")) for path in sorted(folder.glob("*.json"))]
    return [
        {"name": part["name"], "item": [_item(call) for call in part["calls"]]} for part in written
    ]


def _item(call: Call) -> dict[str, Any]:
    events = [script("prerequest", call["before"])] if "before" in call else []
    return {
        "name": call["name"],
        "event": [*events, script("test", list(_test(call)))],
        "request": _request(call),
    }


def _request(call: Call) -> dict[str, Any]:
    method, path = call["call"].split(" ")
    headers = [header(name, value) for name, value in call.get("headers", {}).items()]
    found: dict[str, Any] = {"method": method, "header": headers}
    if "about" in call:
        found["description"] = call["about"]
    if "token" in call:
        found["auth"] = bearer(call["token"]) if call["token"] else no_token()
    if "body" in call:
        headers.append(header("Content-Type", JSON_TYPE))
        found["body"] = body(JSON_TYPE, pretty(call["body"]))
    elif "csv" in call:
        headers.append(header("Content-Type", "text/csv"))
        found["body"] = body("text/csv", (ROOT / call["csv"]).read_text("utf-8"))
    return found | {"url": address(path, _query(call))}


def _query(call: Call) -> list[dict[str, str]]:
    query = dict(call.get("query", {}))
    if "mapping" in call:
        mapping = json.loads((ROOT / call["mapping"]).read_text("utf-8"))
        query["mapeamento"] = json.dumps(mapping, ensure_ascii=False)
    return [{"key": name, "value": value} for name, value in query.items()]


def _test(call: Call) -> Iterator[str]:
    status = call["status"]
    yield f'pm.test("{status}", () => pm.response.to.have.status({status}));'
    yield f"const reply = pm.response.{'text()' if call.get('file') else 'json().data'};"
    yield f'pm.test("{_title(call)}", () => {{'
    yield from (f"  {line}" for line in _checks(call))
    yield "});"


def _title(call: Call) -> str:
    if "codigo" in call:
        return f"o código é {call['codigo']}"
    return "não há dados" if call.get("empty") else str(call["test"])


def _checks(call: Call) -> Iterator[str]:
    if "codigo" in call:
        yield f'pm.expect(reply.codigo).to.equal("{call["codigo"]}");'
        yield 'pm.expect(reply.request_id).to.equal(pm.response.headers.get("X-Request-ID"));'
    if call.get("empty"):
        yield "pm.expect(reply).to.be.null;"
    yield from call.get("checks", [])
