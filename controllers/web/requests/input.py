"""What a request brings, validated: JSON body, query string and the headers with a meaning."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import cast, get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from controllers.web.requests.messages import field_errors
from models.access.idempotency import MAX_KEY
from services.errors import (
    BadRequest,
    Code,
    FieldError,
    Invalid,
    LengthRequired,
    MalformedJsonBody,
    PayloadTooLarge,
    UnsupportedType,
    invalid_field,
)
from utils.response import JSON_TYPE
from utils.wire.addresses import counted_address
from utils.wire.etags import match_version
from utils.wire.strict_json import MalformedJson, parse_strict

MAX_JSON = 1_000_000
_INCOMPLETE = "O corpo da requisição chegou incompleto."
KEY_SIGNS = r"[\x21-\x7e]"
_KEY = re.compile(f"{KEY_SIGNS}{{1,{MAX_KEY}}}")


def json_body[Model: BaseModel](model: type[Model]) -> Model:
    """The body as `model`. Raises UnsupportedType, MalformedJsonBody, PayloadTooLarge, Invalid."""
    if request.mimetype != JSON_TYPE:
        raise UnsupportedType(f"Envie o corpo como {JSON_TYPE}.")
    raw = raw_body()
    try:
        parse_strict(raw)
    except MalformedJson as error:
        raise MalformedJsonBody(str(error)) from error
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        if error.errors(include_input=False)[0]["type"] == "json_invalid":
            raise MalformedJsonBody() from error
        raise Invalid(fields=field_errors(error)) from error


def has_no_body() -> bool:
    """Whether none was sent: an empty one of a named type is JSON that is cut off."""
    sent = request.mimetype or request.content_length
    return not sent and "HTTP_TRANSFER_ENCODING" not in request.environ


def raw_body() -> bytes:
    """The whole body, within the route's limit. Raises PayloadTooLarge, BadRequest."""
    with receiving():
        data = request.get_data()
    require_whole(len(data))
    # A chunked body announces no length: it is cut at the limit, and a cut body is refused.
    if request.content_length is None and len(data) >= (request.max_content_length or 0):
        raise PayloadTooLarge()
    return data


@contextmanager
def receiving() -> Iterator[None]:
    """Around the reading of a body. Raises PayloadTooLarge, BadRequest."""
    try:
        yield
    except RequestEntityTooLarge as error:
        raise PayloadTooLarge() from error
    except ClientDisconnected as error:
        raise BadRequest(_INCOMPLETE) from error


def require_whole(received: int) -> None:
    """Refuse a body with fewer bytes than announced: if the client goes away, the server ends the
    stream as if the body were complete. Raises BadRequest."""
    if received < (request.content_length or 0):
        raise BadRequest(_INCOMPLETE)


def require_length() -> None:
    """Require a Content-Length where half a body can be taken for a whole one: under our server a
    chunked body that was cut short looks complete. Raises LengthRequired."""
    if request.content_length is None:
        raise LengthRequired()


def said() -> bytes:
    """The body as it is compared between retries: each retry has a new multipart boundary."""
    boundary = request.mimetype_params.get("boundary", "").encode()
    return raw_body().replace(boundary, b"") if boundary else raw_body()


def query[Model: BaseModel](model: type[Model]) -> Model:
    """The query string as `model`; a parameter that is no list may come once. Raises Invalid."""
    found: dict[str, str | list[str]] = {}
    errors = []
    asked = request.args.lists() if request.environ.get("QUERY_STRING") else ()
    for name, values in asked:
        field = model.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is list:
            found[name] = values
        elif len(values) > 1:
            errors.append(FieldError(name[:64], Code.REPETIDO, "Informe este parâmetro uma vez."))
        else:
            found[name] = values[0]
    if errors:
        raise Invalid(fields=errors)
    try:
        return model.model_validate(found) if found else cast(Model, _unasked(model))
    except ValidationError as error:
        raise Invalid(fields=field_errors(error)) from error


def no_query() -> None:
    """Routes without parameters refuse any."""
    query(_Nothing)


class _Nothing(BaseModel, extra="forbid"):
    pass


@cache
def _unasked(model: type[BaseModel]) -> BaseModel:
    """Defaults alone; nobody changes what a query says."""
    return model.model_validate({})


def if_match() -> set[int] | None:
    """The versions that If-Match allows, None for any."""
    header = request.headers.get("If-Match")
    return None if header is None else match_version(header)


def prefers_later() -> bool:
    """Whether the caller would rather not wait for the reply (RFC 7240)."""
    return "respond-async" in request.headers.get("Prefer", "").lower()


def idempotency_key() -> str | None:
    """The Idempotency-Key, if sent. Raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise invalid_field(
            "Idempotency-Key",
            Code.VALOR_INVALIDO,
            f"Use de 1 a {MAX_KEY} caracteres ASCII sem espaços.",
        )
    return key


def client_address() -> str:
    """The caller's address; X-Forwarded-For is trusted only from the configured proxies."""
    return counted_address(request.remote_addr or "")
