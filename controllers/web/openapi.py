"""/openapi.json, written from the contracts that serve the requests.

Pydantic writes every schema; this file only puts them into paths. OpenAPI 3.1.
"""

import re
from collections.abc import Iterable, Sequence
from http import HTTPStatus
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from controllers.permissions import Access
from controllers.web.operation import Contract
from services.errors import Code

_REF = "#/components/schemas/"
_PATH_PARAMETER = re.compile(r"{([a-z_]+)}")
_ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": 2**63 - 1}
_RETRY = {"Retry-After": {"description": "Segundos a esperar.", "schema": {"type": "integer"}}}
_REPLIES = {
    304: "Não mudou desde o ETag enviado",
    400: "Requisição malformada",
    401: "Sem token válido, ou credenciais incorretas",
    403: "O perfil não permite",
    404: "Não existe, ou não é seu",
    409: "Conflito",
    411: "Sem Content-Length",
    412: "A versão mudou",
    413: "Corpo grande demais",
    415: "Content-Type não suportado",
    422: "Campos inválidos",
    429: "Muitas tentativas",
    503: "Banco de dados indisponível",
}
Mode = Literal["validation", "serialization"]


class FieldErrorOutput(BaseModel):
    campo: str
    codigo: Code
    mensagem: str


class ErrorOutput(BaseModel):
    codigo: Code
    erros: list[FieldErrorOutput]
    request_id: str | None
    ids: list[int] = []


def document(contracts: Sequence[Contract], *, version: str) -> dict[str, Any]:
    """The whole document."""
    refs, definitions = _schemas(contracts)
    paths: dict[str, Any] = {}
    for contract in contracts:
        paths.setdefault(contract.path, {})[contract.method.lower()] = _operation(
            contract, refs, definitions
        )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "FinLead API",
            "version": version,
            "description": "Leads, score e números para equipes de vendas financeiras.",
        },
        "tags": [{"name": tag} for tag in dict.fromkeys(c.tag for c in contracts)],
        "paths": paths,
        "components": {
            "schemas": definitions | _envelopes(contracts, refs),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def _schemas(
    contracts: Iterable[Contract],
) -> tuple[dict[tuple[type[BaseModel], Mode], str], dict[str, Any]]:
    """Schemas of all models at once, so that an input and an output never take one name."""
    wanted: dict[Any, None] = {(ErrorOutput, "serialization"): None}
    for contract in contracts:
        for model in (contract.body, contract.query):
            if model is not None:
                wanted[model, "validation"] = None
        if contract.output is not None:
            wanted[contract.output, "serialization"] = None
    mapping, definitions = models_json_schema(list(wanted), ref_template=_REF + "{model}")
    refs: Any = {key: schema["$ref"].removeprefix(_REF) for key, schema in mapping.items()}
    return refs, definitions["$defs"]


def _operation(contract: Contract, refs: Any, definitions: dict[str, Any]) -> dict[str, Any]:
    operation: dict[str, Any] = {
        "operationId": _operation_id(contract.endpoint),
        "summary": contract.summary,
        "tags": [contract.tag],
        "parameters": _parameters(contract, refs, definitions),
        "responses": _responses(contract, refs),
        "security": _security(contract.access),
    }
    if contract.description:
        operation["description"] = contract.description
    if contract.body is not None:
        schema = {"$ref": _REF + refs[contract.body, "validation"]}
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": schema}},
        }
    elif contract.media:
        content = {media: {"schema": _FILES[media]} for media in contract.media}
        operation["requestBody"] = {"required": True, "content": content}
    return operation


def _operation_id(endpoint: str) -> str:
    return endpoint.replace(".", "_")


_FILES: dict[str, Any] = {
    "text/csv": {"type": "string"},
    "multipart/form-data": {
        "type": "object",
        "required": ["arquivo"],
        "additionalProperties": False,
        "properties": {
            "arquivo": {"type": "string", "format": "binary"},
            "mapeamento": {"type": "string", "contentMediaType": "application/json"},
        },
    },
}


def _parameters(contract: Contract, refs: Any, definitions: dict[str, Any]) -> list[Any]:
    found: list[Any] = [
        {"name": name, "in": "path", "required": True, "schema": _ID}
        for name in _PATH_PARAMETER.findall(contract.path)
    ]
    if contract.query is not None:
        # Written in place: a query's model is a list of parameters, not a component.
        model = definitions[refs[contract.query, "validation"]]
        required = model.get("required", [])
        found += [
            {"name": name, "in": "query", "required": name in required, "schema": schema}
            for name, schema in model["properties"].items()
        ]
    if contract.versioned:
        # One ETag, several or *; what is none of ours matches no version.
        found.append(_header("If-Match", "ETag lido; outra versão responde 412.", {}))
    if contract.idempotent:
        about = "A mesma chave repete a primeira resposta por 24 h."
        found.append(_header("Idempotency-Key", about, _KEY))
    return found


_KEY = {"minLength": 1, "maxLength": 255, "pattern": "^[\\x21-\\x7e]+$"}


def _header(name: str, about: str, bounds: dict[str, Any]) -> dict[str, Any]:
    schema = {"type": "string", **bounds}
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}


def _responses(contract: Contract, refs: Any) -> dict[str, Any]:
    name = "Envelope_" + (refs[contract.output, "serialization"] if contract.output else "vazio")
    found = {str(contract.status): _reply(HTTPStatus(contract.status).phrase, name)}
    if contract.links:
        found[str(contract.status)]["links"] = _links(contract)
    for status in sorted(_statuses(contract)):
        found[str(status)] = _reply(_REPLIES[status], "Erro")
        if status == HTTPStatus.NOT_MODIFIED:
            found[str(status)].pop("content")
        if status in (429, 503):
            found[str(status)]["headers"] = _RETRY
    return found


def _links(contract: Contract) -> dict[str, Any]:
    found = {}
    for endpoint, parameter in contract.links.items():
        name = _operation_id(endpoint)
        found[name] = {
            "operationId": name,
            "parameters": {parameter: "$response.body#/data/id"},
        }
    return found


def _statuses(contract: Contract) -> set[int]:
    """What the route's shape implies, beside what it declares."""
    # Every route refuses parameters it does not know.
    found = {*contract.errors, 422}
    if contract.access is not Access.PUBLIC:
        found |= {401, 429, 503}
    if contract.access in (Access.GESTOR, Access.OPTIONAL) or (
        contract.access is Access.ANY_ROLE and not contract.permission.machines
    ):
        found.add(403)
    if contract.body is not None:
        found |= {400, 413, 415, 503}
    if contract.sized:
        found.add(411)
    if contract.versioned:
        found.add(412)
    if contract.idempotent:
        found.add(409)
    return found


def _reply(description: str, schema: str) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": _REF + schema}}}
    return {"description": description, "content": content}


def _envelopes(contracts: Iterable[Contract], refs: Any) -> dict[str, Any]:
    outputs = {refs[c.output, "serialization"] for c in contracts if c.output is not None}
    found = {f"Envelope_{name}": _envelope(True, {"$ref": _REF + name}) for name in outputs}
    found["Envelope_vazio"] = _envelope(True, {"type": "null"})
    found["Erro"] = _envelope(False, {"$ref": _REF + refs[ErrorOutput, "serialization"]})
    return dict(sorted(found.items()))


def _envelope(ok: bool, data: dict[str, Any]) -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["success", "message", "data"],
        "properties": {"success": {"const": ok}, "message": {"type": "string"}, "data": data},
    }


def _security(access: Access) -> list[dict[str, list[str]]]:
    if access is Access.PUBLIC:
        return []
    return [{"token": []}, {}] if access is Access.OPTIONAL else [{"token": []}]
