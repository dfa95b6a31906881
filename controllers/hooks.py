"""What happens around every request: its id, the headers of every reply."""

import re
import secrets

from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"


def register(app: Flask) -> None:
    app.before_request(_name_request)
    app.after_request(_finish)


def _name_request() -> None:
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _finish(response: Response) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = g.get("request_id", "")
    headers.extend(_HEADERS)
    # Personal data in every reply but pages and static files, which say what they allow.
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", _API_POLICY)
    return response
