"""The port before anything is served on it: free and ours, or one sentence and exit code 1."""

import errno
import fcntl
import os
import socket
import sys
import tempfile
import time
from contextlib import suppress
from pathlib import Path

_PATIENCE = 10.0  # seconds
_AIRPLAY = 5000
# Locks that this process holds until it ends, and its workers as long as one of them lives.
_held: list[int] = []


def take_port(host: str, port: int) -> None:
    """Wait until the port is free, and keep other servers of this machine from taking it.

    granian shares a port with whoever allows it: two clones would answer each other's users. Of
    two that start at once both would find the port free, hence a lock besides. A predecessor that
    was told to stop may still be serving what it had begun.
    """
    lock = _lock_file(port)
    deadline = time.monotonic() + _PATIENCE
    announced = False
    while error := _refusal(host, port, lock):
        if error.errno != errno.EADDRINUSE or time.monotonic() > deadline:
            raise SystemExit(
                f"Não dá para usar a porta {port} de {host} ({error.strerror}). {_advice(port)}"
            )
        if not announced:
            print(
                f"A porta {port} de {host} está em uso; espero até {_PATIENCE:.0f} segundos que "
                f"fique livre. {_advice(port)}",
                file=sys.stderr,
                flush=True,
            )
            announced = True
        time.sleep(0.1)
    _held.append(lock)


def _advice(port: int) -> str:
    if sys.platform == "darwin" and port == _AIRPLAY:
        return (
            "No macOS ela é do Receptor AirPlay: desligue-o (Ajustes do Sistema, Geral, AirDrop e "
            "Handoff) ou escolha outra com PORT."
        )
    return "Pare o programa que a usa ou escolha outra com PORT."


def _lock_file(port: int) -> int:
    """A file that every account of this machine can lock; reading is enough for that."""
    path = Path(tempfile.gettempdir()) / f"finlead-{port}.lock"
    with suppress(PermissionError):  # another account's: some systems let nobody else create it
        return os.open(path, os.O_RDONLY | os.O_CREAT, 0o644)
    return os.open(path, os.O_RDONLY)


def _refusal(host: str, port: int, lock: int) -> OSError | None:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return OSError(errno.EADDRINUSE, os.strerror(errno.EADDRINUSE))
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As granian does: connections that are ending are no server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None
