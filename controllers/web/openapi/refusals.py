"""What a route may be refused with, and how each refusal reads."""

from collections.abc import Iterator
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import BaseModel, ValidationError

from controllers.permissions import Access
from controllers.schemas.errorSchema import EXAMPLE_REQUEST_ID
from controllers.schemas.wire import Wire
from controllers.web.contract import Contract
from controllers.web.requests.messages import field_errors
from services.errors import (
    AppError,
    BadRequest,
    Busy,
    Code,
    Forbidden,
    ImportRunning,
    Invalid,
    InvalidToken,
    LengthRequired,
    MalformedJsonBody,
    NotFound,
    PayloadTooLarge,
    StaleVersion,
    TooMany,
    Unauthenticated,
    UnsupportedType,
)
from services.healthService import NotReady
from services.idempotencyService import KeyInFlight, KeyReused

Refusal = type[AppError]
_NAMES_LEADS = {
    Code.LEAD_DUPLICADO,
    Code.ID_EXTERNO_DUPLICADO,
    Code.IDENTIDADE_DIVERGENTE,
    Code.LEAD_FECHADO,
}


def refusals(contract: Contract) -> dict[int, list[Refusal]]:
    """Status → its errors, likely ones first: those that the route declares and those that its
    shape implies."""
    found: dict[int, list[Refusal]] = {}
    declared = [_by_code()[code] for code in contract.errors]
    # Every route refuses parameters that it does not know.
    refused: list[Refusal] = [Invalid, *declared, *_implied(contract)]
    for refusal in dict.fromkeys(refused):
        found.setdefault(refusal.status, []).append(refusal)
    return found


def example(refusal: Refusal, fields: list[Any] | None = None) -> dict[str, Any]:
    """The envelope of a refusal; `fields` are those that are refused."""
    data: dict[str, Any] = {
        "codigo": refusal.code,
        "erros": fields or [],
        "request_id": EXAMPLE_REQUEST_ID,
    }
    if refusal.code in _NAMES_LEADS:
        data["ids"] = [4711]
    if refusal.code is Code.REVISAO_ABERTA:
        data["revisao_id"] = 31
    return {"success": False, "message": refusal.message, "data": data}


def invalid_fields(contract: Contract) -> list[dict[str, Any]]:
    """What the route's own validation says of nothing, or of a field that it does not know."""
    model = contract.body or contract.query or Wire
    for sent in ({}, {"desconhecido": "1"}):
        if found := _errors(model, sent):
            return found
    raise AssertionError(f"{model.__name__} takes unknown fields")


def _errors(model: type[BaseModel], sent: dict[str, str]) -> list[dict[str, Any]]:
    try:
        model.model_validate(sent)
    except ValidationError as error:
        return [asdict(found) for found in field_errors(error)]
    return []


def _implied(contract: Contract) -> Iterator[Refusal]:
    yield from _at_the_door(contract)
    if contract.body is not None:
        yield MalformedJsonBody
    if contract.body is not None or contract.media:
        yield from (BadRequest, PayloadTooLarge, UnsupportedType, NotReady)
    if contract.sized:
        yield LengthRequired
    if contract.in_turn:
        yield from (ImportRunning, Busy)
    if "{" in contract.path:
        yield NotFound
    if contract.versioned:
        yield StaleVersion
    if contract.idempotent:
        yield from (KeyInFlight, KeyReused)


def _at_the_door(contract: Contract) -> Iterator[Refusal]:
    access = contract.access
    if access is Access.PUBLIC:
        return
    if access is not Access.OPTIONAL:
        yield Unauthenticated
    yield from (InvalidToken, TooMany, NotReady)
    if access is not Access.ANY_ROLE or not contract.permission.machines:
        yield Forbidden


@cache
def _by_code() -> dict[Code, Refusal]:
    """Every refusal by its code; of several with one code, the most general."""
    found: dict[Code, Refusal] = {}
    waiting: list[Refusal] = [AppError]
    for refusal in waiting:
        found.setdefault(refusal.code, refusal)
        waiting.extend(refusal.__subclasses__())
    return found
