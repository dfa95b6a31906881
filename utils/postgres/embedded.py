"""A real PostgreSQL for the machine that has none: started by the first, stopped by the last.

Any number of processes may join one server at once, and each may be killed at any moment. Each
member holds a record lock, which the kernel releases when the process dies. POSIX record locks
belong to a process: a forked child does not hold its parent's lock and cannot release it; it joins
for itself if it wants to be counted.
"""

import os
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Connection, NullPool, create_engine
from sqlalchemy.exc import DBAPIError

from utils.postgres.binaries import (
    EmbeddedPostgresUnavailable,
    choose_account,
    explained,
    find_bin_dir,
    major_version,
    owner_of,
    reachable,
    reachable_bin_dir,
    shared_home,
)
from utils.postgres.ownership import OwnedDatabase, owner_beside
from utils.postgres.server import PgServer, Site, choose_socket_dir, digest

if sys.platform != "win32":
    import fcntl

__all__ = ["EmbeddedPostgres", "EmbeddedPostgresUnavailable"]

_PATIENCE = 90.0  # seconds, for a machine busy with something else


class _Membership:
    """Byte 0 of the lock file serialises starts and stops; every member shares byte 1."""

    def __init__(self, path: Path) -> None:
        self.members: set[EmbeddedPostgres] = set()
        self._fd = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        fcntl.lockf(self._fd, fcntl.LOCK_EX, 1, 0)
        try:
            yield
        finally:
            fcntl.lockf(self._fd, fcntl.LOCK_UN, 1, 0)

    def add(self, member: "EmbeddedPostgres") -> None:
        fcntl.lockf(self._fd, fcntl.LOCK_SH | fcntl.LOCK_NB, 1, 1)
        self.members.add(member)

    def remove(self, member: "EmbeddedPostgres") -> bool:
        """Give the place up; True when no member is left, here or in another process."""
        self.members.discard(member)
        if self.members:
            return False
        try:
            fcntl.lockf(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, 1)
        except OSError:
            return False
        finally:
            fcntl.lockf(self._fd, fcntl.LOCK_UN, 1, 1)
        return True

    def close(self) -> None:
        os.close(self._fd)


# One per process and folder: closing any descriptor of the file drops all locks of the process.
_memberships: dict[Path, _Membership] = {}
_guard = threading.RLock()


def _forget_parent() -> None:
    """A forked child is not a member; its parent's descriptors stay open but lock nothing here."""
    global _guard
    _guard = threading.RLock()  # another thread of the parent may have held it at the fork
    _memberships.clear()


if sys.platform != "win32":
    os.register_at_fork(after_in_child=_forget_parent)


class EmbeddedPostgres:
    """One server on one folder. `join()` before use, `leave()` after; both may be repeated."""

    def __init__(
        self,
        base: Path,
        *,
        options: Sequence[str] = (),
        bin_dir: Path | None = None,
        run_as: str | None = None,
    ) -> None:
        self._base = base.resolve()
        self._options = tuple(options)
        self._bin_override = bin_dir
        self._run_as = run_as

    def join(self) -> None:
        """Start the server, or join the one that runs, and be counted until leave() or death."""
        with explained(self._base), _guard:
            membership = self._membership()
            try:
                with membership.exclusive():
                    membership.add(self)
                    self._ensure_running()
            except BaseException:
                self.leave()
                raise

    def revive(self) -> None:
        """Start the server again if it died while we are counted; after leave() do nothing."""
        with explained(self._base), _guard:
            for membership in _memberships.values():
                if self in membership.members and not self._server.is_alive():
                    with membership.exclusive():
                        self._ensure_running()

    def leave(self) -> bool:
        """Stop being counted; the last one out stops the server and gets True."""
        stopped = False
        with _guard:
            for path, membership in list(_memberships.items()):
                if self not in membership.members:
                    continue
                with membership.exclusive():
                    if membership.remove(self):
                        self._server.stop()
                        stopped = True
                if not membership.members:
                    del _memberships[path]
                    membership.close()
        return stopped

    def ensure_database(self, name: str = "finlead", role: str = "finlead") -> None:
        """Create the role for the API, another that owns, and their database."""
        with self._administrator() as connection:
            made = OwnedDatabase(connection, name, role)
            made.ensure()
            if made.belongs_to_the_api():
                with self._administrator(name) as inside:
                    made.hand_over(inside)

    def owner_url(self, database: str = "finlead", role: str = "finlead") -> str:
        """For migrations; the address of the role that owns what this one uses."""
        return self.url(database, owner_beside(role))

    def url(self, database: str = "finlead", role: str = "finlead") -> str:
        # The port is given, because a PGPORT of the user's shell would name another socket.
        host = quote(str(self.socket_dir))
        return f"postgresql+psycopg2://{quote(role)}@/{quote(database)}?host={host}&port=5432"

    @property
    def bin_dir(self) -> Path:
        return self._server.site.bin_dir

    @property
    def socket_dir(self) -> Path:
        return self._server.socket_dir

    @cached_property
    def _server(self) -> PgServer:
        if sys.platform == "win32":
            raise EmbeddedPostgresUnavailable(
                "O PostgreSQL embutido não roda no Windows: defina DATABASE_URL com o endereço "
                "de um servidor PostgreSQL 15 ou mais novo."
            )
        with explained(self._base):
            return PgServer(self._find_site(), self._options)

    def _find_site(self) -> Site:
        self._base.mkdir(parents=True, exist_ok=True)
        bin_dir = find_bin_dir(self._bin_override)
        major = major_version(bin_dir)
        account = owner_of(self._base / f"pg{major}") or choose_account(self._run_as)
        # Root's own folders are closed to the account that runs the server.
        reaches = reachable(self._base, account)
        data = (self._base if reaches else shared_home(digest(self._base))) / f"pg{major}"
        account = owner_of(data) or account
        socket_dir = choose_socket_dir(data.with_suffix(".socket"), account)
        return Site(reachable_bin_dir(bin_dir, account), major, account, data, socket_dir)

    def _membership(self) -> _Membership:
        # One lock per version: two versions on one folder are two servers.
        path = self._base / f"pg{self._server.site.major}.lock"
        if path not in _memberships:
            _memberships[path] = _Membership(path)
        return _memberships[path]

    def _ensure_running(self) -> None:
        deadline = time.monotonic() + _PATIENCE
        while not self._answers():
            if time.monotonic() > deadline:
                raise self._server.unavailable("não respondeu a tempo")
            if not self._server.is_alive():
                self._server.start()
            elif self._server.is_cut_off():
                self._server.stop()
            else:
                time.sleep(0.1)

    def _answers(self) -> bool:
        if not self._server.has_own_socket():
            return False
        try:
            with self._administrator():
                return True
        except DBAPIError:
            return False

    @contextmanager
    def _administrator(self, database: str = "postgres") -> Iterator[Connection]:
        url = self.url(database, "postgres")
        engine = create_engine(
            url,
            poolclass=NullPool,
            isolation_level="AUTOCOMMIT",
            connect_args={"connect_timeout": 5},  # a frozen server accepts and never answers
        )
        with engine.connect() as connection:
            yield connection
