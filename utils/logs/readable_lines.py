"""Development's log: a line a person reads at a glance, coloured on a terminal."""

import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from utils.logs.faults import described

_GREEN, _CYAN, _YELLOW, _RED = 32, 36, 33, 31
_LEVELS = {"WARNING": _YELLOW, "ERROR": _RED, "CRITICAL": _RED}
_CLASSES = {1: _CYAN, 2: _GREEN, 3: _CYAN, 4: _YELLOW, 5: _RED}  # of statuses, by hundreds


class ReadableFormatter(logging.Formatter):
    """What a record brings as `extra={"dados": {...}}` stands behind it; a request has a line of
    its own form. `coloured`: whether colours are wanted where somebody watches.
    """

    def __init__(self, *, coloured: bool) -> None:
        super().__init__()
        self._coloured = coloured

    def format(self, record: logging.LogRecord) -> str:
        instant = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        given = getattr(record, "dados", {})
        said = self._request(given) if "duracao_ms" in given else self._other(record, given)
        return "\n".join([f"{instant} {said}".rstrip(), *_faults(record)])

    def _request(self, line: dict[str, Any]) -> str:
        """Method, rule of the route, status, milliseconds, who: never the path, which may name
        people."""
        method, rule, status = line["metodo"] or "?", line["rota"] or "(sem rota)", line["status"]
        shown = self._paint(str(status), _CLASSES.get(status // 100))
        return f"{method:<6} {rule:<30} {shown} {line['duracao_ms'] or 0:>7.1f} ms  {_who(line)}"

    def _other(self, record: logging.LogRecord, given: dict[str, Any]) -> str:
        level = self._paint(f"{record.levelname:<7}", _LEVELS.get(record.levelname))
        values = (str(value) for value in given.values() if value is not None)
        return " ".join([level, record.getMessage(), *values])

    def _paint(self, text: str, colour: int | None) -> str:
        # Asked at every line: standard error may be replaced by a file.
        if colour and self._coloured and sys.stderr.isatty():
            return f"\x1b[{colour}m{text}\x1b[0m"
        return text


def _who(line: dict[str, Any]) -> str:
    if line["equipe_id"] is None:
        return "anônimo"
    machine = line["chave_id"]
    caller = f"usuário {line['usuario_id']}" if machine is None else f"chave {machine}"
    return f"{caller}, equipe {line['equipe_id']}"


def _faults(record: logging.LogRecord) -> Iterator[str]:
    """Each exception with what PostgreSQL names, then our own frames of it."""
    for error in described(record):
        names = {name: value for name, value in error.items() if name not in ("tipo", "onde")}
        yield " ".join([f"  {error['tipo']}", *(f"{name}={names[name]}" for name in names)])
        yield from (f"    {place}" for place in error["onde"] if "site-packages" not in place)
