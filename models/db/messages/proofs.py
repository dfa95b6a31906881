"""Who asks is proved in the message that answers.

What is known of a caller from an earlier request may be out of date. So the first message of the
next one begins with a statement that fails unless all of it is still true: then nothing else of the
message is carried out, and no row is seen.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from models.db.messages.queries import Part

# A proof counts the rows that say so, and divides by their number: there is one, or an error.
PROOF = "select 1 / count(*)"
DISPROVED = "22012"

_pending: ContextVar[Part | None] = ContextVar("proof", default=None)


class Unproven(Exception):
    """Something that was known of the caller is no longer so. Nothing was carried out."""


@contextmanager
def proving(proof: Part) -> Iterator[None]:
    """The first message of this block proves who asks. Raises Unproven.

    A block that sends none has to call statements.prove() before its outcome is used.
    """
    token = _pending.set(proof)
    try:
        yield
    finally:
        _pending.reset(token)


def pending() -> Part | None:
    """The proof that the next message carries."""
    return _pending.get()


def proved() -> None:
    _pending.set(None)
