"""Commands as a person starts them, in a process of their own with the settings' defaults."""

import os
import socket
import subprocess
import sys
from subprocess import CompletedProcess

from config import ROOT, Settings

FLASK_UPGRADE = ("-m", "flask", "db", "upgrade")
SERVE = ("-m", "commands.serve")
# What must be there for a Python to find its own library and programs.
_KEPT = ("PATH", "HOME", "TMPDIR", "LD_LIBRARY_PATH")
_PATIENCE = 60  # seconds, for a machine busy with something else


def environment(**settings: str) -> dict[str, str]:
    """Nothing of this process's settings, nor of a .env: an empty value means the default."""
    kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
    defaults = {spec.metadata["env"]: "" for spec in Settings.__dataclass_fields__.values()}
    return {**kept, **defaults, "SECRET_KEY": "dev123", "PORT": str(free_port()), **settings}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def run(*arguments: str, **settings: str) -> CompletedProcess[str]:
    """`python ARGUMENTS` from the repository's folder, to its end."""
    return subprocess.run(
        [sys.executable, *arguments],
        env=environment(**settings),
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=_PATIENCE,
    )


def sentence(done: CompletedProcess[str]) -> str:
    """The one line that a command which could not start says, with exit code 1."""
    assert done.returncode == 1, done
    assert done.stdout == ""
    (line,) = done.stderr.splitlines()
    return line
