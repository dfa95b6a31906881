"""The parameters of a call: path, query and headers."""

from typing import Any

from controllers.schemas.fields import MAX_ID
from controllers.web.contract import Contract
from controllers.web.openapi.schemas import NULL, Model, Schema, Schemas
from controllers.web.requests.input import KEY_SIGNS
from models.access.idempotency import MAX_KEY

_COMPONENTS = "#/components/parameters/"
_ID = {"type": "integer", "format": "int64", "minimum": 1, "maximum": MAX_ID}
_MONTH = {
    "type": "string",
    "pattern": "^[0-9]{4}-(0[1-9]|1[0-2])$",
    "examples": ["2026-08"],
}
_PATH = {
    "lead_id": "Número do lead.",
    "usuario_id": "Número do usuário.",
    "chave_id": "Número da chave.",
    "sessao_id": "Número da sessão.",
    "trabalho_id": "Número do trabalho.",
    "atividade_id": "Número da atividade.",
    "revisao_id": "Número da revisão.",
    "importacao_id": "Número da importação.",
    "n": "Número do rascunho.",
    "mes": "O mês, como 2026-08.",
}
# Of what is no id.
_SCHEMAS = {"mes": _MONTH}


def _header(name: str, about: str, **bounds: Any) -> dict[str, Any]:
    schema = {"type": "string", **bounds}
    return {"name": name, "in": "header", "required": False, "description": about, "schema": schema}


HEADERS = {
    # One ETag, several or *; what is none of ours matches no version.
    "IfMatch": _header("If-Match", "O ETag lido: se a versão já é outra, responde 412."),
    "IfNoneMatch": _header("If-None-Match", "O ETag lido: se nada mudou, responde 304."),
    "IdempotencyKey": _header(
        "Idempotency-Key",
        "Uma chave sua por criação: repetida, devolve a primeira resposta por 24 h.",
        minLength=1,
        maxLength=MAX_KEY,
        pattern=f"^{KEY_SIGNS}+$",
    ),
    "Prefer": _header("Prefer", "Com `respond-async`, é um trabalho: responde 202 logo."),
}


def parameters(contract: Contract, schemas: Schemas) -> list[dict[str, Any]]:
    found = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH[name],
            "schema": _SCHEMAS.get(name, _ID),
        }
        for name in contract.path_parameters
    ]
    if contract.query is not None:
        found += _query(contract.query, schemas)
    return found + [{"$ref": _COMPONENTS + name} for name in _headers(contract)]


def _headers(contract: Contract) -> list[str]:
    asked = {
        "IfMatch": contract.versioned,
        "IfNoneMatch": contract.etag and contract.method == "GET",
        "IdempotencyKey": contract.idempotent,
        "Prefer": contract.deferrable,
    }
    return [name for name, applies in asked.items() if applies]


def _query(model: Model, schemas: Schemas) -> list[dict[str, Any]]:
    """Written in place: a query's model is a list of parameters, not a component."""
    found = []
    for name, schema in schemas.schema(model, "validation")["properties"].items():
        field = model.model_fields[name]
        given = not field.is_required() and field.default not in (None, [])
        default = {"default": field.default} if given else {}
        # Of the others a page that tries calls would send theirs too.
        example = {"examples": schema["examples"]} if field.is_required() else {}
        found.append(
            {
                "name": name,
                "in": "query",
                "required": field.is_required(),
                "description": schema["description"],
                "schema": _without_null(schema) | default | example,
            }
        )
    return found


def _without_null(schema: Schema) -> Schema:
    """The schema of a parameter, which may be left out but is never null."""
    kept = {name: said for name, said in schema.items() if name not in ("description", "examples")}
    branches = [branch for branch in kept.pop("anyOf", []) if branch != NULL]
    return kept | (branches[0] if len(branches) == 1 else {"anyOf": branches} if branches else {})
