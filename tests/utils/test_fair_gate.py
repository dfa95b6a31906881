"""A gate shares its places: alone a group has all, beside another one at most half."""

from collections import Counter
from collections.abc import Callable
from random import Random
from threading import Lock, Thread
from time import monotonic, sleep

import pytest

from utils.sharing.fair_gate import FairGate


def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 10
    while not condition():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.001)


class Queue:
    """Threads that enter a gate, in a known order; `inside` has the names of those who did."""

    def __init__(self, gate: FairGate) -> None:
        self.gate = gate
        self.inside: list[str] = []
        self.waiting = 0

    def join(self, name: str, group: str) -> None:
        before = len(self.gate._waiting)
        Thread(target=self._enter, args=(name, group), daemon=True).start()
        until(lambda: name in self.inside or len(self.gate._waiting) > before)

    def _enter(self, name: str, group: str) -> None:
        self.gate.enter(group)
        self.inside.append(name)

    def leave(self, group: str) -> None:
        expected = len(self.inside) + bool(self.gate._waiting)
        self.gate.leave(group)
        until(lambda: len(self.inside) == expected)


def test_a_group_that_is_alone_has_every_place() -> None:
    gate = FairGate(4)
    assert all(gate.enter("a", timeout=0) for _ in range(4))
    assert not gate.enter("a", timeout=0.01)
    gate.leave("a")
    assert gate.enter("b", timeout=0)


@pytest.mark.parametrize(("places", "half"), [(1, 1), (2, 1), (3, 2), (4, 2), (5, 3)])
def test_beside_a_waiting_group_it_keeps_half_rounded_up(places: int, half: int) -> None:
    queue = Queue(FairGate(places))
    for n in range(places):
        queue.join(f"a{n}", "a")
    for n in range(places):
        queue.join(f"more a{n}", "a")
    for n in range(places):
        queue.join(f"b{n}", "b")
    for _ in range(places - half):
        queue.leave("a")
    assert [name for name in queue.inside if name.startswith("b")] == [
        f"b{n}" for n in range(places - half)
    ]


def test_within_a_group_first_come_first_served() -> None:
    queue = Queue(FairGate(1))
    for name in ("first", "second", "third"):
        queue.join(name, "a")
    queue.leave("a")
    queue.leave("a")
    assert queue.inside == ["first", "second", "third"]


def test_a_caller_that_gave_up_takes_no_place() -> None:
    gate = FairGate(1)
    gate.enter("a")
    assert not gate.enter("b", timeout=0.01)
    gate.leave("a")
    assert gate.enter("c", timeout=0)


def test_a_holder_that_turns_out_to_be_anothers_waits_if_that_one_has_its_share() -> None:
    queue = Queue(FairGate(2))
    queue.gate.enter("a")
    queue.gate.enter("unknown")
    queue.join("b", "b")
    Thread(target=queue.gate.regroup, args=("unknown", "a"), daemon=True).start()
    until(lambda: queue.inside == ["b"])


def test_every_caller_gets_in_and_never_more_than_the_places() -> None:
    gate, lock, held, most = FairGate(3), Lock(), Counter[str](), []

    def work(seed: int) -> None:
        random = Random(seed)
        for _ in range(200):
            group = random.choice("aab")
            if not gate.enter(group, timeout=random.choice((None, 0.0005))):
                continue
            with lock:
                held[group] += 1
                most.append(held.total())
            if random.random() < 0.2:
                sleep(0.0002)
            with lock:
                held[group] -= 1
            gate.leave(group)

    threads = [Thread(target=work, args=(seed,)) for seed in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert not any(thread.is_alive() for thread in threads)
    assert max(most) == 3
    assert all(gate.enter("c", timeout=0) for _ in range(3)), "a place was lost"
