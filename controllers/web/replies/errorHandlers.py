"""The only place where an exception becomes a reply."""

import logging
from typing import Any

from flask import Flask, Response, g, request
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException

from models.db.access.fitness import UnfitDatabase
from services import healthService
from services.errors import AppError, BadRequest, Code, NotFound, PayloadTooLarge, UnsupportedType
from services.healthService import NotReady
from utils.response import failure

_log = logging.getLogger("finlead")

# Werkzeug's refusals, by status.
_HTTP = {
    refusal.status: (refusal.code, refusal.message)
    for refusal in (BadRequest, NotFound, PayloadTooLarge, UnsupportedType)
} | {405: (Code.METODO_NAO_PERMITIDO, "Este recurso não aceita este método.")}
_CHALLENGE = 'Bearer realm="finlead"'


def register(app: Flask) -> None:
    app.register_error_handler(AppError, _refusal)
    app.register_error_handler(HTTPException, _http)
    app.register_error_handler(SQLAlchemyError, _database)
    app.register_error_handler(UnfitDatabase, _unfit)
    app.register_error_handler(Exception, _unexpected)
    # What fails outside a view; Flask's own line would name the path.
    app.log_exception = _log_unexpected  # type: ignore[method-assign]


def _refusal(error: AppError) -> Response:
    headers = {}
    if error.status == 401:
        headers["WWW-Authenticate"] = _CHALLENGE
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    data = _data(error.code) | {"erros": [field.shown() for field in error.fields]} | error.data
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


def _database(error: SQLAlchemyError) -> Response:
    refused = healthService.explain(error)
    return _unavailable(error, refused) if refused else _unexpected(error)


def _unfit(error: UnfitDatabase) -> Response:
    return _unavailable(error, NotReady(str(error)))


def _unavailable(error: Exception, refused: NotReady) -> Response:
    _log.warning("database unavailable", exc_info=error, extra=_named())
    return _refusal(refused)


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
