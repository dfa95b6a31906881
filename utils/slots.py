"""How many requests a process works on at once, those apart that wait for their body."""

from collections.abc import Callable, Iterable
from threading import BoundedSemaphore
from typing import Any

WsgiApp = Callable[[dict[str, Any], Any], Iterable[bytes]]


class Slots:
    """WSGI middleware: `slots` requests at a time; `free` paths, which touch nothing, need none.

    A body may take minutes to arrive, or never do. Whoever reads one gives his slot back
    meanwhile, so slow senders cost a thread each and keep nobody from being served.
    """

    def __init__(self, app: WsgiApp, slots: int, free: frozenset[str]) -> None:
        self._app = app
        self._slots = BoundedSemaphore(slots)
        self._free = free

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        if environ.get("PATH_INFO") in self._free:
            return self._app(environ, start_response)
        with self._slots:
            environ["wsgi.input"] = _Body(environ["wsgi.input"], self._slots)
            return self._app(environ, start_response)


class _Body:
    """A request's body, read without its slot."""

    def __init__(self, stream: Any, slots: BoundedSemaphore) -> None:
        self._stream = stream
        self._slots = slots

    def read(self, size: int = -1) -> Any:
        self._slots.release()
        try:
            return self._stream.read(size)
        finally:
            self._slots.acquire()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)
