"""A port that is taken is told at once, waited for a while, then given up."""

import socket
import subprocess
import sys
from collections.abc import Iterator

import pytest

from commands import port
from config import ROOT
from tests.support.terminal import SERVE, environment, run, sentence

NOWHERE = "postgresql://x@127.0.0.1:9/x"


@pytest.fixture
def occupant() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


def taken(occupant: socket.socket) -> str:
    return str(occupant.getsockname()[1])


def test_what_is_waited_for_is_told_at_once(occupant: socket.socket) -> None:
    """The next thing it says, once the port is free, is about the database."""
    settings = environment(DATABASE_URL=NOWHERE, PORT=taken(occupant))
    waiting = subprocess.Popen(
        [sys.executable, *SERVE], cwd=ROOT, env=settings, stderr=subprocess.PIPE, text=True
    )
    assert waiting.stderr is not None
    first = waiting.stderr.readline()
    assert waiting.poll() is None
    assert f"A porta {taken(occupant)} de 127.0.0.1 está em uso; espero" in first
    assert "PORT" in first
    occupant.close()
    _, said = waiting.communicate(timeout=60)
    assert waiting.returncode == 1
    assert "inicie o PostgreSQL" in said


def test_a_port_that_stays_taken_is_given_up(occupant: socket.socket) -> None:
    done = run(*SERVE, DATABASE_URL=NOWHERE, PORT=taken(occupant))
    assert (done.returncode, done.stdout) == (1, "")
    waits, gives_up = done.stderr.splitlines()
    assert "espero" in waits
    assert gives_up.startswith(f"Não dá para usar a porta {taken(occupant)} de 127.0.0.1")


def test_an_address_that_is_not_here_is_told_without_waiting() -> None:
    said = sentence(run(*SERVE, DATABASE_URL=NOWHERE, HOST="192.0.2.1"))
    assert "192.0.2.1" in said and "espero" not in said


@pytest.mark.parametrize(("system", "named"), [("darwin", True), ("linux", False)])
def test_on_macos_airplay_is_named(
    monkeypatch: pytest.MonkeyPatch,
    occupant: socket.socket,
    system: str,
    named: bool,
) -> None:
    monkeypatch.setattr(port.sys, "platform", system)
    monkeypatch.setattr(port, "_AIRPLAY", int(taken(occupant)))
    monkeypatch.setattr(port, "_PATIENCE", 0.0)
    with pytest.raises(SystemExit) as caught:
        port.take_port("127.0.0.1", int(taken(occupant)))
    assert ("AirPlay" in str(caught.value)) is named
    assert "PORT" in str(caught.value)


def test_of_two_servers_that_start_at_once_one_gets_the_port(occupant: socket.socket) -> None:
    """While a server makes its database nothing is bound: a lock keeps the other one out."""
    number = int(taken(occupant))
    occupant.close()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLD.format(port=number)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout is not None
    assert holder.stdout.readline() == "held\n"
    done = run(*SERVE, DATABASE_URL=NOWHERE, PORT=str(number))
    assert done.returncode == 1 and "espero" in done.stderr
    holder.communicate("", timeout=20)
    said = sentence(run(*SERVE, DATABASE_URL=NOWHERE, PORT=str(number)))
    assert "inicie o PostgreSQL" in said


HOLD = """
from commands.port import take_port
take_port("127.0.0.1", {port})
print("held", flush=True)
import sys; sys.stdin.read()
"""
