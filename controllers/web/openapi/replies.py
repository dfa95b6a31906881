"""The replies to a call: its success and every error, each with an example."""

from typing import Any

from controllers.web.contract import Contract, view_name
from controllers.web.openapi.envelopes import REFUSED, envelope_ref
from controllers.web.openapi.refusals import Refusal, example, invalid_fields, refusals
from controllers.web.openapi.schemas import Schema, Schemas
from services.errors import FilterNeeded, Invalid
from utils.response import JSON_TYPE

_DONE = {200: "Feito", 201: "Criado", 202: "Aceito: um trabalho na fila"}
_REFUSED = {
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
_ETAG = {"ETag": {"$ref": "#/components/headers/ETag"}}
_RETRY_AFTER = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}
_DISPOSITION = {"Content-Disposition": {"$ref": "#/components/headers/ContentDisposition"}}
HEADERS = {
    "ContentDisposition": {"description": "O nome do arquivo.", "schema": {"type": "string"}},
    "ETag": {"description": "A versão do lead, para If-Match.", "schema": {"type": "string"}},
    "RetryAfter": {"description": "Segundos a esperar.", "schema": {"type": "integer"}},
}


def replies(contract: Contract, schemas: Schemas) -> dict[str, Any]:
    statuses = (contract.status, *contract.also)
    found = {status: _success(contract, schemas, status) for status in statuses}
    if contract.etag and contract.method == "GET":
        found[304] = {"description": "Não mudou desde o ETag enviado", "headers": _ETAG}
    for status, refused in refusals(contract).items():
        found[status] = _refused(contract, status, refused)
    return {str(status): reply for status, reply in sorted(found.items())}


def _success(contract: Contract, schemas: Schemas, status: int) -> dict[str, Any]:
    output = contract.queued if status == 202 else contract.output
    data = schemas.example(output, "serialization") if output else None
    message = contract.also.get(status, contract.message)
    value = {"success": True, "message": message, "data": data}
    reply = _reply(_DONE[status], envelope_ref(output, schemas), example=value)
    for media, file in contract.files.items():
        schema, shown = schemas.ref(file, "validation"), schemas.example(file, "validation")
        reply["content"][media] = {"schema": schema, "example": shown}
    if contract.records:  # its reply is the file alone
        del reply["content"][JSON_TYPE]
        reply["headers"] = _DISPOSITION
    if contract.etag:
        reply["headers"] = _ETAG
    if contract.links:
        reply["links"] = _links(contract)
    return reply


def _links(contract: Contract) -> dict[str, Any]:
    found = {}
    for endpoint, parameter in contract.links.items():
        name = view_name(endpoint)
        found[name] = {"operationId": name, "parameters": {parameter: "$response.body#/data/id"}}
    return found


def _refused(contract: Contract, status: int, refused: list[Refusal]) -> dict[str, Any]:
    examples = {}
    for refusal in refused:
        fields = invalid_fields(contract) if refusal is Invalid else []
        if refusal is FilterNeeded:
            fields = [FilterNeeded.lacking.shown()]
        summary = refusal.code.about
        examples[refusal.code.value] = {"summary": summary, "value": example(refusal, fields)}
    reply = _reply(_REFUSED[status], REFUSED, examples=examples)
    if status in (429, 503):
        reply["headers"] = _RETRY_AFTER
    return reply


def _reply(about: str, schema: Schema, **examples: Any) -> dict[str, Any]:
    content = {JSON_TYPE: {"schema": schema, **examples}}
    return {"description": about, "content": content}
