"""Pages of the configured origins may call the API from a browser; no other page may read it."""

import re
from collections.abc import Sequence

from flask import Flask, Response, request
from flask_cors import CORS

_EXPOSED = ["ETag", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-ID"]
_ALLOWED = [
    "Authorization",
    "Content-Type",
    "If-Match",
    "If-None-Match",
    "Idempotency-Key",
    "X-Request-ID",
]
# A page under development, on any port.
_LOCAL = re.compile(r"https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?\Z")
_MAX_AGE = 7200  # seconds; browsers keep no preflight longer


def register(app: Flask, origins: Sequence[str], *, any_local: bool) -> None:
    """Off without origins. Tokens travel in a header, so no credentials of the browser's.

    `any_local`: pages of this machine are let in too, whatever their port.
    """
    allowed: list[str | re.Pattern[str]] = [*origins, *([_LOCAL] if any_local else [])]
    if not allowed:
        return
    CORS(
        app,
        origins=allowed,
        methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
        expose_headers=_EXPOSED,
        allow_headers=_ALLOWED,
        max_age=_MAX_AGE,
        supports_credentials=False,
        # Without an Origin the request does not come from another site's page.
        always_send=False,
        vary_header=False,
    )
    _ask_only_browsers(app)
    app.after_request(_vary)


def _ask_only_browsers(app: Flask) -> None:
    """Without an Origin the library changes nothing, and takes a twentieth of a short request."""
    change = app.after_request_funcs[None].pop()
    app.after_request(
        lambda response: change(response) if "Origin" in request.headers else response
    )


def _vary(response: Response) -> Response:
    """Set on replies to other origins too: a cache must not give them to an allowed page."""
    if "Vary" in response.headers:
        response.vary.add("Origin")
    else:
        response.headers["Vary"] = "Origin"
    return response
