"""`flask demo`: an equipe to look at, with people, leads and half a year of history."""

import csv

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy.exc import DBAPIError

from commands.database import require_database
from commands.files import file_explained
from commands.scores import explained, train
from config import ROOT, Settings
from models.db import NO_TIMEOUT, transaction
from models.db.engines import PRODUCTION
from models.db.errors import is_worth_repeating
from services import demoService, modelService
from services.demoService import MANAGER, PASSWORD, SELLERS

_FOLDER = ROOT / "demo"


@click.command("demo")
@with_appcontext
def demo_command() -> None:
    """Cria uma equipe de demonstração, com pessoas fictícias; a que já existe fica como está."""
    if current_app.config[PRODUCTION]:
        raise click.ClickException("Em produção não há demonstração: APP_ENV=production.")
    with explained(), file_explained("ler"):
        require_database(
            current_app.config["SQLALCHEMY_DATABASE_URI"], migrate=True, ordinary_role=False
        )
        _require_model(_equipe())
    _tell()


def _equipe() -> int:
    """The number of the equipe. Prepared statements take half the time; where a pooler loses them,
    nothing was made, and it is begun anew without."""
    try:
        return _found_or_made(prepares=True)
    except DBAPIError as error:
        if not is_worth_repeating(error):
            raise
    return _found_or_made(prepares=False)


def _found_or_made(*, prepares: bool) -> int:
    with transaction(NO_TIMEOUT, prepares=prepares):
        if (known := demoService.find()) is not None:
            click.echo("A equipe de demonstração já existe.")
            return known
        click.echo("Criando a equipe de demonstração, com seis meses de história (um minuto)")
        with (_FOLDER / "bank-2000.csv").open(encoding="utf-8", newline="") as file:
            bank = list(csv.DictReader(file, delimiter=";"))
        return demoService.make(bank, (_FOLDER / "mapping.json").read_bytes())


def _require_model(equipe_id: int) -> None:
    """A demonstration that was stopped before it had learned goes on here."""
    if not modelService.card_of(equipe_id)["versao"]:
        click.echo("Treinando o modelo com os leads fechados")
        train([equipe_id])


def _tell() -> None:
    click.echo(f"Painel:   {Settings.from_env().address}/painel (make run sobe o servidor)")
    click.echo(f"Gestora:  {MANAGER.email}, senha {PASSWORD}")
    click.echo(f"Vendedor: {SELLERS[0].email}, senha {PASSWORD}")
