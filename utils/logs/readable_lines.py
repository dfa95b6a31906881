"""Development's log: lines that a person reads at a glance, coloured on a terminal."""

import logging
import sys
from collections.abc import Iterator
from datetime import datetime
from functools import lru_cache
from typing import Any

from utils.logs.errors import described

_GREEN, _CYAN, _YELLOW, _RED = 32, 36, 33, 31
_LEVELS = {"WARNING": _YELLOW, "ERROR": _RED, "CRITICAL": _RED}
_CLASSES = {1: _CYAN, 2: _GREEN, 3: _CYAN, 4: _YELLOW, 5: _RED}  # of statuses, by hundreds


class ReadableFormatter(logging.Formatter):
    """The fields of `extra={"dados": {...}}` are written after the message; a request has a line of
    its own form. `coloured`: whether colours are wanted where somebody watches.
    """

    def __init__(self, *, coloured: bool) -> None:
        super().__init__()
        self._coloured = coloured
        self._watched: tuple[object, bool] = (None, False)

    def format(self, record: logging.LogRecord) -> str:
        instant = _time_of_day(int(record.created))
        given = getattr(record, "dados", {})
        said = self._request(given) if "duracao_ms" in given else self._other(record, given)
        return "\n".join([f"{instant} {said}".rstrip(), *_errors(record)])

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
        if colour and self._coloured and self._is_watched():
            return f"\x1b[{colour}m{text}\x1b[0m"
        return text

    def _is_watched(self) -> bool:
        """Whether standard error is a terminal; asked once for each stream that takes its place."""
        stream, answer = self._watched
        if stream is not sys.stderr:
            answer = sys.stderr.isatty()
            self._watched = (sys.stderr, answer)
        return answer


@lru_cache(maxsize=1)
def _time_of_day(second: int) -> str:
    """Local time; many lines are of the same second."""
    return datetime.fromtimestamp(second).strftime("%H:%M:%S")


def _who(line: dict[str, Any]) -> str:
    if line["equipe_id"] is None:
        return "anônimo"
    machine = line["chave_id"]
    caller = f"usuário {line['usuario_id']}" if machine is None else f"chave {machine}"
    return f"{caller}, equipe {line['equipe_id']}"


def _errors(record: logging.LogRecord) -> Iterator[str]:
    """Each exception with what PostgreSQL names, then our own frames of it."""
    for error in described(record):
        names = {name: value for name, value in error.items() if name not in ("tipo", "onde")}
        yield " ".join([f"  {error['tipo']}", *(f"{name}={names[name]}" for name in names)])
        yield from (f"    {place}" for place in error["onde"] if "site-packages" not in place)
