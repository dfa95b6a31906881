"""Another revision of the product, checked out beside this tree for as long as a bench takes."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from bench.errors import BenchFailed
from bench.site import Version
from config import ROOT

_LOCK = "requirements.lock"


@contextmanager
def checked_out(revision: str, repository: Path = ROOT) -> Iterator[Version]:
    """The revision as a git worktree in a temporary folder; neither of them stays."""
    commit = _commit_of(revision, repository)
    with TemporaryDirectory(prefix="finlead-bench-") as folder:
        tree = Path(folder) / commit
        try:
            _git(repository, "worktree", "add", "--quiet", "--detach", str(tree), commit)
            yield Version(commit, tree, _interpreter(tree))
        finally:
            if tree.exists():
                _git(repository, "worktree", "remove", "--force", str(tree))


def _commit_of(revision: str, repository: Path) -> str:
    try:
        return _git(
            repository, "rev-parse", "--quiet", "--verify", "--short", f"{revision}^{{commit}}"
        )
    except BenchFailed as error:  # git says why, except where it merely does not know the name
        raise BenchFailed(str(error) or f"git knows no revision {revision!r} here") from error


def _git(repository: Path, *arguments: str) -> str:
    """What git printed. It runs to its end whatever happens: half a worktree cannot be removed."""
    command = ["git", "-C", str(repository), *arguments]
    try:
        with subprocess.Popen(
            command,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,  # Ctrl-C in a terminal does not reach it
        ) as process:
            printed, complaint = process.communicate()
    except FileNotFoundError as error:
        raise BenchFailed("git is not installed") from error
    if process.returncode:
        raise BenchFailed(" ".join(complaint.split()))
    return printed.strip()


def _interpreter(tree: Path) -> str:
    """This one, where both trees ask for the same packages; otherwise one of the tree's own."""
    ours, theirs = ROOT / _LOCK, tree / _LOCK
    if theirs.exists() and theirs.read_bytes() == ours.read_bytes():
        return sys.executable
    print(f"{tree.name} needs other packages: installing them in a .venv of its own", flush=True)
    _make_environment(tree)
    return str(tree / ".venv/bin/python")


def _make_environment(tree: Path) -> None:
    command = ["make", "ready-to-run", f"PYTHON={sys.executable}"]
    with subprocess.Popen(
        command,
        cwd=tree,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        try:
            _, complaint = process.communicate()
        except BaseException:
            os.killpg(process.pid, signal.SIGKILL)  # pip as well: its folder is removed next
            raise
    if process.returncode:
        raise BenchFailed(f"{' '.join(command)}:\n{complaint.strip()[-2_000:]}")
