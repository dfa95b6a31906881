"""Imports take turns: one at a time for each tenant, and one at a time in each worker.

A body is received into a file before its turn comes. So a slow sender does not make other imports
wait, and many senders take no memory. A request that waits here holds no slot.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Lock

from flask import request
from werkzeug.wsgi import get_input_stream

from controllers.web.input import receiving, require_whole
from services import importService
from services.errors import Busy, ImportRunning
from services.principal import Principal
from utils.fair_gate import FairGate
from utils.slots import outside

PATIENCE = 30.0  # seconds
_IN_MEMORY = 64 * 1024


class Turns:
    def __init__(self) -> None:
        self._gate = FairGate(1)
        self._lock = Lock()
        self._under_way: set[int] = set()

    @contextmanager
    def taken(self, caller: Principal) -> Iterator[None]:
        """Wait until the body has arrived and it is this import's turn. Raises ImportRunning, Busy,
        BadRequest, PayloadTooLarge."""
        with self._only_one_of(caller.equipe_id):
            importService.require_none_running(caller)
            with _body_aside(), self._turn_of(caller.equipe_id):
                yield

    @contextmanager
    def _only_one_of(self, equipe_id: int) -> Iterator[None]:
        with self._lock:
            if equipe_id in self._under_way:
                raise ImportRunning()
            self._under_way.add(equipe_id)
        try:
            yield
        finally:
            with self._lock:
                self._under_way.remove(equipe_id)

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
def _body_aside() -> Iterator[None]:
    """Receive the body into a file, from which the view reads it. A cut body is refused."""
    with tempfile.SpooledTemporaryFile(_IN_MEMORY) as file:
        with receiving():
            stream = get_input_stream(
                request.environ, max_content_length=request.max_content_length
            )
            shutil.copyfileobj(stream, file, _IN_MEMORY)
        require_whole(file.tell())
        file.seek(0)
        request.environ["wsgi.input"] = file
        yield
