"""The parts that Postman's format is made of."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

JSON_TYPE = "application/json"
BASE = "{{base_url}}"


def bearer(variable: str) -> dict[str, Any]:
    value = f"{{{{{variable}}}}}"
    return {"type": "bearer", "bearer": [{"key": "token", "value": value, "type": "string"}]}


def no_token() -> dict[str, Any]:
    return {"type": "noauth"}


def script(listen: str, lines: Sequence[str]) -> dict[str, Any]:
    return {"listen": listen, "script": {"type": "text/javascript", "exec": list(lines)}}


def address(path: str, query: Sequence[Mapping[str, Any]] = ()) -> dict[str, Any]:
    """`raw` is what Postman shows; a parameter that is disabled is not in it."""
    sent = "&".join(f"{p['key']}={p['value']}" for p in query if not p.get("disabled"))
    raw = BASE + path + (f"?{sent}" if sent else "")
    found: dict[str, Any] = {"raw": raw, "host": [BASE], "path": path.strip("/").split("/")}
    return found | ({"query": list(query)} if query else {})


def header(name: str, value: str, **more: Any) -> dict[str, Any]:
    return {"key": name, "value": value, **more}


def body(kind: str, text: str) -> dict[str, Any]:
    language = "json" if kind == JSON_TYPE else "text"
    return {"mode": "raw", "raw": text, "options": {"raw": {"language": language}}}


def pretty(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)
