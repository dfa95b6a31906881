"""Development's log: lines for people, coloured where somebody watches, without what was sent."""

import logging
import os
import pty
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress

import pytest
from flask import Flask

from config import ROOT
from tests.support.api import Api, Team
from tests.support.calls import new_key
from tests.support.leads import create
from tests.support.terminal import environment, run
from utils.logs.readable_lines import ReadableFormatter

_SERVE = "from app import create_app; create_app().test_client().get('/leads/1?q=Fulana')"
_LINE = re.compile(
    r"\d\d:\d\d:\d\d (?P<method>\S+) +(?P<rule>/\S*|\(sem rota\)) +"
    r"(?P<status>\d+) +(?P<ms>\d+\.\d) ms  (?P<who>.+)"
)


class Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(ReadableFormatter(coloured=True))
        self.said: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.said.append(self.format(record))


@pytest.fixture
def lines(app: Flask, team: Team) -> Iterator[list[str]]:
    handler = Lines()
    logging.getLogger("finlead").addHandler(handler)
    yield handler.said
    logging.getLogger("finlead").removeHandler(handler)


def parts(line: str) -> tuple[str, ...]:
    found = _LINE.fullmatch(line)
    assert found, line
    return found["method"], found["rule"], found["status"], found["who"]


def test_a_request_is_a_line_of_what_and_who(app: Flask, team: Team, lines: list[str]) -> None:
    lead = create(team.gestor.api)
    lines.clear()
    assert team.gestor.api.get(f"/leads/{lead['id']}").status == 200
    (line,) = lines
    who = f"usuário {team.gestor.id}, equipe {team.equipe_id}"
    assert parts(line) == ("GET", "/leads/<id:lead_id>", "200", who)


def test_a_key_is_named_as_one(app: Flask, team: Team, lines: list[str]) -> None:
    key = new_key(team, "vendedor")
    lines.clear()
    Api(app, key["chave"]).get("/leads")
    assert parts(lines[0])[3] == f"chave {key['id']}, equipe {team.equipe_id}"


def test_nobody_and_nowhere_are_said_without_the_path(app: Flask, lines: list[str]) -> None:
    Api(app).get("/segredo?segredo=1")
    Api(app).call("SEGREDO", "/leads")
    assert parts(lines[0]) == ("GET", "(sem rota)", "404", "anônimo")
    assert parts(lines[1])[0] == "?"
    assert "segredo" not in "".join(lines).lower()


def test_what_breaks_is_told_by_places(make_app: Callable[..., Flask], lines: list[str]) -> None:
    def quebra() -> None:
        raise KeyError("segredo")

    broken = make_app()
    broken.add_url_rule("/quebra", "quebra", quebra)
    assert broken.test_client().get("/quebra").status_code == 500
    error, request = lines
    assert "builtins.KeyError" in error and "quebra" in error
    assert "segredo" not in error and "site-packages" not in error
    assert parts(request)[:3] == ("GET", "/quebra", "500")


def on_a_terminal(**settings: str) -> str:
    """Standard error of a process that has a terminal for it."""
    ours, theirs = pty.openpty()
    subprocess.run(
        [sys.executable, "-c", _SERVE],
        cwd=ROOT,
        env=environment(**settings),
        stderr=theirs,
        check=True,
        timeout=60,
    )
    os.close(theirs)
    said = b""
    with suppress(OSError):  # Linux's way of saying that nobody writes any more
        while more := os.read(ours, 10_000):
            said += more
    os.close(ours)
    return said.decode().strip()


def test_colours_are_for_terminals_that_want_them(app: Flask, database_url: str) -> None:
    watched = on_a_terminal(DATABASE_URL=database_url)
    assert "\x1b[33m401\x1b[0m" in watched
    for plain in (
        on_a_terminal(DATABASE_URL=database_url, NO_COLOR="1"),
        run("-c", _SERVE, DATABASE_URL=database_url).stderr.strip(),
    ):
        assert parts(plain) == ("GET", "/leads/<id:lead_id>", "401", "anônimo")
