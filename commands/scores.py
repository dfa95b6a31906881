"""`flask scores rescore`: all scores once more, while the server serves."""

import click
from flask.cli import AppGroup, with_appcontext

from commands.database import database_explained
from models.db import transaction
from services import scoreService, sweepService

scores = AppGroup("scores", help="Scores pela linha de comando.")
# A step is at most RESCORED leads: no writer waits for it long.
_STATEMENT_TIMEOUT = 60_000  # milliseconds


@scores.command("rescore")
@click.option("--equipe", type=int, help="Só esta equipe; sem ela, todas.")
@with_appcontext
def rescore_command(equipe: int | None) -> None:
    """Recalcula os scores dos leads."""
    with database_explained():
        for equipe_id in [equipe] if equipe else _tenants():
            rescore(equipe_id)
    click.echo("Scores recalculados.")


def rescore(equipe_id: int) -> None:
    """All leads of a tenant, each step in a transaction of its own."""
    after: int | None = 0
    while after is not None:
        with transaction(_STATEMENT_TIMEOUT):
            after = scoreService.rescore(equipe_id, after)


def _tenants() -> list[int]:
    with transaction():
        return [each for each in sweepService.tenants() if each]
