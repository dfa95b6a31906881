"""A file as blocks of bytes, and as lines of text: as much of it in memory as one block."""

import io
from collections.abc import Callable, Iterator
from typing import Any

# The file's bytes from the first one on, each time it is called.
Blocks = Callable[[], Iterator[bytes]]


def head_of(blocks: Blocks, size: int) -> bytes:
    """The first bytes of a file, at most `size` of them."""
    found = b""
    for block in blocks():
        found += block[: size - len(found)]
        if len(found) == size:
            break
    return found


def lines_of(blocks: Blocks, encoding: str, errors: str = "strict") -> Iterator[str]:
    """The lines of a file, which end with LF, CR or both."""
    return io.TextIOWrapper(io.BufferedReader(_Raw(blocks())), encoding, errors, newline="")


class _Raw(io.RawIOBase):
    """The file that a decoder reads."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._rest = memoryview(b"")

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        while not self._rest:
            block = next(self._blocks, None)
            if block is None:
                return 0
            self._rest = memoryview(block)
        size = min(len(buffer), len(self._rest))
        buffer[:size] = self._rest[:size]
        self._rest = self._rest[size:]
        return size
