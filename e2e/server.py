"""The application as it is served, on a fresh embedded PostgreSQL; both end with the block."""

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from config import ROOT, Settings

LOG = ROOT / "instance" / "e2e-servidor.log"
_START_SECONDS = 90.0
_STOP_SECONDS = 40.0
# Thousands of calls from one address are what this is for; quotas have tests of their own.
_UNLIMITED = "100000000/second"


@contextmanager
def running_server(*, demo: bool = False) -> Iterator[str]:
    """Its address, http://127.0.0.1:<a free port>. `demo`: with the demonstration's equipe."""
    folder = Path(tempfile.mkdtemp(prefix="finlead-e2e-"))
    # Under root PostgreSQL runs as another account, which has to enter.
    folder.chmod(0o755)
    port = _free_port()
    command = [sys.executable, "-m", "commands.serve", "--migrate"]
    LOG.parent.mkdir(exist_ok=True)
    with LOG.open("w") as log:
        # A session of its own: a terminal's Ctrl-C comes here only, the server stops once.
        server = subprocess.Popen(
            command,
            cwd=ROOT,
            env=_environment(folder, port),
            start_new_session=True,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
    try:
        address = f"http://127.0.0.1:{port}"
        _wait_for(f"{address}/readyz", server)
        if demo:
            made = [sys.executable, "-m", "flask", "demo"]
            subprocess.run(made, cwd=ROOT, env=_environment(folder, port), check=True)
        yield address
    finally:
        _stop(server)
        shutil.rmtree(folder, ignore_errors=True)


def get(address: str, path: str, token: str) -> Any:
    """The data of a reply. Raises HTTPError for a refusal."""
    return _data(urllib.request.Request(address + path), token)


def post(address: str, path: str, body: Any, token: str | None = None) -> Any:
    """The data of a reply. Raises HTTPError for a refusal."""
    headers = {"Content-Type": "application/json"}
    return _data(urllib.request.Request(address + path, json.dumps(body).encode(), headers), token)


def _data(request: urllib.request.Request, token: str | None) -> Any:
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    with urllib.request.urlopen(request, timeout=30) as reply:
        return json.load(reply)["data"]


def _environment(folder: Path, port: int) -> dict[str, str]:
    """The product's defaults, whatever the shell or a .env says."""
    defaults = {spec.metadata["env"]: "" for spec in Settings.__dataclass_fields__.values()}
    kept = {name: os.environ.get(name, "") for name in ("FINLEAD_PG_BIN", "FINLEAD_PG_USER")}
    return {
        **os.environ,
        **defaults,
        **kept,
        "SECRET_KEY": "signs nothing outside this run",
        "PORT": str(port),
        "ACESSO_MINUTOS": "1440",
        "LIMITE_LOGIN": _UNLIMITED,
        "LIMITE_API": "0/second",
        "LIMITE_SESSOES": _UNLIMITED,
        "LIMITE_REGISTRO": _UNLIMITED,
        "FINLEAD_INSTANCE": str(folder / "instance"),
    }


def _wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while True:
        with suppress(OSError), urllib.request.urlopen(url, timeout=5):
            return
        if server.poll() is not None or time.monotonic() > deadline:
            raise SystemExit(f"O servidor não subiu:\n{LOG.read_text()[-2_000:]}")
        time.sleep(0.2)


def _stop(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    with suppress(subprocess.TimeoutExpired):
        server.wait(_STOP_SECONDS)
        return
    os.killpg(server.pid, signal.SIGKILL)
    server.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
