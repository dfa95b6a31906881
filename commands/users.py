"""`flask users reset-password E-MAIL`: the way back of a gestor who has nobody to ask."""

import click
from flask.cli import AppGroup, with_appcontext

from commands.database import database_explained
from models.db import transaction
from services import activationService
from services.errors import AppError

users = AppGroup("users", help="Usuários pela linha de comando.")


@users.command("reset-password")
@click.argument("email")
@with_appcontext
def reset_password(email: str) -> None:
    """Encerra a senha e as sessões de um usuário e mostra o código para uma nova."""
    try:
        with database_explained(), transaction():
            code = activationService.reset_by_email(email)
    except AppError as error:
        raise click.ClickException(error.message) from error
    click.echo(f"Código de ativação (24 horas, uma vez): {code}")
    click.echo('Use-o em POST /auth/activate com {"codigo": "...", "senha": "..."}.')
