"""`flask metrics rebuild`: all figures counted anew, while the server serves."""

import click
from flask.cli import AppGroup, with_appcontext

from commands.scores import do_jobs, explained, failed, require_none, tenants
from services import metricsService

metrics = AppGroup("metrics", help="Os números do painel pela linha de comando.")


@metrics.command("rebuild")
@click.option("--equipe", type=int, help="Só esta equipe; sem ela, todas.")
@with_appcontext
def rebuild_command(equipe: int | None) -> None:
    """Conta todos os números de novo e diz quantos estavam errados."""
    with explained():
        done = do_jobs(metricsService.JOB, tenants() if equipe is None else [equipe])
        require_none(failed(done))
    for each in done:
        wrong = (each.resultado or {}).get("corrigidos", 0)
        click.echo(f"Equipe {each.equipe_id}: {wrong} números diferentes do que deviam ser.")
