"""How many requests a process works on at once, and how tenants share these slots.

The tenant of a request is known only after its credential was looked up, which needs a slot. So a
request is first counted for its credential, then for the tenant. A credential that was seen before
is counted for its tenant from the start.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from utils.sharing.fair_gate import FairGate

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]
_REMEMBERED = 10_000  # credentials
_DRAINED = 10 * 1024 * 1024  # bytes that are thrown away for the sake of a reply
_CHUNK = 64 * 1024


class _Slot:
    """One request's slot."""

    def __init__(self, gate: FairGate, group: Hashable) -> None:
        self.gate = gate
        self.group = group


_current: ContextVar[_Slot | None] = ContextVar("slot", default=None)


class Slots:
    """WSGI middleware: `slots` requests at a time; `free` paths, which touch nothing, need none."""

    def __init__(self, app: WsgiApp, slots: int, free: frozenset[str]) -> None:
        self._app = app
        self._gate = FairGate(slots)
        self._free = free
        self._known: dict[str, Hashable] = {}

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in self._free:
            return self._app(environ, start_response)
        credential = environ.get("HTTP_AUTHORIZATION") or environ.get("REMOTE_ADDR", "")
        slot = _Slot(self._gate, self._known.get(credential, credential))
        body = environ["wsgi.input"] = _Body(environ)
        self._gate.enter(slot.group)
        token = _current.set(slot)
        try:
            return body.after(self._app(environ, start_response))
        finally:
            _current.reset(token)
            self._gate.leave(slot.group)
            self._remember(credential, slot.group)

    def _remember(self, credential: str, group: Hashable) -> None:
        if group != credential:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            self._known[credential] = group


def identified(tenant: Hashable) -> None:
    """Count the current request for this tenant; it may have to wait for a slot again."""
    if (slot := _current.get()) is not None and slot.group != tenant:
        old, slot.group = slot.group, tenant
        slot.gate.regroup(old, tenant)


@contextmanager
def outside() -> Iterator[None]:
    """Release the slot while waiting for something other than the database."""
    slot = _current.get()
    if slot is None:
        yield
        return
    slot.gate.leave(slot.group)
    try:
        yield
    finally:
        slot.gate.enter(slot.group)


def give_way() -> None:
    """Let those who wait for a slot come first, as their tenants' shares say."""
    with outside():
        pass


class _Body:
    """A request's body. It may take minutes to arrive, or never arrive, so it is read without a
    slot: each slow sender costs a thread and blocks no other request."""

    def __init__(self, environ: dict[str, Any]) -> None:
        self._stream = environ["wsgi.input"]
        self._left = int(environ.get("CONTENT_LENGTH") or 0)
        self._awaited = environ.get("HTTP_EXPECT", "").lower() == "100-continue"

    def read(self, size: int = -1) -> Any:
        with outside():
            read = self._stream.read(size)
        self._left -= len(read)
        return read

    def after(self, reply: Iterable[bytes]) -> Iterable[bytes]:
        """The reply, which a sender of a refused body gets although it is still sending."""
        if not 0 < self._left <= _DRAINED or self._awaited:
            return reply
        return _BeforeDraining(reply, self._drain)

    def _drain(self) -> None:
        while self._left > 0 and (chunk := self._stream.read(min(self._left, _CHUNK))):
            self._left -= len(chunk)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


class _BeforeDraining:
    """A reply that is sent first; then what is left of the request's body is thrown away.

    A server that closes a connection on which somebody is still sending resets it, and most
    clients then never see the reply.
    """

    def __init__(self, reply: Iterable[bytes], drain: Callable[[], None]) -> None:
        self._reply = reply
        self._drain = drain

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._reply)

    def close(self) -> None:
        if hasattr(self._reply, "close"):
            self._reply.close()
        self._drain()
