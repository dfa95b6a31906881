"""Puts other rules, or another model, in force for a tenant, while its leads are written."""

import time
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from models.db import db
from models.db.errors import is_busy
from models.db.locks import lock_alone
from models.db.messages.queries import Query
from models.db.statements import execute_here
from models.team_settings import SETTINGS
from services.errors import AppError, Code
from services.scores.current import lock_name

# Writers that come while one waits for the lock wait behind it: so it waits briefly, and lets them
# pass before it tries again. For a writer that takes minutes, such as an import, nobody waits.
_WAIT = 250  # milliseconds
_PAUSE = 0.25  # seconds
_TRIES = 12
_BRIEFLY = Query(f"set local lock_timeout = {_WAIT}", {})


class LongWrite(AppError):
    status = 503
    code = Code.GRAVACAO_EM_ANDAMENTO
    message = "Uma gravação longa da equipe, como uma importação, ainda não terminou."

    def __init__(self) -> None:
        super().__init__(retry_after=10)


def put_in_force(equipe_id: int, **versions: int) -> None:
    """Make these the versions in force (`regras_versao`, `modelo_versao`), from the commit on.

    Near the end of a transaction that writes no lead itself and has not held the versions before:
    all writers wait until it commits. Raises LongWrite.
    """
    ours = SETTINGS.c.equipe_id == equipe_id
    # Before the lock: who has it waits for nobody.
    held = select(SETTINGS.c.equipe_id).where(ours).with_for_update(key_share=True)
    db.session.execute(held)
    _keep_writers_out(lock_name(equipe_id))
    values: dict[str, Any] = dict(versions)
    db.session.execute(update(SETTINGS).where(ours).values(values))


def _keep_writers_out(name: str) -> None:
    for _ in range(_TRIES):
        try:
            with db.session.begin_nested():
                db.session.connection()  # which is when the savepoint is set
                execute_here(_BRIEFLY, {})
                lock_alone(name)
            return
        except DBAPIError as error:
            if not is_busy(error):
                raise
        time.sleep(_PAUSE)
    raise LongWrite()
