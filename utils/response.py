"""The envelope: every JSON reply is exactly `{"success", "message", "data"}`."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response

JSON_TYPE = "application/json"
# Instants leave in UTC with `Z`; Decimals and enums are turned into text by their owners.
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC


def dump(value: Any) -> bytes:
    """JSON bytes. Accepts dicts, lists, datetimes, StrEnums, dataclasses and orjson.Fragment."""
    return orjson.dumps(value, option=_OPTIONS)


def success(
    data: Any = None,
    message: str = "OK",
    status: int = 200,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return envelope(True, message, data, status, headers)


def failure(
    message: str,
    data: Any,
    status: int,
    headers: Mapping[str, str] | None = None,
) -> Response:
    return envelope(False, message, data, status, headers)


def envelope(
    ok: bool, message: str, data: Any, status: int, headers: Mapping[str, str] | None = None
) -> Response:
    body = dump({"success": ok, "message": message, "data": data})
    return Response(body, status=status, headers=dict(headers or {}), mimetype=JSON_TYPE)


def end_with_newline(response: Response) -> Response:
    """For a person who calls from a terminal: the prompt comes back on a line of its own."""
    if response.mimetype == JSON_TYPE and not response.is_streamed and response.get_data():
        response.set_data(response.get_data() + b"\n")
    return response
