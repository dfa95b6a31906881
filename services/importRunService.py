"""Imports as those who asked see them: listed, looked at, cancelled, and what became of lines."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from models.db.statements import fetch, fetch_here
from models.imports.run import ImportRun, RunState
from services import jobService
from services.errors import Code, Conflict, FieldError, Invalid, NotFound
from services.imports import runs
from services.imports.reporting import lines, linesFile
from services.imports.reporting.lines import LineError as LineError
from services.imports.reporting.lines import Which as Which
from services.imports.seeing import ONE, PAGE, seen, seen_at_once
from services.imports.seeing import Seen as Seen
from services.paging import Page, Paging
from services.policy import require_gestor
from services.principal import Principal

_TAKEN = FieldError(
    "formato", Code.VALOR_INVALIDO, "Só as linhas que não entraram vêm como CSV, para corrigir."
)


class ImportEnded(Conflict):
    code = Code.IMPORTACAO_TERMINADA
    message = "A importação já terminou: não há o que cancelar."


def just_asked(run: ImportRun) -> Seen:
    """An import in the transaction that asked for it."""
    return seen_at_once(run)


def list_imports(
    caller: Principal, *, limite: int, cursor: str | None, cursor_key: bytes
) -> Page[Seen]:
    """One page of the tenant's imports, the newest first. Raises Forbidden, InvalidCursorGiven."""
    require_gestor(caller)
    paging = Paging(f"imports {caller.equipe_id}", limite, cursor, cursor_key)
    asked = {"equipe_id": caller.equipe_id, "limite": limite + 1}
    if after := paging.after():
        asked["antes_de"] = after[0]
    found = [seen(row) for row in fetch(PAGE, asked, equipe_id=caller.equipe_id)]
    return paging.page(found, lambda run: [run.id])


def get_import(caller: Principal, run_id: int) -> Seen:
    """With what became of the lines that have been done. Raises Forbidden, NotFound."""
    found = _found(caller, run_id)
    # Kept since its end, and for longer than its lines.
    if found.estado == RunState.CONCLUIDA or any(getattr(found, name) for name in runs.TOLD):
        return found
    first: dict[str, Any] = {
        name: _first(caller, run_id, which) for name, which in runs.TOLD.items()
    }
    return replace(found, **first)


def cancel_import(caller: Principal, run_id: int) -> Seen:
    """Cancel an import: at once where no worker is at it, else before its next batch. What is
    written stays. Asked for again it changes nothing. Raises Forbidden, NotFound, ImportEnded."""
    require_gestor(caller)
    run = runs.get(caller.equipe_id, run_id)
    if run.estado != RunState.CANCELADA:
        if run.concluida_em is not None or run.trabalho_id is None:
            raise ImportEnded()
        try:
            jobService.cancel_job(caller, run.trabalho_id)
        except jobService.JobEnded as error:
            raise ImportEnded() from error
    return seen(fetch_here(ONE, {"equipe_id": caller.equipe_id, "id": run_id})[0])


def list_errors(
    caller: Principal,
    run_id: int,
    which: Which | None,
    *,
    limite: int,
    cursor: str | None,
    cursor_key: bytes,
) -> Page[LineError]:
    """One page of the errors of lines that were skipped or rejected, or of one of the two; or of
    what lines that were taken say and their leads cannot have. In the order of the file. Raises
    Forbidden, NotFound, InvalidCursorGiven."""
    _found(caller, run_id)
    paging = Paging(f"linhas {caller.equipe_id} {run_id} {which}", limite, cursor, cursor_key)
    after = paging.after()
    found = lines.errors(caller.equipe_id, run_id, which, after, limite + 1)
    return paging.page(found, lambda error: [error.linha, error.n])


def errors_file(caller: Principal, run_id: int, which: Which | None) -> Iterator[bytes]:
    """The lines that were not taken as they stand in the file, each with its reasons, as a CSV in
    blocks. Raises Forbidden, NotFound, Invalid."""
    run = _found(caller, run_id)
    if which == "importada":
        raise Invalid(fields=[_TAKEN])
    return linesFile.file_of(caller.equipe_id, run, which)


def _found(caller: Principal, run_id: int) -> Seen:
    require_gestor(caller)
    rows = fetch(ONE, {"equipe_id": caller.equipe_id, "id": run_id}, equipe_id=caller.equipe_id)
    if not rows:
        raise NotFound()
    return seen(rows[0])


def _first(caller: Principal, run_id: int, which: Which) -> list[dict[str, object]]:
    asked = lines.first_of(caller.equipe_id, run_id, which)
    return [lines.told(*row) for row in fetch(*asked, equipe_id=caller.equipe_id)]
