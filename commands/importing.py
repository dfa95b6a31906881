"""A file imported from the terminal: kept in blocks, so that it may be of any size, and worked off
in this process as a worker does it; where this one ends, any other worker goes on."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click

from commands.worker import Worker
from models.db import NO_TIMEOUT, enter_tenant, transaction
from models.imports.run import RunState
from services import importRunService, importService, userService
from services.importRunService import Seen
from services.importService import CSV, Duplicates, Owners, Sent
from services.principal import Principal

_BLOCK = 1024 * 1024
_GOES_ON = {RunState.NA_FILA, RunState.EM_ANDAMENTO}


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for at the terminal."""

    file: Path
    usuario: str
    mapping: bytes | None
    duplicates: Duplicates
    planilha: str | None
    owners: Owners | None


def check(order: Order) -> Seen:
    """What the import would come to, in one transaction that leaves nothing."""
    with order.file.open("rb") as file, transaction(NO_TIMEOUT):
        caller = _enter(order)
        sent = _sent(order, file)
        run = importService.check_file(caller, sent, order.mapping, order.duplicates, order.owners)
        return importRunService.just_asked(run)


def carry_out(order: Order) -> Seen:
    """Import it, and show how far it is. Raises Abort where Ctrl-C ends the work before its end."""
    caller, run_id = _queued(order)
    with _bar("Importando") as bar, _until_told() as told:
        watch = Watch(caller, run_id, bar)
        Worker(lambda: bool(told) or watch.ended()).work()
    if watch.seen.estado in _GOES_ON:
        click.echo(
            f"A importação {run_id} continua na fila: o servidor a termina, ou flask worker.",
            err=True,
        )
        raise click.Abort()
    return watch.seen


class Watch:
    """Looks at an import between two steps of it."""

    def __init__(self, caller: Principal, run_id: int, bar: Any) -> None:
        self._caller, self._run_id, self._bar = caller, run_id, bar
        self.seen = self._look()

    def ended(self) -> bool:
        self.seen = self._look()
        self._bar.length = self.seen.total or 1
        self._bar.update(self.seen.linhas - self._bar.pos, self.seen)
        return self.seen.estado not in _GOES_ON

    def _look(self) -> Seen:
        return importRunService.get_import(self._caller, self._run_id)


def _queued(order: Order) -> tuple[Principal, int]:
    """Keep the file, a block in each transaction, and ask for its import."""
    with order.file.open("rb") as file:
        with transaction():
            caller = _enter(order)
            arquivo_id = importService.begin_file(caller, _sent(order, file))
        for n, block in enumerate(_blocks(file)):
            with transaction():
                enter_tenant(caller.equipe_id)
                importService.add_block(caller, arquivo_id, n, block)
    with transaction(NO_TIMEOUT):
        enter_tenant(caller.equipe_id)
        asked = (arquivo_id, order.mapping, order.duplicates, order.owners)
        return caller, importService.queue_file(caller, *asked).id


def _enter(order: Order) -> Principal:
    caller = userService.act_as(order.usuario)
    enter_tenant(caller.equipe_id)
    return caller


def _sent(order: Order, file: BinaryIO) -> Sent:
    size = order.file.stat().st_size
    return Sent(lambda: _blocks(file), size, CSV, planilha=order.planilha)


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """The blocks of a file from its first one."""
    file.seek(0)
    while block := file.read(_BLOCK):
        yield block


def _bar(label: str) -> Any:
    """On stderr, and only on a terminal: elsewhere click would still print the label."""
    return click.progressbar(
        length=1,
        label=label,
        show_eta=False,
        show_pos=True,
        item_show_func=_pace,
        file=sys.stderr,
        hidden=not sys.stderr.isatty(),
    )


def _pace(seen: Seen | None) -> str:
    if seen is None or seen.linhas_por_segundo is None:
        return ""
    left = "" if seen.restante_s is None else f", faltam {seen.restante_s} s"
    return f"{seen.linhas_por_segundo} linhas/s{left}"


@contextmanager
def _until_told() -> Iterator[list[int]]:
    """The signals that have come: the batch that is under way is finished first."""
    told: list[int] = []
    numbers = (signal.SIGTERM, signal.SIGINT)
    before = [signal.signal(number, lambda told_by, _: told.append(told_by)) for number in numbers]
    try:
        yield told
    finally:
        for number, handler in zip(numbers, before, strict=True):
            signal.signal(number, handler)
