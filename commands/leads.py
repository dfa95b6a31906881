"""`flask leads import FILE`: the API's import, without its size cap."""

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

import click
from flask.cli import AppGroup, with_appcontext

from commands.database import database_explained
from commands.files import file_explained
from models.db import NO_TIMEOUT, enter_tenant, transaction
from services import importService, userService
from services.errors import AppError
from services.importService import Action, Duplicates

_BLOCK = 1024 * 1024

leads = AppGroup("leads", help="Leads pela linha de comando.")


@leads.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--usuario", required=True, help="E-mail do gestor em cujo nome se importa.")
@click.option("--mapeamento", type=click.Path(path_type=Path), help="JSON do mapeamento.")
@click.option("--duplicados", type=click.Choice(importService.ON_DUPLICATE), default="pular")
@click.option("--reabrir", is_flag=True, help="Atualizar pode reabrir leads fechados.")
@click.option("--dry-run", is_flag=True, help="Confere sem gravar.")
@click.option("--json", "as_json", is_flag=True, help="Resultado em JSON na saída padrão.")
@with_appcontext
def import_command(
    file: Path,
    usuario: str,
    mapeamento: Path | None,
    duplicados: Action,
    reabrir: bool,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Importa os leads de um CSV em UTF-8 (`,` ou `;`)."""
    with explained(), file_explained("ler"), database_explained():
        result = _import(file, usuario, mapeamento, Duplicates(duplicados, reabrir), dry_run)
    click.echo(json.dumps(result, ensure_ascii=False) if as_json else _summary(result))


@contextmanager
def explained() -> Iterator[None]:
    """Turns expected errors into one sentence for the user at the terminal, and exit code 1."""
    try:
        yield
    except AppError as error:
        details = [f"{field.campo}: {field.mensagem}" for field in error.fields]
        raise click.ClickException("\n".join([error.message, *details])) from error


def _import(
    file: Path, usuario: str, mapeamento: Path | None, duplicates: Duplicates, dry_run: bool
) -> dict[str, Any]:
    mapping = None if mapeamento is None else mapeamento.read_bytes()
    with transaction(NO_TIMEOUT), file.open("rb") as raw:
        caller = userService.act_as(usuario)
        enter_tenant(caller.equipe_id)
        # On stderr, and only on a terminal: elsewhere click would still print the label.
        bar = click.progressbar(
            length=file.stat().st_size,
            label="Importando",
            file=sys.stderr,
            hidden=not sys.stderr.isatty(),
        )
        with bar:
            blocks = partial(_watched, raw, bar)
            return importService.import_blocks(caller, blocks, mapping, duplicates, dry_run=dry_run)


def _watched(file: BinaryIO, bar: Any) -> Iterator[bytes]:
    """The blocks of a file from its first one; reading them moves the progress bar."""
    file.seek(0)
    while block := file.read(_BLOCK):
        bar.update(file.tell() - bar.pos)
        yield block


def _summary(result: dict[str, Any]) -> str:
    counts = ("linhas", "criados", "atualizados", "pulados", "rejeitados")
    lines = [", ".join(f"{name}: {result[name]}" for name in counts)]
    told = [*result["erros"], *result["linhas_puladas"]]
    lines += [f"linha {e['linha']}: {e['campo']} {e['mensagem']}".strip() for e in told]
    return "\n".join(lines)
