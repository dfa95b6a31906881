"""The port before anything is served on it: free, or one sentence and exit code 1."""

import errno
import socket
import sys
import time

_PATIENCE = 10.0  # seconds
_AIRPLAY = 5000


def require_free_port(host: str, port: int) -> None:
    """granian shares a port with whoever allows it: two clones would answer each other's users.

    A predecessor that was told to stop may still be serving what it had begun.
    """
    deadline = time.monotonic() + _PATIENCE
    announced = False
    while error := _refusal(host, port):
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


def _advice(port: int) -> str:
    if sys.platform == "darwin" and port == _AIRPLAY:
        return (
            "No macOS ela é do Receptor AirPlay: desligue-o (Ajustes do Sistema, Geral, AirDrop e "
            "Handoff) ou escolha outra com PORT."
        )
    return "Pare o programa que a usa ou escolha outra com PORT."


def _refusal(host: str, port: int) -> OSError | None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        # As granian does: connections that are ending are no server.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error
    return None
