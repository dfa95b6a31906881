"""`flask scores rescore`, `train` and `card`: all scores once more, a model learned anew, and how
good the model is; while the server serves."""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from commands.database import database_explained
from commands.model_card import lines_of
from commands.worker import PAUSE, Worker
from models.db import transaction
from models.job import ENDED, JobState
from services import jobService, modelService, scoreService, sweepService
from services.errors import AppError
from services.jobService import Standing

# Jobs that wait at one time: whoever takes one looks at all that wait.
_AT_ONCE = 50
_SAID_EVERY = 1.0  # seconds
scores = AppGroup("scores", help="Scores e probabilidades pela linha de comando.")
_EQUIPE = click.option("--equipe", type=int, help="Só esta equipe; sem ela, todas.")


@scores.command("rescore")
@_EQUIPE
@with_appcontext
def rescore_command(equipe: int | None) -> None:
    """Recalcula os scores dos leads."""
    with explained():
        require_none(rescore(tenants() if equipe is None else [equipe]))
    click.echo("Scores recalculados.")


@scores.command("train")
@_EQUIPE
@with_appcontext
def train_command(equipe: int | None) -> None:
    """Treina o modelo com os leads fechados e pontua todos de novo."""
    with explained():
        done = train(tenants() if equipe is None else [equipe])
    for each in done:
        click.echo(_trained(each.equipe_id, each.resultado or {}))


@scores.command("card")
@click.option("--equipe", type=int, required=True, help="De que equipe.")
@with_appcontext
def card_command(equipe: int) -> None:
    """Mostra o modelo em uso e o quanto ele acerta."""
    with explained():
        with transaction():
            jobService.require_team(equipe)
        found = modelService.card_of(equipe)
    for line in lines_of(found):
        click.echo(line)


@contextmanager
def explained() -> Iterator[None]:
    """Ends the command with one sentence for what the database or a service refuses."""
    with database_explained():
        try:
            yield
        except AppError as error:
            raise click.ClickException(error.message) from error


def train(tenants: Sequence[int]) -> list[Standing]:
    """Learn from the closed leads of these tenants anew; what came of it. Raises ClickException."""
    done = do_jobs(modelService.JOB, tenants)
    require_none(failed(done))
    return done


def rescore(tenants: Sequence[int]) -> list[int]:
    """Score all leads of these tenants once more; the jobs that failed."""
    return failed(do_jobs(scoreService.JOB, tenants))


def do_jobs(tipo: str, tenants: Sequence[int]) -> list[Standing]:
    """A job for each tenant, done here unless another worker is faster; what became of them."""
    worker, done = Worker(), []
    for some in batched(tenants, _AT_ONCE):
        ids, told = _ask(tipo, some), _Progress()
        while not _have_ended(found := _look_at(ids)):
            told.tell(found)
            if not worker.turn():
                time.sleep(PAUSE)
        done += found
    return done


def _have_ended(jobs: Iterable[Standing]) -> bool:
    return all(each.estado in ENDED for each in jobs)


class _Progress:
    """Says how far the jobs are, on the error output, where it is in nobody's way."""

    def __init__(self) -> None:
        self._said: dict[int, Any] = {}
        self._next = 0.0

    def tell(self, jobs: Iterable[Standing]) -> None:
        if time.monotonic() < self._next:
            return
        self._next = time.monotonic() + _SAID_EVERY
        for each in jobs:
            if each.progresso and each.progresso != self._said.get(each.id):
                self._said[each.id] = each.progresso
                done, total = each.progresso["feitos"], each.progresso["total"]
                of = "" if total is None else f" de {total}"
                click.echo(f"Equipe {each.equipe_id}: {done}{of} leads", err=True)


def failed(jobs: Iterable[Standing]) -> list[int]:
    return [each.id for each in jobs if each.estado is not JobState.CONCLUIDA]


def require_none(failed: Sequence[int]) -> None:
    if failed:
        raise click.ClickException(f"Trabalhos que falharam: {', '.join(map(str, failed))}.")


def _trained(equipe_id: int, resultado: dict[str, Any]) -> str:
    became = "em uso" if resultado["adotado"] else "não adotado"
    learned = f"{resultado['n']} leads fechados, {resultado['ganhos']} ganhos"
    return f"Equipe {equipe_id}: modelo {resultado['modelo']}, {learned}, {became}."


def _ask(tipo: str, tenants: Iterable[int]) -> list[int]:
    with transaction():
        return [jobService.enqueue_for_operator(each, tipo).id for each in tenants]


def _look_at(ids: Sequence[int]) -> list[Standing]:
    with transaction():
        return jobService.look_at(ids)


def tenants() -> list[int]:
    with transaction():
        return [each for each in sweepService.tenants() if each]
