"""`flask backup create FILE`, `flask backup restore FILE`; `flask db restored` after pg_restore."""

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import Engine, make_url
from sqlalchemy.exc import DBAPIError

from commands.files import file_explained
from models.db.access.fitness import UnfitDatabase
from models.db.access.inspection import inspect
from models.db.access.roles import refuse_on_connect
from models.db.copying.copies import copying_engine, writing
from models.db.engines import OWNER_ADDRESS, PRODUCTION
from models.db.errors import is_away, is_busy, is_forbidden
from services import backupService
from services.backupService import BackupRefused, Reopened
from utils.archive import Archive, BadArchive
from utils.postgres.complaints import BUSY, not_the_owner, why_unreachable
from utils.postgres.migrations import is_newer, known, refusal

backup = AppGroup("backup", help="Backup do banco de dados.")
_revoke_option = click.option(
    "--revogar-chaves", is_flag=True, help="Revoga todas as chaves de API, de todas as equipes."
)


def register(app: Flask) -> None:
    """Where migrations are: a restore runs them."""
    app.cli.add_command(backup)
    migrations: Any = app.cli.commands["db"]
    migrations.add_command(restored_command)


@backup.command("create")
@click.argument("file", type=click.Path(path_type=Path))
@with_appcontext
def create_command(file: Path) -> None:
    """Grava todos os dados em FILE; o servidor pode continuar no ar."""
    url = current_app.config["SQLALCHEMY_DATABASE_URI"]
    with _explained(_why_not_read), file_explained("gravar", file):
        found = inspect(url, ordinary_role=False)
        if not found:
            raise BackupRefused("O banco de dados não tem tabelas: não há o que guardar.")
        _require_known(found[0], f"O banco de dados está na migração {found[0]}")
        with _new_file(file) as opened:
            made = backupService.create(url, opened)
    click.echo(
        f"Backup gravado em {file}: {len(made.tabelas)} tabelas, {_number(made.linhas)} linhas, "
        f"{_number(file.stat().st_size)} bytes, migração {made.migracao}."
    )
    click.echo("Ele contém dados pessoais: guarde-o cifrado e longe deste servidor.")


@contextmanager
def _new_file(path: Path) -> Iterator[BinaryIO]:
    """A file that gets its name once it is whole. Only the caller's account may read it."""
    _refuse_existing(path)
    if not path.parent.is_dir():
        raise BackupRefused(f"A pasta {path.parent} não existe.")
    descriptor, aside = tempfile.mkstemp(f".{path.name}.partial", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        _refuse_existing(path)
        Path(aside).rename(path)
    except BaseException:  # Ctrl-C too
        Path(aside).unlink(missing_ok=True)
        raise


def _refuse_existing(path: Path) -> None:
    if path.exists(follow_symlinks=False):
        raise BackupRefused(f"{path} já existe: escolha outro nome ou apague-o antes.")


@backup.command("restore")
@click.argument("file", type=click.Path(path_type=Path))
@_revoke_option
@with_appcontext
def restore_command(file: Path, revogar_chaves: bool) -> None:
    """Restaura FILE em um banco de dados sem equipes."""
    with (
        _explained(_why_not_written, file),
        file_explained("ler", file),
        Archive(file) as archive,
    ):
        archive.check()
        revision = archive.manifest.migracao
        _require_known(revision, f"{file} está na migração {revision}")
        reopened = _restore(archive, revogar_chaves)
        click.echo(
            f"Backup de {archive.manifest.feito_em} restaurado: {len(archive.manifest.tabelas)} "
            f"tabelas, {_number(archive.manifest.linhas)} linhas, migração {known()[-1]}."
        )
    _tell(reopened)


def _restore(archive: Archive, revoke_keys: bool) -> Reopened:
    engine = _owners_engine()
    _migrate_to(archive.manifest.migracao, engine)
    try:
        with writing(engine) as connection:
            reopened = backupService.load(connection, archive, revoke_keys=revoke_keys)
    finally:
        _migrate("upgrade", "head")
    with writing(engine) as connection:
        return backupService.settle(connection, reopened)


def _migrate_to(revision: str, engine: Engine) -> None:
    """Bring a database without equipes to the revision of a backup."""
    found = inspect(_owners_address(), ordinary_role=False)
    if is_newer(found):
        raise BackupRefused(str(refusal(found)))
    if found:
        with engine.connect() as connection:
            backupService.require_empty(connection)
    if list(found) != [revision]:
        _migrate("downgrade" if found and found[0] > revision else "upgrade", revision)


def _migrate(direction: str, revision: str) -> None:
    # Imported here, so that workers do not hold Alembic and its dependencies in memory.
    import flask_migrate

    getattr(flask_migrate, direction)(revision=revision)


@click.command("restored")
@_revoke_option
@with_appcontext
def restored_command(revogar_chaves: bool) -> None:
    """Abre um banco que outro programa restaurou, como o pg_restore."""
    with _explained(_why_not_written):
        if sentence := refusal(inspect(_owners_address(), ordinary_role=False)):
            raise BackupRefused(sentence)
        with writing(_owners_engine()) as connection:
            reopened = backupService.reopen(connection, revoke_keys=revogar_chaves)
            backupService.settle(connection, reopened)
    _tell(reopened)


def _tell(reopened: Reopened) -> None:
    click.echo(f"Época {reopened.epoch} aberta; sessões encerradas: {reopened.ended_sessions}.")
    click.echo(
        f"Senhas, papéis e usuários ativos são os do backup. Chaves de API que valem: "
        f"{reopened.live_keys}; uma que foi revogada depois do backup vale de novo: confira "
        "GET /auth/keys em cada equipe."
    )


def _require_known(revision: str, where: str) -> None:
    if is_newer([revision]):
        raise BackupRefused(f"{where}, que este código não conhece: atualize o código.")


def _owners_address() -> str:
    config = current_app.config
    return str(config[OWNER_ADDRESS] or config["SQLALCHEMY_DATABASE_URI"])


def _variable() -> str:
    return "MIGRATION_DATABASE_URL" if current_app.config[OWNER_ADDRESS] else "DATABASE_URL"


def _owners_engine() -> Engine:
    engine = copying_engine(_owners_address())
    if current_app.config[PRODUCTION]:
        refuse_on_connect(engine, variable=_variable())
    return engine


@contextmanager
def _explained(why: Callable[[DBAPIError], str], file: Path | None = None) -> Iterator[None]:
    """Ends the command with one sentence and exit code 1."""
    try:
        yield
    except (BackupRefused, UnfitDatabase) as error:
        raise SystemExit(str(error)) from error
    except BadArchive as error:
        raise SystemExit(f"{file} {error}. Nada foi mudado.") from error
    except DBAPIError as error:
        raise SystemExit(BUSY if is_busy(error) else why(error)) from error


def _why_not_read(error: DBAPIError) -> str:
    url = make_url(current_app.config["SQLALCHEMY_DATABASE_URI"])
    return why_unreachable(error.orig or error, url)


def _why_not_written(error: DBAPIError) -> str:
    """Described by names of the schema: PostgreSQL's own message may quote a person's data."""
    url, variable = make_url(_owners_address()), _variable()
    if is_forbidden(error):
        return not_the_owner(url, variable)
    if is_away(error):
        return why_unreachable(error.orig or error, url, variable)
    diag = getattr(error.orig, "diag", None)
    return (
        f"O banco de dados recusou os dados (tabela {getattr(diag, 'table_name', None)}, SQLSTATE "
        f"{getattr(diag, 'sqlstate', None)}). Nada foi mudado."
    )


def _number(value: int) -> str:
    return f"{value:,}".replace(",", ".")
