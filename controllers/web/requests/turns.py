"""Imports take turns: one at a time for each tenant, and one at a time in each worker.

A body is received into a file before its turn comes. So a slow sender does not make other imports
wait, and many senders take no memory. A request that waits here holds no slot.
"""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from time import monotonic
from typing import IO

from flask import request
from werkzeug.wsgi import get_input_stream

from controllers.web.requests.input import receiving, require_whole
from services import importService
from services.errors import Busy
from services.principal import Principal
from utils.sharing.fair_gate import FairGate
from utils.sharing.slots import outside

PATIENCE = 30.0  # seconds
RENEWAL = importService.TURN / 4  # seconds
_IN_MEMORY = 64 * 1024


class Turns:
    def __init__(self) -> None:
        self._gate = FairGate(1)

    @contextmanager
    def taken(self, caller: Principal) -> Iterator[None]:
        """Wait until the body has arrived and it is this import's turn. Raises ImportRunning, Busy,
        BadRequest, PayloadTooLarge."""
        with _only_one_of(caller) as keep, _body_aside(keep), self._turn_of(caller.equipe_id):
            keep()
            yield

    @contextmanager
    def _turn_of(self, equipe_id: int) -> Iterator[None]:
        with outside():
            entered = self._gate.enter(equipe_id, PATIENCE)
        if not entered:
            raise Busy()
        try:
            yield
        finally:
            self._gate.leave(equipe_id)


@contextmanager
def _only_one_of(caller: Principal) -> Iterator[Callable[[], None]]:
    """The tenant's turn, with the function that keeps it."""
    holder = importService.take_turn(caller)
    try:
        yield partial(importService.keep_turn, caller, holder)
    finally:
        importService.end_turn(caller, holder)


@contextmanager
def _body_aside(keep: Callable[[], None]) -> Iterator[None]:
    """Receive the body into a file, from which the view reads it. A cut body is refused."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        with receiving():
            _receive(file, keep)
        require_whole(file.tell())
        file.seek(0)
        request.environ["wsgi.input"] = file
        yield


def _receive(file: IO[bytes], keep: Callable[[], None]) -> None:
    stream = get_input_stream(request.environ, max_content_length=request.max_content_length)
    kept = monotonic()
    while chunk := stream.read(_IN_MEMORY):
        file.write(chunk)
        if monotonic() - kept > RENEWAL:
            keep()
            kept = monotonic()
