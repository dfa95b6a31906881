"""What many ask for at once is computed once: all who want one version of a view share it."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Any

# Replies that are kept: those who come a moment later want them, too. The one that nobody has
# asked for longest goes first.
_KEPT = 256
_known: "OrderedDict[Hashable, Future[Any]]" = OrderedDict()
_lock = Lock()


def share[Answer](key: Hashable, compute: Callable[[], Answer]) -> Answer:
    """What compute() gives, or gave to whoever asked with this key before. Raises what it raises,
    to all who wait for it; then the next one tries again."""
    with _lock:
        theirs = _known.get(key)
        if theirs is not None:
            _known.move_to_end(key)
        else:
            ours = _known[key] = Future()
            if len(_known) > _KEPT:
                _known.popitem(last=False)
    if theirs is not None:
        shared: Answer = theirs.result()
        return shared
    try:
        ours.set_result(compute())
    except BaseException as error:
        with _lock:
            _known.pop(key, None)
        ours.set_exception(error)
    answer: Answer = ours.result()
    return answer
