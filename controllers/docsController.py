"""The landing page, the OpenAPI document and the page that shows it; nothing loads from outside."""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, send_from_directory

from controllers.web.permissionsPage import render_permissions
from utils.response import JSON_TYPE, dump

docs = Blueprint("docs", __name__)

_PAGES = Path(__file__).parent / "pages"
_DOCS_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_DAY = "public, max-age=86400"
# The only files of the package that are served.
_SWAGGER = frozenset({"swagger-ui.css", "swagger-ui-bundle.js", "favicon-32x32.png"})
_OWN = frozenset({"landing.js", "docs.js", "portuguese.js", "pages.css"})
DOCUMENT = "finlead.openapi"


@docs.get("/")
def landing() -> Response:
    return _page("landing.html")


@docs.get("/docs")
def reading_room() -> Response:
    return _page("docs.html")


@docs.get("/docs/permissoes")
def permissions() -> Response:
    response = Response(render_permissions(), mimetype="text/html")
    return _allowed(response)


@docs.get("/openapi.json")
def openapi() -> Response:
    response = Response(_document(), mimetype=JSON_TYPE)
    response.headers["Cache-Control"] = "public, max-age=60"
    return response


@docs.get("/docs/<name>")
def asset(name: str) -> Response:
    if name not in _SWAGGER | _OWN:
        abort(404)
    response = send_from_directory(_swagger_folder() if name in _SWAGGER else _PAGES, name)
    response.headers["Cache-Control"] = _DAY
    return response


def _page(name: str) -> Response:
    return _allowed(send_from_directory(_PAGES, name))


def _allowed(response: Response) -> Response:
    """A page: what it may load comes from here."""
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _DOCS_POLICY
    return response


def _document() -> bytes:
    return dump(current_app.extensions[DOCUMENT]())


@cache
def _swagger_folder() -> Path:
    """Where the package keeps Swagger UI's own files; its code is never imported."""
    spec = find_spec("flask_swagger_ui")
    if spec is None or spec.origin is None:
        raise RuntimeError("flask-swagger-ui is not installed")
    return Path(spec.origin).parent / "dist"
