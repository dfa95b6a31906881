"""A PgBouncer in transaction mode before a PostgreSQL, for as long as a block runs."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bench.errors import BenchFailed
from bench.site import free_port

SERVERS = 3  # connections of PostgreSQL
_START_SECONDS = 10.0
_INI = """
[databases]
finlead = host='{socket_dir}' port=5432 user=finlead
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = {servers}
max_client_conn = 200
"""


def installed() -> str | None:
    """The program's path."""
    return shutil.which("pgbouncer") or shutil.which("pgbouncer", path="/usr/sbin")


def find_pgbouncer() -> str:
    """The program's path. Ends the process with what to install."""
    if (found := installed()) is None:
        sys.exit("Falta o pgbouncer: apt install pgbouncer (ou brew install pgbouncer).")
    return found


@contextmanager
def pgbouncer(program: str, socket_dir: Path) -> Iterator[int]:
    """Its port. It refuses to run as root, and there runs as the account of the server."""
    port = free_port()
    folder = Path(tempfile.mkdtemp(prefix="finlead-pgbouncer-"))
    folder.chmod(0o755)
    ini = folder / "pgbouncer.ini"
    ini.write_text(_INI.format(socket_dir=socket_dir, port=port, servers=SERVERS))
    user = ["-u", socket_dir.owner()] if os.geteuid() == 0 else []
    process = subprocess.Popen([program, "-q", *user, str(ini)])
    try:
        _wait_for(port, process)
        yield port
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder)


def _wait_for(port: int, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + _START_SECONDS
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        time.sleep(0.1)
    raise BenchFailed("pgbouncer did not start; its message is above")
