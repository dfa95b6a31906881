"""No personal data that the suite sends may appear in its log.

tests/support/api.py records what it sends; a handler records the log as production writes it.
"""

import json
import logging
import re
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from config import ROOT
from tests.support.owned import texts_in
from utils.logs.json_lines import JsonFormatter

_PERSONAL = frozenset(
    "nome email senha senha_atual documento telefone empresa observacoes equipe q "
    "refresh_token codigo texto contato motivo_contato".split()
)
# Shorter ones are found by chance.
_MIN_LENGTH = 6
_MAX_LENGTH = 200
# Made by the server or the clock, or meant to be logged.
_OWN = ("ts", "request_id", "duracao_ms")
# The files and functions that an error went through: names of code, such as "health".
_PLACES = "onde"
_sent: set[str] = set()


class LogSearch(logging.Handler):
    """Keeps every different text of the log: few, since a request's line holds no text of its
    sender's."""

    def __init__(self) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self.lines: list[dict[str, Any]] = []
        self.texts: set[str] = set()
        self.places: set[str] = set()
        self.keep_lines = False

    def emit(self, record: logging.LogRecord) -> None:
        line = json.loads(self.format(record))
        if self.keep_lines:
            self.lines.append(line)
        self.texts.update(texts_in({k: v for k, v in line.items() if k not in _OWN}))
        for error in line.get("erro", []):
            self.places.update(error[_PLACES])

    def found(self, needles: Iterable[str]) -> list[tuple[str, str]]:
        """(needle, text it is in)."""
        searched = self.texts - self.places
        found = [(n, text) for text in searched for n in needles if n in text]
        return [(n, text) for n, text in found if not _is_word_of_code(n)]

    def __enter__(self) -> "LogSearch":
        logging.getLogger().addHandler(self)
        return self

    def __exit__(self, *_: object) -> None:
        logging.getLogger().removeHandler(self)


def _is_word_of_code(needle: str) -> bool:
    """Hypothesis tries the words of the code, too, and the log is made of such."""
    return re.fullmatch("[a-z_]+", needle) is not None and needle in _code()


@cache
def _code() -> str:
    folders = "commands controllers migrations models services utils".split()
    files = [file for folder in folders for file in (ROOT / folder).rglob("*.py")]
    return "\n".join(file.read_text() for file in files)


def sent() -> frozenset[str]:
    return frozenset(_sent)


def note(path: str, headers: dict[str, Any], how: dict[str, Any]) -> None:
    """Remember what of a request must not be logged."""
    address, _, query = path.partition("?")
    asked = how.get("query_string") or {}
    needles = [query, *_personal(how.get("json")), *_lines(how.get("data"))]
    needles += [asked] if isinstance(asked, str) else [str(value) for value in asked.values()]
    token = headers.get("Authorization", "")
    needles.append((token if isinstance(token, str) else token.decode("latin-1")).partition(" ")[2])
    if any(char.isdigit() or char in "%@" for char in address):
        needles.append(address)
    _sent.update(needle[:_MAX_LENGTH] for needle in needles if len(needle) >= _MIN_LENGTH)


def _personal(value: Any, name: str = "") -> Iterator[str]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _personal(inner, str(key))
    elif isinstance(value, list):
        for inner in value:
            yield from _personal(inner, name)
    elif isinstance(value, str) and name in _PERSONAL:
        yield value


def _lines(data: Any) -> list[str]:
    """The lines of a file or of a broken body."""
    if isinstance(data, bytes):
        data = data[:100_000].decode("utf-8", "ignore")
    return data.splitlines()[:50] if isinstance(data, str) else []
