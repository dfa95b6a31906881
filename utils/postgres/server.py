"""One PostgreSQL server on one folder: made, started, recognised and stopped.

Nothing here is safe from two processes at once; the caller holds the start lock of the folder.
"""

import hashlib
import os
import re
import shlex
import shutil
import stat
import tempfile
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

from utils.postgres.binaries import Account, EmbeddedPostgresUnavailable, reachable, run

_SETTINGS = (
    "listen_addresses=",  # only the socket folder, open to one account
    "port=5432",
    "dynamic_shared_memory_type=mmap",  # containers may have a tiny or read-only /dev/shm
    "timezone=UTC",
    "log_timezone=UTC",
    "max_connections=100",
    "shared_buffers=128MB",
    "jit=off",
    "log_min_messages=log",  # a refused statement would be logged with people's data in it
    "log_checkpoints=off",
)
_SOCKET_FILES = (".s.PGSQL.5432", ".s.PGSQL.5432.lock")
_LONGEST_SOCKET_DIR = 85  # bytes; with the file the address must fit 103 on macOS, 107 on Linux
_UNQUOTABLE = frozenset('"$`\\\n')  # initdb and pg_ctl put paths between double quotes for a shell
_LARGEST_LOG = 5_000_000
_NOBODY = 999_999_999  # a pid above every system's largest


@dataclass(frozen=True)
class Site:
    """Where a server lives and who it is."""

    bin_dir: Path
    major: int
    account: Account | None
    data: Path
    socket_dir: Path


class PgServer:
    def __init__(self, site: Site, options: Sequence[str]) -> None:
        self.site = site
        self._settings = (*_SETTINGS, *options)
        self._log = site.data / "server.log"
        self._pid_file = site.data / "postmaster.pid"

    @property
    def socket_dir(self) -> Path:
        """What the running server says comes first: its starter may have had another TMPDIR."""
        lines = self._pid_file_lines()
        return Path(lines[4]) if len(lines) > 4 and lines[4] else self.site.socket_dir

    def is_alive(self) -> bool:
        """Whether the pid file names our server, and not a process that got its pid later."""
        try:
            process = psutil.Process(int(self._pid_file_lines()[0]))
            # The command line is readable for everyone, the working folder is not. A zombie has
            # none: containers without an init keep dead servers that way.
            return str(self.site.data) in process.cmdline()
        except (IndexError, ValueError, OverflowError, psutil.Error):
            return False

    def has_own_socket(self) -> bool:
        return _is_ours(self.socket_dir, self.site.account)

    def is_cut_off(self) -> bool:
        """Whether it runs but its socket was removed, perhaps by a cleaner of temporary files."""
        lines = self._pid_file_lines()
        ready = len(lines) > 7 and lines[7].strip() == "ready"
        return ready and not (self.socket_dir / _SOCKET_FILES[0]).exists()

    def start(self) -> None:
        self._refuse_unusable_paths()
        _prepare_socket_dir(self.site.socket_dir, self.site.account)
        self._create()
        # Killed while starting it says nothing, and starts the next time; a real cause stays.
        failure = self._launch() and self._launch()
        if failure:
            raise self.unavailable(failure)

    def _launch(self) -> str | None:
        """Start the server; what it complained of, or None."""
        self._forget_dead_server()
        if self._log.exists() and self._log.stat().st_size > _LARGEST_LOG:
            self._log.replace(self._log.with_suffix(".log.1"))
        settings = (*self._settings, f"unix_socket_directories={self.site.socket_dir}")
        switches = shlex.join(part for setting in settings for part in ("-c", setting))
        written = self._log.stat().st_size if self._log.exists() else 0
        code, text = self._run("pg_ctl", "start", "-w", "-t60", "-l", self._log, "-o", switches)
        said = self._log_after(written)
        # Processes of a killed server may still be ending; the caller tries again.
        if code == 0 or self.is_alive() or "still in use" in said:
            return None
        return said or text

    def stop(self) -> None:
        socket_dir = self.socket_dir
        for mode in ("fast", "immediate"):
            if self.is_alive():
                self._run("pg_ctl", "stop", "-w", "-t20", "-m", mode)
        _remove_socket_dir(socket_dir)

    def unavailable(self, text: str) -> EmbeddedPostgresUnavailable:
        """The first complaint of the output, which is the cause of the rest, in one sentence."""
        complaint = re.search(r"(?:FATAL|PANIC|error):\s+(.+)", text)
        last = text.strip().rpartition("\n")[2]
        reason = complaint[1] if complaint else last or "sem mensagem"
        return EmbeddedPostgresUnavailable(
            f"O PostgreSQL embutido não iniciou em {self.site.data} ({reason}): "
            "corrija a causa ou defina DATABASE_URL com outro servidor."
        )

    def _create(self) -> None:
        """Make the cluster aside, then rename: killed half-way, it leaves no half cluster."""
        data = self.site.data
        if data.is_dir() and any(data.iterdir()):
            return
        for abandoned in data.parent.glob(f"{data.name}.new-*"):
            shutil.rmtree(abandoned, ignore_errors=True)
        fresh = Path(tempfile.mkdtemp(prefix=f"{data.name}.new-", dir=data.parent))
        try:
            _give(fresh, self.site.account)
            self._initdb(fresh)
            fresh.rename(data)
        except BaseException:  # Ctrl-C too
            shutil.rmtree(fresh, ignore_errors=True)
            raise

    def _initdb(self, folder: Path) -> None:
        switches = self._initdb_switches()
        code, text = run([self.site.bin_dir / "initdb", "-D", folder, *switches], self.site.account)
        if code != 0:
            raise self.unavailable(text)

    def _initdb_switches(self) -> list[str]:
        switches = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--no-instructions"]
        if "fsync=off" in self._settings:
            switches.append("--no-sync")
        if self.site.major < 17:
            return [*switches, "--locale=C.UTF-8"]
        # The same order and the same lower() on every system, whatever locales it has.
        same = ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return [*switches, *same]

    def _forget_dead_server(self) -> None:
        """Let a new server pass where the pid of the dead one now belongs to another process.

        The pid file is kept, with a pid nobody has: PostgreSQL reads from it which shared memory
        to look at, and so refuses to start while a process of the old server still writes.
        """
        lines = self._pid_file_lines()
        if len(lines) > 1:
            kept = "\n".join([str(_NOBODY), *lines[1:], ""])
            self._pid_file.write_bytes(os.fsencode(kept))
        else:  # empty, from a full disk: PostgreSQL would refuse it for ever
            self._pid_file.unlink(missing_ok=True)

    def _refuse_unusable_paths(self) -> None:
        for path in (self.site.bin_dir, self.site.data):
            if _UNQUOTABLE & set(str(path)):
                raise EmbeddedPostgresUnavailable(
                    f"O PostgreSQL embutido não aceita aspas, cifrão, crase nem barra invertida "
                    f"no caminho {path}: mova a pasta ou defina DATABASE_URL."
                )

    def _run(self, program: str, *arguments: str | Path) -> tuple[int, str]:
        command = [self.site.bin_dir / program, "-D", self.site.data, *arguments]
        return run(command, self.site.account)

    def _pid_file_lines(self) -> list[str]:
        try:
            return os.fsdecode(self._pid_file.read_bytes()).splitlines()
        except FileNotFoundError:
            return []

    def _log_after(self, offset: int) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(offset)
                return log.read(100_000).decode(errors="replace")
        except FileNotFoundError:
            return ""


def choose_socket_dir(wanted: Path, account: Account | None) -> Path:
    """The wanted folder, or one with a short name where the address would not fit."""
    plain = str(wanted).isprintable() and "," not in str(wanted)  # libpq splits hosts at commas
    if plain and len(os.fsencode(wanted)) <= _LONGEST_SOCKET_DIR:
        return wanted
    name = f"finlead-{digest(wanted)}"
    temporary = Path(tempfile.gettempdir())
    fits = len(os.fsencode(temporary / name)) <= _LONGEST_SOCKET_DIR
    if fits and reachable(temporary, account):
        return temporary / name
    return Path("/tmp") / name  # noqa: S108 - made and checked by _prepare_socket_dir


def digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]


def _is_ours(folder: Path, account: Account | None) -> bool:
    """Whether the folder is ours: another account could have made it, and answer in our place."""
    try:
        found = folder.lstat()
    except FileNotFoundError:
        return False
    owners = {os.geteuid(), account.uid if account else os.geteuid()}
    return stat.S_ISDIR(found.st_mode) and found.st_uid in owners


def _prepare_socket_dir(folder: Path, account: Account | None) -> None:
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    if not _is_ours(folder, account):
        raise EmbeddedPostgresUnavailable(
            f"A pasta {folder}, onde o PostgreSQL embutido atende, é de outro usuário ou é um "
            "atalho: apague-a ou defina DATABASE_URL."
        )
    folder.chmod(0o700)
    _give(folder, account)
    for name in _SOCKET_FILES:  # of a killed server, naming a pid that may live again
        (folder / name).unlink(missing_ok=True)


def _remove_socket_dir(folder: Path) -> None:
    """Only what a server leaves there: the name came from a file, so nothing is swept."""
    with suppress(OSError):
        for name in _SOCKET_FILES:
            (folder / name).unlink(missing_ok=True)
        folder.rmdir()


def _give(folder: Path, account: Account | None) -> None:
    if account is not None:
        os.chown(folder, account.uid, account.gid)
