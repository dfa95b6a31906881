"""A number of places, shared fairly by groups of callers."""

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from threading import Event, Lock


@dataclass(slots=True)
class _Ticket:
    group: Hashable
    granted: Event = field(default_factory=Event)


class FairGate:
    """While another group waits, no group holds more than half of the places, rounded up.

    A group that is alone may hold all of them. A free place goes to the waiting group that holds
    the fewest, and within it to the caller that waited longest.
    """

    def __init__(self, places: int) -> None:
        self._free = places
        self._half = (places + 1) // 2
        self._held: Counter[Hashable] = Counter()
        self._waiting: list[_Ticket] = []
        self._lock = Lock()

    def enter(self, group: Hashable, timeout: float | None = None) -> bool:
        """Wait for a place, at most `timeout` seconds; whether the caller got one."""
        with self._lock:
            if self._free and not self._waiting:
                self._take(group)
                return True
            ticket = _Ticket(group)
            self._waiting.append(ticket)
            self._admit()
        if ticket.granted.wait(timeout):
            return True
        with self._lock:
            if ticket.granted.is_set():
                return True
            self._waiting.remove(ticket)
        return False

    def leave(self, group: Hashable) -> None:
        """Give a place back."""
        with self._lock:
            self._drop(group)
            self._free += 1
            self._admit()

    def regroup(self, old: Hashable, new: Hashable) -> None:
        """Move a holder to the group that it turns out to belong to. It waits again if that group
        has its share already and others wait."""
        if old == new:
            return
        with self._lock:
            self._drop(old)
            self._held[new] += 1
            others = any(ticket.group != new for ticket in self._waiting)
            over = others and self._held[new] > self._half
        if over:
            self.leave(new)
            self.enter(new)

    def _admit(self) -> None:
        while self._free and (ticket := self._next()):
            self._waiting.remove(ticket)
            self._take(ticket.group)
            ticket.granted.set()

    def _next(self) -> _Ticket | None:
        if not self._waiting:
            return None
        first = min(self._waiting, key=lambda ticket: self._held[ticket.group])
        alone = all(ticket.group == first.group for ticket in self._waiting)
        return first if alone or self._held[first.group] < self._half else None

    def _take(self, group: Hashable) -> None:
        self._free -= 1
        self._held[group] += 1

    def _drop(self, group: Hashable) -> None:
        self._held[group] -= 1
        if not self._held[group]:
            del self._held[group]  # groups come and go for as long as the process lives
