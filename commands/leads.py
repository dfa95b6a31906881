"""`flask leads import FILE`: the API's import, without its size cap."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
from flask.cli import AppGroup, with_appcontext

from commands.database import database_explained
from commands.files import file_explained
from commands.importing import Order, carry_out, check
from models.imports.run import RunState
from services import importService
from services.errors import AppError
from services.importRunService import Seen
from services.importService import Action, Duplicates, Owners

_COUNTS = ("linhas", "criados", "atualizados", "iguais", "pulados", "rejeitados")
_LISTS = ("erros", "linhas_puladas", "avisos", "colunas", "codificacao", "delimitador")

leads = AppGroup("leads", help="Leads pela linha de comando.")


@leads.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--usuario", required=True, help="E-mail do gestor em cujo nome se importa.")
@click.option("--mapeamento", type=click.Path(path_type=Path), help="JSON do mapeamento.")
@click.option("--duplicados", type=click.Choice(importService.ON_DUPLICATE), default="pular")
@click.option("--reabrir", is_flag=True, help="Atualizar pode reabrir leads fechados.")
@click.option("--permitir-duplicado", is_flag=True, help="Só id_externo identifica um lead.")
@click.option("--responsaveis", help="De quem são os leads novos: 3,7 ou auto.")
@click.option("--planilha", help="A planilha de um .xlsx; sem ela, a primeira.")
@click.option("--dry-run", is_flag=True, help="Confere sem gravar.")
@click.option("--json", "as_json", is_flag=True, help="Resultado em JSON na saída padrão.")
@with_appcontext
def import_command(
    file: Path,
    usuario: str,
    mapeamento: Path | None,
    duplicados: Action,
    reabrir: bool,
    permitir_duplicado: bool,
    responsaveis: str | None,
    planilha: str | None,
    dry_run: bool,
    as_json: bool,
) -> None:
    """Importa os leads de um CSV ou de uma planilha .xlsx, de qualquer tamanho."""
    with explained(), file_explained("ler"), database_explained():
        mapping = None if mapeamento is None else mapeamento.read_bytes()
        asked = Duplicates(duplicados, reabrir, permitir_duplicado)
        order = Order(file, usuario, mapping, asked, planilha, _owners(responsaveis))
        seen = check(order) if dry_run else carry_out(order)
    if seen.estado == RunState.FALHOU:
        raise click.ClickException((seen.erro or {}).get("mensagem", "A importação falhou."))
    if as_json:
        click.echo(json.dumps(_report(seen, checked=dry_run), ensure_ascii=False))
    else:
        click.echo(_summary(seen))


def _owners(said: str | None) -> Owners | None:
    try:
        return None if said is None else importService.read_owners(said)
    except ValueError as error:
        raise click.BadParameter(str(error), param_hint="--responsaveis") from error


@contextmanager
def explained() -> Iterator[None]:
    """Turns expected errors into one sentence for the user at the terminal, and exit code 1."""
    try:
        yield
    except AppError as error:
        details = [f"{field.campo}: {field.mensagem}" for field in error.fields]
        raise click.ClickException("\n".join([error.message, *details])) from error


def _summary(seen: Seen) -> str:
    lines = [", ".join(f"{name}: {getattr(seen, name)}" for name in _COUNTS)]
    if seen.outras_planilhas:
        others = ", ".join(seen.outras_planilhas)
        lines.append(f"Só a aba {seen.planilha} foi lida; outras com células: {others}.")
    told = [*seen.erros, *seen.linhas_puladas, *seen.avisos]
    lines += [f"linha {e['linha']}: {e['campo']} {e['mensagem']}".strip() for e in told]
    return "\n".join(lines)


def _report(seen: Seen, *, checked: bool) -> dict[str, Any]:
    names = ("id", "estado", "planilha", "outras_planilhas", *_COUNTS, "avisados", *_LISTS)
    report = {name: getattr(seen, name) for name in names}
    return report | ({"id": None} if checked else {})
