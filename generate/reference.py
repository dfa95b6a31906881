"""Every operation of the document as a request of Postman's format, with examples."""

import re
from collections.abc import Iterator
from typing import Any

from generate import Document, tagged
from generate.postman import JSON_TYPE, address, body, header, no_token, pretty

_PARAMETER = re.compile(r"{([a-z_]+)}")
Operation = dict[str, Any]


def reference(document: Document) -> list[dict[str, Any]]:
    """A folder per tag."""
    return [
        {
            "name": tag["x-displayName"],
            "description": tag["description"],
            "item": [
                _item(method, path, operation, document["components"]["parameters"])
                for method, path, operation in operations
            ],
        }
        for tag, operations in tagged(document)
    ]


def _item(method: str, path: str, operation: Operation, shared: dict[str, Any]) -> dict[str, Any]:
    parameters = [
        shared[parameter["$ref"].rpartition("/")[2]] if "$ref" in parameter else parameter
        for parameter in operation["parameters"]
    ]
    request: dict[str, Any] = {
        "method": method,
        "description": operation["description"],
        "header": [_shown(parameter) for parameter in _placed(parameters, "header")],
        "url": _url(path, parameters),
    }
    if not operation["security"]:
        request["auth"] = no_token()
    if content := operation.get("requestBody", {}).get("content"):
        _add_body(request, content)
    return {
        "name": operation["summary"],
        "request": request,
        "response": list(_success(operation)),
    }


def _placed(parameters: list[dict[str, Any]], where: str) -> list[dict[str, Any]]:
    return [parameter for parameter in parameters if parameter["in"] == where]


def _shown(parameter: dict[str, Any]) -> dict[str, Any]:
    """A parameter that is shown, and sent if it must be, or when the user fills it in and ticks
    it."""
    schema, about = parameter["schema"], parameter["description"]
    if parameter["required"]:
        return header(parameter["name"], str(schema["examples"][0]), description=about)
    default = str(schema.get("default", ""))
    return header(parameter["name"], default, description=about, disabled=True)


def _url(path: str, parameters: list[dict[str, Any]]) -> dict[str, Any]:
    """/leads/{lead_id} is /leads/:lead_id to Postman, which asks for its value."""
    query = [_shown(parameter) for parameter in _placed(parameters, "query")]
    found = address(_PARAMETER.sub(r":\1", path), query)
    variables = [
        {
            "key": parameter["name"],
            "value": _value(parameter),
            "description": parameter["description"],
        }
        for parameter in _placed(parameters, "path")
    ]
    return found | ({"variable": variables} if variables else {})


def _value(parameter: dict[str, Any]) -> str:
    """One that it may have: an id, if the document has no example."""
    return str(parameter["schema"].get("examples", ["1"])[0])


def _add_body(request: dict[str, Any], content: dict[str, Any]) -> None:
    """The first kind of body that has an example: a form's file is not in the collection."""
    kind, media = next((kind, media) for kind, media in content.items() if "example" in media)
    shown = media["example"]
    request["header"].append(header("Content-Type", kind))
    request["body"] = body(kind, pretty(shown) if kind == JSON_TYPE else shown)


def _success(operation: Operation) -> Iterator[dict[str, Any]]:
    """The successful reply, as Postman keeps examples; the errors are in the document."""
    for status, reply in operation["responses"].items():
        media = reply.get("content", {}).get(JSON_TYPE, {})
        if "example" in media:
            yield {
                "name": f"{status} {reply['description']}",
                "code": int(status),
                "_postman_previewlanguage": "json",
                "header": [header("Content-Type", JSON_TYPE)],
                "body": pretty(media["example"]),
            }
