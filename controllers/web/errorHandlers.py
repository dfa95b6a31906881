"""The only place where an exception becomes a reply."""

import logging
from dataclasses import asdict
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException

from services.errors import AppError, Code, Unavailable
from utils.response import failure

_log = logging.getLogger("finlead")

# Werkzeug's refusals, by status.
_HTTP = {
    400: (Code.REQUISICAO_INVALIDA, "Requisição inválida."),
    404: (Code.NAO_ENCONTRADO, "Recurso não encontrado."),
    405: (Code.METODO_NAO_PERMITIDO, "Este recurso não aceita este método."),
    413: (Code.CORPO_MUITO_GRANDE, "O corpo da requisição é grande demais."),
    415: (Code.TIPO_NAO_SUPORTADO, "Content-Type não suportado."),
}
_CHALLENGE = 'Bearer realm="finlead"'
# PostgreSQL: cancelled or timed out statements and locks, and a primary that has become a standby;
# the request may be repeated.
_RETRY = {"55P03", "57014", "40P01", "40001", "25006"}


def register(app: Flask) -> None:
    app.register_error_handler(AppError, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(DBAPIError, _database)
    app.register_error_handler(PoolTimeout, _unavailable)
    app.register_error_handler(Exception, _unexpected)
    # What fails outside a view; Flask's own line would name the path.
    app.log_exception = _log_unexpected  # type: ignore[method-assign]


def _refusal(error: AppError) -> Response:
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = _CHALLENGE
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    data = _data(error.code) | {"erros": [asdict(fault) for fault in error.fields]} | error.data
    return failure(error.message, data, error.status, headers)


def _http(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:  # a redirect is a reply, not a refusal
        return error.get_response()  # type: ignore[return-value]
    fallback = (Code.ERRO_INTERNO, "Erro interno.") if status >= 500 else _HTTP[400]
    code, message = _HTTP.get(status, fallback)
    # Allow on 405 and its like must survive the envelope.
    kept = {name: value for name, value in error.get_headers() if name != "Content-Type"}
    return failure(message, _data(code), status, kept)


def _database(error: DBAPIError) -> Response:
    if getattr(error.orig, "pgcode", None) in _RETRY:
        return _unavailable(error, "O banco de dados está ocupado. Tente de novo em instantes.")
    if error.connection_invalidated or isinstance(error, OperationalError):
        return _unavailable(error)
    return _unexpected(error)


def _unavailable(error: Exception, message: str = Unavailable.message) -> Response:
    _log.warning("database unavailable", exc_info=error, extra=_named())
    return failure(message, _data(Unavailable.code), Unavailable.status, {"Retry-After": "2"})


def _unexpected(error: Exception) -> Response:
    _log.error("unexpected error", exc_info=error, extra=_named())
    return failure("Erro interno.", _data(Code.ERRO_INTERNO), 500)


def _log_unexpected(exc_info: Any) -> None:
    _log.error("unexpected error", exc_info=exc_info, extra=_named())


def _named() -> dict[str, Any]:
    rule = request.url_rule.rule if request.url_rule else None
    return {"dados": {"request_id": g.get("request_id"), "rota": rule}}


def _data(code: Code) -> dict[str, Any]:
    return {"codigo": code.value, "erros": [], "request_id": g.get("request_id")}
