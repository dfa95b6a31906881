"""Throttling of login and registration, shared by every process through PostgreSQL.

Counted per (account, address), per address, and with a high ceiling per account: an attacker fills
their own counters long before the victim's. The library `limits` reads the quotas and keeps the
windows; the storage below gives it one atomic statement per count.
"""

import hashlib
import time
from dataclasses import dataclass
from typing import NamedTuple

from limits import RateLimitItem, parse
from limits.storage import Storage
from limits.strategies import FixedWindowRateLimiter

from models.db.statements import fetch_global, write_global
from services.errors import TooMany

# Many people share an office's address: it may fail this many times as often as one account does.
# So may an account, from all addresses together.
ADDRESS_FACTOR = 10

_INCREMENT = """
insert into limites (chave, contador, expira_em)
values (%(chave)s, %(soma)s, clock_timestamp() + make_interval(secs => %(segundos)s))
on conflict (chave) do update set
  contador = case when limites.expira_em <= clock_timestamp()
                  then excluded.contador else limites.contador + excluded.contador end,
  expira_em = case when limites.expira_em <= clock_timestamp()
                   then excluded.expira_em else limites.expira_em end
returning contador
"""
_READ = """
select contador, extract(epoch from expira_em)::float8 from limites
where chave = %(chave)s and expira_em > clock_timestamp()
"""
_FORGIVE = """
update limites set contador = greatest(contador - 1, 0) where chave = %(chave)s
returning contador
"""
_CLEAR = "delete from limites where chave = %(chave)s returning chave"


class _Window(NamedTuple):
    """A running window: attempts so far, and when it ends (seconds since 1970)."""

    contador: int
    expira_em: float


class PostgresStorage(Storage):
    """Fixed windows in the table `limites`; keys are hashed, they name people and addresses."""

    STORAGE_SCHEME = ["finlead-postgres"]  # noqa: RUF012

    @property
    def base_exceptions(self) -> type[Exception]:
        return Exception

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        values = {"chave": _hashed(key), "soma": amount, "segundos": expiry}
        ((count,),) = write_global(_INCREMENT, values)
        return int(count)

    def get(self, key: str) -> int:
        return self._window(key).contador

    def get_expiry(self, key: str) -> float:
        return self._window(key).expira_em

    def check(self) -> bool:
        return True

    def reset(self) -> int | None:
        raise NotImplementedError("counters of a live installation are never reset at once")

    def clear(self, key: str) -> None:
        write_global(_CLEAR, {"chave": _hashed(key)})

    def forgive(self, key: str) -> None:
        """Take one attempt back."""
        write_global(_FORGIVE, {"chave": _hashed(key)})

    def _window(self, key: str) -> _Window:
        rows = fetch_global(_READ, {"chave": _hashed(key)})
        return _Window(*rows[0]) if rows else _Window(0, time.time())


@dataclass(frozen=True, slots=True)
class Count:
    """One counter: a quota and what it is counted for."""

    quota: RateLimitItem
    subject: tuple[str, ...]

    @property
    def key(self) -> str:
        return self.quota.key_for(*self.subject)


class Throttle:
    """Quotas such as `10/minute`; raises TooMany with the seconds to wait."""

    def __init__(self, *, login: str, registration: str, sessions: str) -> None:
        self._login = parse(login)
        self._registration = parse(registration)
        self._sessions = parse(sessions)
        self._storage = PostgresStorage()
        self._windows = FixedWindowRateLimiter(self._storage)

    def attempt_login(self, account: str, address: str) -> None:
        """Count an attempt before its password is checked.

        The sessions opened for the account are limited as well as its failures: a correct password
        that is sent again and again costs as much as a wrong one.
        """
        opened = self._opened(account)
        if not self._windows.test(opened.quota, *opened.subject):
            raise self._too_many(opened)
        for count in self._login_counts(account, address):
            self._hit(count)

    def login_succeeded(self, account: str, address: str) -> None:
        """Only failures count: take the attempt back, and count the success apart."""
        own, whole_address, whole_account = self._login_counts(account, address)
        self._storage.clear(own.key)
        self._storage.forgive(whole_address.key)
        self._storage.forgive(whole_account.key)
        self._hit(self._opened(account))

    def attempt_code(self, address: str) -> None:
        """Count a guess of an activation code, which names no account, by its address alone."""
        self._hit(self._code(address))

    def code_succeeded(self, address: str) -> None:
        self._storage.clear(self._code(address).key)

    def attempt_registration(self, address: str, usuario_id: int | None) -> None:
        """Count a registration. A gestor who adds users may make more than an unknown address."""
        if usuario_id is None:
            self._hit(Count(self._registration, ("registro", address)))
        else:
            quota = _wider(self._registration)
            self._hit(Count(quota, ("registro", str(usuario_id), address)))

    def _login_counts(self, account: str, address: str) -> tuple[Count, Count, Count]:
        return (
            Count(self._login, ("login", account, address)),
            Count(_wider(self._login), ("login", address)),
            # Against guessing from many addresses: fewer than ten of them cannot reach it, so no
            # single attacker keeps the owner out. Sessions that are open go on.
            Count(_wider(self._login), ("conta", account)),
        )

    def _code(self, address: str) -> Count:
        return Count(self._login, ("codigo", address))

    def _opened(self, account: str) -> Count:
        return Count(self._sessions, ("sessoes", account))

    def _hit(self, count: Count) -> None:
        if not self._windows.hit(count.quota, *count.subject):
            raise self._too_many(count)

    def _too_many(self, count: Count) -> TooMany:
        reset = self._windows.get_window_stats(count.quota, *count.subject).reset_time
        return TooMany(retry_after=max(1, round(reset - time.time())))


def _wider(quota: RateLimitItem) -> RateLimitItem:
    return type(quota)(quota.amount * ADDRESS_FACTOR, quota.multiples)


def _hashed(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()
