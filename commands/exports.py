"""`flask leads export FILE`: the API's export, without its limit of time."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import with_appcontext

from commands.database import database_explained
from commands.files import file_explained
from commands.leads import explained
from models.db import NO_TIMEOUT, enter_tenant, transaction
from services import exportService, userService
from services.exportService import Export
from utils.brazil.states import STATES
from utils.clock import parse_day

_STDOUT = Path("-")


class _Day(click.ParamType[Any]):
    name = "AAAA-MM-DD"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        try:
            return parse_day(value)
        except ValueError as error:
            self.fail(str(error), param, ctx)


class _Owner(click.ParamType[Any]):
    name = "ID|nenhum"

    def convert(self, value: Any, param: Any, ctx: Any) -> Any:
        if value == exportService.NOBODY or isinstance(value, int):
            return value
        return click.INT.convert(value, param, ctx)


@click.command("export")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--usuario", required=True, help="E-mail do gestor em cujo nome se exporta.")
@click.option("--formato", type=click.Choice(exportService.FORMAT_NAMES), default="csv")
@click.option("--ordenar", type=click.Choice(exportService.ORDER_NAMES), default="-criado_em")
@click.option("--etapa", multiple=True)
@click.option("--origem", multiple=True)
@click.option("--uf", multiple=True, type=click.Choice(STATES))
@click.option("--faixa", multiple=True, type=click.Choice(exportService.BANDS))
@click.option("--produto", multiple=True)
@click.option("--etiqueta", multiple=True, help="Repetida: todas elas.")
@click.option("--responsavel", "responsavel_id", type=_Owner())
@click.option("--criado-de", type=_Day())
@click.option("--criado-ate", type=_Day())
@click.option("--q", help="Partes do nome ou da empresa.")
@with_appcontext
def export_command(file: Path, usuario: str, formato: str, ordenar: str, **filtros: Any) -> None:
    """Exporta leads para FILE, que ainda não existe, ou - para a saída padrão."""
    given = {
        name: list(value) if isinstance(value, tuple) else value
        for name, value in filtros.items()
        if value not in (None, ())
    }
    with explained(), database_explained(), file_explained("gravar", file):
        with transaction():
            caller = userService.act_as(usuario)
            enter_tenant(caller.equipe_id)
            export = exportService.ask(caller, filters=given, ordenar=ordenar, formato=formato)
        with _written(file) as opened, _Progress() as progress:
            _write(export, opened, progress)
    click.echo(f"{progress.done} leads exportados.", err=True)


def _write(export: Export, opened: BinaryIO, progress: "_Progress") -> None:
    made = export.open(timeout=NO_TIMEOUT, watch=progress.tell)
    with closing(made):
        for part in made.parts:
            opened.write(part)


@contextmanager
def _written(path: Path) -> Iterator[BinaryIO]:
    """A new file that only the caller's account may read; one that is not whole does not stay."""
    if path == _STDOUT:
        yield sys.stdout.buffer
        return
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as file:
        try:
            yield file
        except BaseException:  # Ctrl-C too
            path.unlink()
            raise


class _Progress:
    """How far it is, how fast, and how long it still takes: on stderr, if that is a terminal."""

    def __init__(self) -> None:
        self.done = 0
        self._began = time.monotonic()
        self._bar: Any = click.progressbar(
            length=1,
            label="Exportando",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
            item_show_func=lambda _: f"{self.done / (time.monotonic() - self._began):.0f}/s",
        )

    def __enter__(self) -> "_Progress":
        self._bar.__enter__()
        return self

    def __exit__(self, *error: object) -> None:
        self._bar.__exit__(*error)

    def tell(self, total: int, done: int) -> None:
        self._bar.length = max(total, 1)
        self._bar.update(done - self.done)
        self.done = done
