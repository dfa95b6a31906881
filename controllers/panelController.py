"""The page for a team's day, `/painel`: what dashboard/ holds, served as it is."""

from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from pathlib import Path

from flask import Blueprint, Response, abort, request, send_from_directory

panel = Blueprint("panel", __name__)

_FOLDER = Path(__file__).parents[1] / "dashboard"
_SERVED = frozenset({".js", ".css", ".svg"})
# Nothing inline, nothing from elsewhere, and no text ever becomes a script's markup.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
# What few open is asked for when they do.
_LATER = ("features/model/", "features/reviews/", "features/rules/")
_YEAR = "public, max-age=31536000, immutable"


@panel.get("/painel")
def page() -> Response:
    version = _version(_state())
    text = (_FOLDER / "index.html").read_text("utf-8")
    text = text.replace("{{modules}}", _preloads()).replace("{{files}}", f"/painel/{version}")
    response = Response(text, mimetype="text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _POLICY
    response.set_etag(blake2b(text.encode(), digest_size=8).hexdigest())
    response.make_conditional(request)
    return response


@panel.get("/painel/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """A file under the version of all files, so that a browser asks for it once. A page that was
    opened before an update gets today's file, which it does not keep."""
    if name not in _files():
        abort(404)
    response = send_from_directory(_FOLDER, name)
    current = version == _version(_state())
    response.headers["Cache-Control"] = _YEAR if current else "no-cache"
    return response


@cache
def _files() -> frozenset[str]:
    found = (path for path in _FOLDER.rglob("*") if path.suffix in _SERVED)
    return frozenset(path.relative_to(_FOLDER).as_posix() for path in found)


def _preloads() -> str:
    """All modules that every page needs at once: otherwise the browser finds out about each when
    it reads another."""
    modules = sorted(
        name for name in _files() if name.endswith(".js") and not name.startswith(_LATER)
    )
    lines = (f'<link rel="modulepreload" href="{{{{files}}}}/{name}">' for name in modules)
    return "\n  ".join(lines)


def _state() -> tuple[int, ...]:
    """Changes with the files; reading the dates is cheaper than reading the files."""
    return tuple((_FOLDER / name).stat().st_mtime_ns for name in sorted(_files()))


@cache
def _version(_: tuple[int, ...]) -> str:
    """One address for all files at one state of them."""
    digest = blake2b(digest_size=8)
    for part in _contents():
        digest.update(part)
    return digest.hexdigest()


def _contents() -> Iterator[bytes]:
    for name in sorted(_files()):
        yield name.encode()
        yield (_FOLDER / name).read_bytes()
