"""The envelope of every reply: `{"success", "message", "data"}`."""

from collections.abc import Iterable
from typing import Any

from pydantic import BaseModel

from controllers.schemas.errorSchema import ErrorOutput
from controllers.web.contract import Contract
from controllers.web.openapi.schemas import NULL, REF, Schema, Schemas

Output = type[BaseModel] | None
REFUSED = {"$ref": f"{REF}Erro"}
_EMPTY = "EnvelopeVazio"


def envelope_ref(output: Output, schemas: Schemas) -> Schema:
    """The envelope around data of this shape."""
    return {"$ref": REF + _name(output, schemas)}


def envelopes(contracts: Iterable[Contract], schemas: Schemas) -> dict[str, Schema]:
    """Every envelope by its name in the document."""
    found = {_EMPTY: _envelope(True, "Sem dados.", NULL)}
    for contract in contracts:
        if contract.output is not None:
            data = schemas.ref(contract.output, "serialization")
            about = schemas.schema(contract.output, "serialization")["description"]
            found[_name(contract.output, schemas)] = _envelope(True, about, data)
    about = "Toda recusa, em qualquer situação."
    found["Erro"] = _envelope(False, about, schemas.ref(ErrorOutput, "serialization"))
    return found


def _name(output: Output, schemas: Schemas) -> str:
    return _EMPTY if output is None else "Envelope" + schemas.name(output, "serialization")


def _envelope(ok: bool, about: str, data: Schema) -> dict[str, Any]:
    success = "Se a chamada foi atendida."
    return {
        "type": "object",
        "description": about,
        "additionalProperties": False,
        "required": ["success", "message", "data"],
        "properties": {
            "success": {"type": "boolean", "const": ok, "description": success},
            "message": {"type": "string", "description": "Uma frase para pessoas; pode mudar."},
            "data": {"description": about, **data},
        },
    }
