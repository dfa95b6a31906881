"""What happens around every request: its id, the headers of every reply, its line in the log."""

import logging
import random
import re
from collections.abc import Iterable
from time import perf_counter
from typing import Any

from flask import Flask, Response, g, request

from utils.sharing.slots import WsgiApp

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_ALWAYS = [
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "no-referrer"),
]
_HSTS = ("Strict-Transport-Security", "max-age=31536000; includeSubDomains")
# Every reply may hold personal data, except pages and static files, which set their own headers.
_UNLESS_SET = [
    ("Cache-Control", "no-store"),
    ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
]
# Monitoring calls these every few seconds.
_UNLOGGED = frozenset({"/healthz", "/readyz"})
# Any other method name is text of the client's choice and is not logged.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = logging.getLogger("finlead.access")


def register(app: Flask, *, https: bool) -> None:
    """`https`: browsers are told to use only HTTPS from now on (HSTS)."""
    app.before_request(_name_request)
    # The first one registered runs last, so that the line is about the final reply.
    app.after_request(_log_request)
    always = [*_ALWAYS, _HSTS] if https else _ALWAYS
    app.wsgi_app = _finishing(app.wsgi_app, always)  # type: ignore[method-assign, assignment]


def _name_request() -> None:
    g.started = perf_counter()
    given = request.environ.get("HTTP_X_REQUEST_ID", "")
    # It has to differ, not to be secret: asking the system for chance would let other threads in.
    own = f"{random.getrandbits(64):016x}"
    g.request_id = given if _REQUEST_ID.fullmatch(given) else own


def _finishing(app: WsgiApp, always: list[tuple[str, str]]) -> WsgiApp:
    """Adds to the headers where they are a plain list: in a response each would be checked."""

    def finish(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        def start(status: str, headers: list[tuple[str, str]], exc_info: Any = None) -> Any:
            names = {name for name, _ in headers}
            headers += always
            headers += [header for header in _UNLESS_SET if header[0] not in names]
            headers += g.get("rate_headers", ())
            headers.append(("X-Request-ID", g.get("request_id", "")))
            return start_response(status, headers, exc_info)

        return app(environ, start)

    return finish


def _log_request(response: Response) -> Response:
    """One line per request: the rule of its route, never its path or query, which name people."""
    asked = request.url_rule
    rule = asked.rule if asked else None
    if rule not in _UNLOGGED and _log.isEnabledFor(logging.INFO):
        _log.info("request", extra={"dados": _line(rule, response.status_code)})
    return response


def _line(rule: str | None, status: int) -> dict[str, object]:
    known = g._get_current_object()
    caller = known.get("caller")
    method = request.method
    started = known.get("started")
    return {
        "request_id": known.get("request_id"),
        "metodo": method if method in _METHODS else None,
        "rota": rule,
        "status": status,
        "duracao_ms": round((perf_counter() - started) * 1000, 1) if started else None,
        "usuario_id": caller.usuario_id if caller else None,
        "equipe_id": caller.equipe_id if caller else None,
        "sessao_id": caller.sessao_id if caller else None,
        "chave_id": caller.chave_id if caller else None,
    }
