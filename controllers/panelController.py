"""The page for a team's day, `/painel`: what dashboard/ holds, served as it is."""

import gzip
from collections.abc import Iterator
from functools import cache, lru_cache
from hashlib import blake2b
from pathlib import Path

from flask import Blueprint, Response, abort, request

panel = Blueprint("panel", __name__)

_FOLDER = Path(__file__).parents[1] / "dashboard"
_SERVED = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
# Nothing inline, nothing from elsewhere, and no text ever becomes a script's markup.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'none'; frame-ancestors 'none'; base-uri 'none'; "
    "require-trusted-types-for 'script'"
)
# What few open is asked for when they do.
_LATER = (
    *("features/export/", "features/imports/", "features/model/", "features/numbers/"),
    *("features/reviews/", "features/rules/", "features/stages/", "features/team/"),
)
_YEAR = "public, max-age=31536000, immutable"


@panel.get("/painel")
def page() -> Response:
    version = _version(_state())
    text = (_FOLDER / "index.html").read_text("utf-8")
    text = text.replace("{{modules}}", _preloads()).replace("{{files}}", f"/painel/{version}")
    response = _sent(text.encode(), "text/html")
    response.headers["Cache-Control"] = "no-cache"
    response.headers["Content-Security-Policy"] = _POLICY
    return response


@panel.get("/painel/<version>/<path:name>")
def file(version: str, name: str) -> Response:
    """A file under the version of all files, so that a browser asks for it once. A page that was
    opened before an update gets today's file, which it does not keep."""
    if name not in _files():
        abort(404)
    path = _FOLDER / name
    response = _sent(path.read_bytes(), _SERVED[path.suffix])
    current = version == _version(_state())
    response.headers["Cache-Control"] = _YEAR if current else "no-cache"
    return response


def _sent(plain: bytes, mimetype: str) -> Response:
    """Compressed for a browser that says it takes that; 304 where it has it already."""
    packed = request.accept_encodings["gzip"] > 0
    body = _packed(plain) if packed else plain
    response = Response(body, mimetype=mimetype)
    if packed:
        response.content_encoding = "gzip"
    response.vary.add("Accept-Encoding")
    response.set_etag(blake2b(body, digest_size=8).hexdigest())
    response.make_conditional(request)
    return response


# Room for all files at two states.
@lru_cache(maxsize=400)
def _packed(plain: bytes) -> bytes:
    return gzip.compress(plain, mtime=0)


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
