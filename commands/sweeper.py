"""The sweep beside a server's requests: one thread in each worker, once a minute.

So there is no cron and no second service to install. A lock makes the workers of one database take
turns.
"""

import logging
import random
import threading
import time
from collections.abc import Callable
from functools import partial

from flask import Flask
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.db import transaction
from models.db.errors import is_busy
from services import sweepService

EVERY = 60.0  # seconds
_log = logging.getLogger("finlead")


def start(app: Flask) -> None:
    """Sweep for as long as this process lives."""
    threading.Thread(target=_run, args=(app,), daemon=True, name="sweep").start()


def sweep(app: Flask) -> None:
    """One round of all steps, each in its own transaction. One that takes too long, or that meets
    another transaction, keeps no other from being done: the next round does what it left."""
    with app.app_context():
        with transaction():
            tenants = sweepService.tenants()
        steps: list[Callable[[], bool]] = [
            sweepService.sweep_sessions,
            sweepService.sweep_counters,
            sweepService.sweep_jobs,
        ]
        steps += [partial(sweepService.sweep_tenant, equipe_id) for equipe_id in tenants]
        for each in (
            sweepService.sweep_imports,
            sweepService.refresh_typical,
            sweepService.count_loads,
            sweepService.keep_figures,
            sweepService.score_as_time_passes,
            sweepService.score_what_was_left,
            sweepService.retrain,
        ):
            steps += [partial(each, equipe_id) for equipe_id in tenants]
        for step in steps:
            try:
                _to_the_end(step)
            except DBAPIError as error:
                if not is_busy(error):
                    raise
                _log.warning("sweep interrupted", exc_info=error)


def _to_the_end(step: Callable[[], bool]) -> None:
    done = False
    while not done:
        with transaction():
            done = step()


def _run(app: Flask) -> None:
    while True:
        # Apart from each other, so that workers do not all ask at one moment.
        time.sleep(EVERY * random.uniform(0.8, 1.2))  # noqa: S311 - a pause, not a secret
        try:
            sweep(app)
        except (DBAPIError, PoolTimeout) as error:  # the database is away, say
            _log.warning("sweep interrupted", exc_info=error)
