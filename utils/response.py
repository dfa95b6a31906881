"""The envelope: every JSON reply is exactly `{"success", "message", "data"}`."""

from collections.abc import Mapping
from typing import Any

import orjson
from flask import Response
from werkzeug.datastructures import Headers

JSON_TYPE = "application/json"
# Instants leave in UTC with `Z`; Decimals and enums are turned into text by their owners.
# The newline is for a person who calls from a terminal: their prompt then starts on a new line.
_OPTIONS = orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC | orjson.OPT_APPEND_NEWLINE


class JsonResponse(Response):
    """A whole body, whose length is among the headers from the start: they are sent as they are,
    where Werkzeug would check a copy of each."""

    def get_wsgi_headers(self, environ: Any) -> Headers:  # noqa: ARG002 - as Werkzeug calls it
        return self.headers


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
    return JsonResponse(body, status, dict(headers) if headers else None, content_type=JSON_TYPE)
