"""The whole document, put together from the contracts."""

from collections.abc import Iterator, Sequence
from typing import Any

from controllers.permissions import Access, Permission
from controllers.schemas.errorSchema import ErrorOutput
from controllers.web.contract import Contract, view_name
from controllers.web.openapi import parameters, replies
from controllers.web.openapi.envelopes import envelopes
from controllers.web.openapi.schemas import Mode, Model, Schema, Schemas
from utils.response import JSON_TYPE

_ABOUT = """
Leads, score com motivos e números para equipes de crédito, consórcio, seguros e investimentos.

**De onde vem o token.** Cadastre-se em `POST /auth/register`, entre em `POST /auth/login` e envie o
`access_token` da resposta em `Authorization: Bearer <access_token>`; nesta página, cole-o em
**Autorizar**. Ele vale 15 minutos; `POST /auth/refresh` troca o `refresh_token` por tokens novos.
Um programa usa, no mesmo lugar, uma chave de `POST /auth/keys`.

**Respostas.** Toda resposta JSON é `{"success", "message", "data"}`. Programas leem `data.codigo`;
as mensagens são para pessoas. Quem pode o quê está em [/docs/permissoes](/docs/permissoes).
"""
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "O `access_token` de `POST /auth/login`, ou uma chave de `POST /auth/keys`.",
}


def document(contracts: Sequence[Contract], *, version: str) -> dict[str, Any]:
    schemas = Schemas.of(_models(contracts))
    paths: dict[str, Any] = {}
    for contract in contracts:
        paths.setdefault(contract.path, {})[contract.method.lower()] = _operation(contract, schemas)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "FinLead API",
            "version": version,
            "description": _ABOUT.strip(),
            "contact": {"name": "Quem opera este servidor"},
        },
        "servers": [{"url": "/", "description": "Este servidor"}],
        "tags": _tags(contracts),
        "paths": paths,
        "components": {
            "schemas": dict(
                sorted((_components(contracts, schemas) | envelopes(contracts, schemas)).items())
            ),
            "parameters": parameters.HEADERS,
            "headers": replies.HEADERS,
            "securitySchemes": {"token": _TOKEN},
        },
    }


def _components(contracts: Sequence[Contract], schemas: Schemas) -> dict[str, Schema]:
    """Queries are written in place, as parameters."""
    queries = {schemas.name(c.query, "validation") for c in contracts if c.query is not None}
    return {name: s for name, s in schemas.definitions.items() if name not in queries}


def _models(contracts: Sequence[Contract]) -> Iterator[tuple[Model, Mode]]:
    yield ErrorOutput, "serialization"
    for contract in contracts:
        files = (*contract.media.values(), *contract.files.values())
        for model in (contract.body, contract.query, *files):
            if model is not None:
                yield model, "validation"
        if contract.output is not None:
            yield contract.output, "serialization"


def _operation(contract: Contract, schemas: Schemas) -> dict[str, Any]:
    found: dict[str, Any] = {
        "operationId": view_name(contract.endpoint),
        "summary": contract.summary,
        "description": _described(contract),
        "tags": [contract.tag.name],
        "parameters": parameters.parameters(contract, schemas),
        "responses": replies.replies(contract, schemas),
        "security": _security(contract.access),
        "x-permissao": _permission(contract.permission),
    }
    media = {JSON_TYPE: contract.body} if contract.body else contract.media
    if media:
        content = {kind: _body(kind, model, schemas) for kind, model in media.items()}
        found["requestBody"] = {"required": not contract.body_is_optional, "content": content}
    return found


def _permission(permission: Permission) -> dict[str, Any]:
    return {
        "quem": permission.access.value,
        "alcanca": permission.sees.value,
        "chave_de_api": permission.machines,
    }


def _described(contract: Contract) -> str:
    permission = contract.permission
    keys = "sim" if permission.machines else "não"
    return f"{contract.description}\n\nQuem: {permission.access.value}. Chave de API: {keys}."


def _body(kind: str, model: Model, schemas: Schemas) -> dict[str, Any]:
    schema = schemas.ref(model, "validation")
    # An example of a form would be sent instead of the file that the user chooses.
    form = kind == "multipart/form-data"
    return {"schema": schema} | ({} if form else {"example": schemas.example(model, "validation")})


def _tags(contracts: Sequence[Contract]) -> list[dict[str, str]]:
    """ASCII names for generators, whose modules and classes they become; titles for people."""
    return [
        {"name": tag.name, "x-displayName": tag.title, "description": tag.about}
        for tag in dict.fromkeys(contract.tag for contract in contracts)
    ]


def _security(access: Access) -> list[dict[str, list[str]]]:
    if access is Access.PUBLIC:
        return []
    return [{"token": []}, {}] if access is Access.OPTIONAL else [{"token": []}]
