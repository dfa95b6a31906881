"""What a request brings, validated: JSON body, query string and the headers with a meaning."""

import re
from typing import get_origin

from flask import request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import ClientDisconnected, RequestEntityTooLarge

from controllers.web.messages import field_errors
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
from utils.addresses import counted_address
from utils.etags import match_version
from utils.strict_json import MalformedJson, parse_strict

MAX_JSON = 1_000_000
INCOMPLETE = "O corpo da requisição chegou incompleto."
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


def json_body[Model: BaseModel](model: type[Model]) -> Model:
    """The body as `model`. Raises UnsupportedType, MalformedJsonBody, PayloadTooLarge, Invalid."""
    if request.mimetype != "application/json":
        raise UnsupportedType("Envie o corpo como application/json.")
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


def raw_body() -> bytes:
    """The whole body, within the route's limit. Raises PayloadTooLarge, BadRequest."""
    try:
        data = request.get_data()
    except RequestEntityTooLarge as error:
        raise PayloadTooLarge() from error
    except ClientDisconnected as error:
        raise BadRequest(INCOMPLETE) from error
    # The server ends the stream of a client that is gone as it ends any other.
    if request.content_length is not None and len(data) < request.content_length:
        raise BadRequest(INCOMPLETE)
    # A chunked body announces no length: it is cut at the limit, and half a body is none.
    if request.content_length is None and len(data) >= (request.max_content_length or 0):
        raise PayloadTooLarge()
    return data


def require_length() -> None:
    """A chunked body that was cut short looks like a whole one: where half of it can be taken for
    all, its length is to be announced. Raises LengthRequired."""
    if request.content_length is None:
        raise LengthRequired()


def said() -> bytes:
    """The body as it is compared between retries: a multipart boundary is new every time."""
    boundary = request.mimetype_params.get("boundary", "").encode()
    return raw_body().replace(boundary, b"") if boundary else raw_body()


def query[Model: BaseModel](model: type[Model]) -> Model:
    """The query string as `model`; a parameter that is no list may come once. Raises Invalid."""
    found: dict[str, str | list[str]] = {}
    faults = []
    for name, values in request.args.lists():
        field = model.model_fields.get(name)
        if field is not None and get_origin(field.annotation) is list:
            found[name] = values
        elif len(values) > 1:
            faults.append(FieldError(name[:64], Code.REPETIDO, "Informe este parâmetro uma vez."))
        else:
            found[name] = values[0]
    if faults:
        raise Invalid(fields=faults)
    try:
        return model.model_validate(found)
    except ValidationError as error:
        raise Invalid(fields=field_errors(error)) from error


def no_query() -> None:
    """Routes without parameters refuse any."""
    query(_Nothing)


class _Nothing(BaseModel, extra="forbid"):
    pass


def if_match() -> set[int] | None:
    """The versions that If-Match allows, None for any."""
    header = request.headers.get("If-Match")
    return None if header is None else match_version(header)


def idempotency_key() -> str | None:
    """The Idempotency-Key, if sent. Raises Invalid."""
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise invalid_field(
            "Idempotency-Key", Code.VALOR_INVALIDO, "Use de 1 a 255 caracteres ASCII sem espaços."
        )
    return key


def client_address() -> str:
    """Who is counted; X-Forwarded-For is believed only from the configured proxies."""
    return counted_address(request.remote_addr or "")
