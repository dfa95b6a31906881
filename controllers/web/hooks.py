"""What happens around every request: its id, the headers of every reply, its line in the log."""

import logging
import re
import secrets
from time import perf_counter

from flask import Flask, Response, g, request

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")
_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
}
_API_POLICY = "default-src 'none'; frame-ancestors 'none'"
_HSTS = {"Strict-Transport-Security": "max-age=31536000; includeSubDomains"}
# Asked every few seconds by whoever watches over the service.
_UNLOGGED = frozenset({"/healthz", "/readyz"})
# Whatever else a client calls a method is his own text.
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_log = logging.getLogger("finlead.access")


def register(app: Flask, *, https: bool) -> None:
    """`https`: browsers are told never to come back without it."""
    headers = _HEADERS | (_HSTS if https else {})
    app.before_request(_name_request)
    # The first one registered runs last: the line is about the reply as it leaves.
    app.after_request(_log_request)
    app.after_request(lambda response: _finish(response, headers))


def _name_request() -> None:
    g.started = perf_counter()
    given = request.headers.get("X-Request-ID", "")
    g.request_id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)


def _finish(response: Response, always: dict[str, str]) -> Response:
    headers = response.headers
    headers["X-Request-ID"] = g.get("request_id", "")
    headers.extend(always)
    headers.extend(g.get("rate_headers", {}))
    # Personal data in every reply but pages and static files, which say what they allow.
    headers.setdefault("Cache-Control", "no-store")
    headers.setdefault("Content-Security-Policy", _API_POLICY)
    return response


def _log_request(response: Response) -> Response:
    """One line a request: the rule of its route, never its path or query, which name people."""
    rule = request.url_rule.rule if request.url_rule else None
    if rule not in _UNLOGGED and _log.isEnabledFor(logging.INFO):
        _log.info("request", extra={"dados": _line(rule, response.status_code)})
    return response


def _line(rule: str | None, status: int) -> dict[str, object]:
    caller = g.get("caller")
    return {
        "request_id": g.get("request_id"),
        "metodo": request.method if request.method in _METHODS else None,
        "rota": rule,
        "status": status,
        "duracao_ms": round((perf_counter() - g.started) * 1000, 1) if "started" in g else None,
        "usuario_id": caller.usuario_id if caller else None,
        "equipe_id": caller.equipe_id if caller else None,
        "sessao_id": caller.sessao_id if caller else None,
        "chave_id": caller.chave_id if caller else None,
    }
