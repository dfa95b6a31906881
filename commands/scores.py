"""`flask scores rescore`: all scores once more, while the server serves."""

import time
from collections.abc import Iterable, Sequence
from itertools import batched

import click
from flask.cli import AppGroup, with_appcontext

from commands.database import database_explained
from commands.worker import PAUSE, Worker
from models.db import transaction
from models.job import ENDED, JobState
from services import jobService, sweepService
from services.errors import AppError

# Jobs that wait at one time: whoever takes one looks at all that wait.
_AT_ONCE = 50
scores = AppGroup("scores", help="Scores pela linha de comando.")


@scores.command("rescore")
@click.option("--equipe", type=int, help="Só esta equipe; sem ela, todas.")
@with_appcontext
def rescore_command(equipe: int | None) -> None:
    """Recalcula os scores dos leads."""
    with database_explained():
        try:
            failed = rescore([equipe] if equipe else _tenants())
        except AppError as error:
            raise click.ClickException(error.message) from error
    if failed:
        raise click.ClickException(f"Trabalhos que falharam: {', '.join(map(str, failed))}.")
    click.echo("Scores recalculados.")


def rescore(tenants: Sequence[int]) -> list[int]:
    """A job for each tenant, done here unless another worker is faster; those that failed."""
    worker, failed = Worker(), []
    for some in batched(tenants, _AT_ONCE):
        ids = _ask(some)
        while not set((states := _states(ids)).values()) <= ENDED:
            if not worker.turn():
                time.sleep(PAUSE)
        failed += [job_id for job_id in ids if states[job_id] is not JobState.CONCLUIDA]
    return failed


def _ask(tenants: Iterable[int]) -> list[int]:
    with transaction():
        return [jobService.enqueue_for_operator(each, "repontuar").id for each in tenants]


def _states(ids: Sequence[int]) -> dict[int, JobState]:
    with transaction():
        return jobService.states_of(ids)


def _tenants() -> list[int]:
    with transaction():
        return [each for each in sweepService.tenants() if each]
