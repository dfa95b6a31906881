"""Flask without what no route here uses; what that saves is in decision 24."""

from collections.abc import Callable
from typing import Any, cast

from flask import Flask, Request, Response
from flask.globals import request_ctx
from flask.sessions import NullSession, SessionInterface
from flask.wrappers import Request as FlaskRequest
from werkzeug.routing import MapAdapter


class _Request(FlaskRequest):
    def close(self) -> None:
        """Only an upload has files to close."""
        if "files" in self.__dict__:
            super().close()


class _NoSessions(SessionInterface):
    """Callers are told by their tokens: no request has a session, and none is kept."""

    _none = NullSession()

    def open_session(self, app: Flask, request: Request) -> NullSession:  # noqa: ARG002
        return self._none


class Application(Flask):
    """No view is a coroutine, and no rule asks for a host, a subdomain or a prefix. Only the
    application has functions before, after and at the end of a request: no blueprint has them, and
    nobody listens to signals.
    """

    request_class = _Request
    session_interface = _NoSessions()

    def ensure_sync(self, func: Callable[..., Any]) -> Callable[..., Any]:
        return func

    def create_url_adapter(self, request: Request | None) -> MapAdapter | None:
        if request is None:
            return None
        return MapAdapter(self.url_map, "", "/", "", "http", request.path, request.method)

    def full_dispatch_request(self) -> Response:
        try:
            reply = self.preprocess_request() or self.dispatch_request()
        except Exception as error:
            reply = self.handle_user_exception(error)
        return self.finalize_request(reply)

    def finalize_request(self, rv: Any, from_error_handler: bool = False) -> Response:
        if from_error_handler:  # what fails here too is logged, and the reply is sent as it is
            return super().finalize_request(rv, from_error_handler)
        return self.process_response(cast(Response, rv))

    def preprocess_request(self) -> Any:
        for prepare in self.before_request_funcs.get(None, ()):
            if (reply := prepare()) is not None:
                return reply
        return None

    def process_response(self, response: Response) -> Response:
        for change in reversed(self.after_request_funcs.get(None, ())):
            response = change(response)
        return response

    def dispatch_request(self) -> Any:
        request = request_ctx.request
        if request.routing_exception is not None or request.method == "OPTIONS":
            return super().dispatch_request()
        asked = cast(Any, request)  # it has a rule, or it had an exception
        return self.view_functions[asked.url_rule.endpoint](**asked.view_args)

    def do_teardown_request(self, exc: BaseException | None = None) -> None:  # noqa: ARG002
        return
