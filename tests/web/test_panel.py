"""The page of /painel: what is served, under which headers, and what its files refer to."""

import gzip
import re
from pathlib import Path

import pytest

from config import ROOT
from tests.support.api import Api, Reply

FOLDER = ROOT / "dashboard"
FILES = sorted(path.relative_to(FOLDER).as_posix() for path in FOLDER.rglob("*") if path.is_file())
SERVED = [name for name in FILES if name != "index.html"]
MODULES = [name for name in FILES if name.endswith(".js")]
STYLES = [name for name in FILES if name.endswith(".css")]
KINDS = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}
MAX_LINES = 250
_IMPORT = re.compile(r"""(?:\bfrom|\bimport)\s*\(?\s*["']([^"']+)["']""")
_ADDRESS = re.compile(
    r"""(?:https?:|wss?:)?(?<![:\w])//[\w{$][^\s"'`)]*|(?:https?|wss?)://[^\s"'`)]*"""
)
# The way to write to somebody, and the name of SVG, which no browser opens.
_KNOWN = ("https://wa.me/", "https:\\/\\/wa\\.me\\/", "http://www.w3.org/2000/svg")


def page(api: Api) -> Reply:
    return api.get("/painel")


def base(api: Api) -> str:
    found = re.search(rb'src="(/painel/[0-9a-f]+)/main\.js"', page(api).raw)
    assert found is not None
    return found[1].decode()


def text(name: str) -> str:
    return (FOLDER / name).read_text("utf-8")


def without_comments(source: str) -> str:
    return re.sub(r"^\s*//.*$|/\*.*?\*/", "", source, flags=re.MULTILINE | re.DOTALL)


def test_the_page_lets_in_nothing_inline_and_nothing_from_elsewhere(api: Api) -> None:
    reply = page(api)
    assert (reply.status, reply.headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    policy = dict(
        each.strip().split(" ", 1) for each in reply.headers["Content-Security-Policy"].split(";")
    )
    assert policy["default-src"] == policy["base-uri"] == policy["frame-ancestors"] == "'none'"
    for what in ("script-src", "style-src", "img-src", "connect-src"):
        assert policy[what] == "'self'"
    assert policy["require-trusted-types-for"] == "'script'"
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in reply.headers


def test_the_page_has_no_script_style_or_handler_of_its_own() -> None:
    html = text("index.html")
    assert re.findall(r"<script(?![^>]*\bsrc=)", html) == []
    assert re.findall(r"<style|\sstyle=|\son\w+=|javascript:", html) == []


def test_a_page_that_is_known_is_not_sent_again(api: Api) -> None:
    known = {"If-None-Match": page(api).headers["ETag"]}
    again = api.get("/painel", headers=known)
    assert (again.status, again.raw) == (304, b"")
    assert again.headers["Cache-Control"] == "no-cache"
    assert "Content-Security-Policy" in again.headers


def test_all_that_the_page_names_is_served(api: Api) -> None:
    named = re.findall(rb'(?:src|href)="([^"]+)"', page(api).raw)
    assert len(named) > len(STYLES)
    for address in named:
        assert address.startswith(b"/") and not address.startswith(b"//")
        assert api.get(address.decode()).status == 200, address
    assert b"{{" not in page(api).raw


def test_what_few_open_is_not_sent_to_everybody(api: Api) -> None:
    rooms = "features/(export|imports|model|numbers|reviews|rules|stages|team)/"
    later = [name for name in MODULES if re.match(rooms, name)]
    assert len(later) > 20
    assert [name for name in MODULES if name.encode() not in page(api).raw] == later


@pytest.mark.parametrize("name", SERVED)
def test_a_file_is_served_as_what_it_is_and_kept_for_a_year(api: Api, name: str) -> None:
    reply = api.get(f"{base(api)}/{name}")
    assert (reply.status, reply.raw) == (200, (FOLDER / name).read_bytes())
    assert reply.headers["Content-Type"].split(";")[0] == KINDS[Path(name).suffix]
    assert reply.headers["X-Content-Type-Options"] == "nosniff"
    assert "immutable" in reply.headers["Cache-Control"]
    again = api.get(f"{base(api)}/{name}", headers={"If-None-Match": reply.headers["ETag"]})
    assert (again.status, again.raw) == (304, b"")


def test_who_takes_it_gets_the_page_and_its_files_compressed(api: Api) -> None:
    for whole in ("/painel", f"{base(api)}/core/api.js"):
        plain = api.get(whole)
        packed = api.get(whole, headers={"Accept-Encoding": "br, gzip;q=0.5"})
        assert packed.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed.raw) == plain.raw
        assert len(packed.raw) < len(plain.raw) * 0.6
        # Two bodies of one address: what keeps them tells them apart.
        assert all("Accept-Encoding" in each.headers["Vary"] for each in (plain, packed))
        assert plain.headers["ETag"] != packed.headers["ETag"]
        known = {"Accept-Encoding": "gzip", "If-None-Match": packed.headers["ETag"]}
        assert api.get(whole, headers=known).status == 304


def test_who_refuses_compression_gets_the_file_as_it_is(api: Api) -> None:
    reply = api.get(f"{base(api)}/main.js", headers={"Accept-Encoding": "gzip;q=0"})
    assert "Content-Encoding" not in reply.headers
    assert reply.raw == (FOLDER / "main.js").read_bytes()


def test_a_page_of_before_an_update_gets_the_file_but_does_not_keep_it(api: Api) -> None:
    reply = api.get("/painel/0123456789abcdef/main.js")
    assert (reply.status, reply.headers["Cache-Control"]) == (200, "no-cache")


def test_a_changed_file_is_another_address(
    api: Api, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from controllers import panelController

    before = base(api)
    for name in FILES:
        target = tmp_path / name
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes((FOLDER / name).read_bytes() + b"\n")
    monkeypatch.setattr(panelController, "_FOLDER", tmp_path)
    assert base(api) != before


@pytest.mark.parametrize(
    "name",
    [
        "nada.js",
        "index.html",
        "core",
        "core/",
        "",
        ".env",
        "../app.py",
        "%2e%2e/app.py",
        "..%2f..%2fconfig.py",
        "core/../../app.py",
        "core/%2e%2e/main.js",
        "//main.js",
        "%00",
        "main.js%00",
        "C:/main.js",
    ],
)
def test_no_other_file_is_there(api: Api, name: str) -> None:
    reply = api.get(f"{base(api)}/{name}")
    assert (reply.status, reply.codigo) == (404, "NAO_ENCONTRADO")


@pytest.mark.parametrize("name", MODULES)
def test_every_module_that_is_imported_exists(name: str) -> None:
    for address in _IMPORT.findall(without_comments(text(name))):
        assert address.startswith("."), f"{name} imports {address}"
        found = (FOLDER / name).parent / address
        assert found.resolve().is_relative_to(FOLDER) and found.is_file(), f"{name}: {address}"


def test_every_module_is_used_and_every_style_linked() -> None:
    imported = {
        ((FOLDER / name).parent / address).resolve()
        for name in MODULES
        for address in _IMPORT.findall(text(name))
    }
    assert {(FOLDER / name) for name in MODULES} - imported == {FOLDER / "main.js"}
    assert all(f'"{{{{files}}}}/{name}"' in text("index.html") for name in STYLES)


@pytest.mark.parametrize("name", FILES)
def test_no_file_names_a_place_outside(name: str) -> None:
    source = without_comments(text(name))
    for known in _KNOWN:
        source = source.replace(known, "")
    assert _ADDRESS.findall(source) == []


@pytest.mark.parametrize("name", MODULES)
def test_no_text_becomes_markup(name: str) -> None:
    sinks = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|srcdoc"
    assert re.findall(sinks, text(name)) == []
    assert "localStorage" not in text(name) and "document.cookie" not in text(name)


@pytest.mark.parametrize("name", FILES)
def test_a_file_stays_short(name: str) -> None:
    assert len(text(name).splitlines()) <= MAX_LINES


def test_the_landing_page_leads_here(api: Api) -> None:
    assert b'href="/painel"' in api.get("/").raw
