"""The process's log: one JSON object a line in production, one readable line in development.

What went wrong is told by names and places only: an exception's type, where it happened, the
SQLSTATE and constraint PostgreSQL names. Its message may quote what somebody sent, PostgreSQL's
DETAIL always does, so no message of an exception is ever written.
"""

import json
import logging
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from typing import Any, TextIO

import orjson

_ROOT = Path(__file__).resolve().parent.parent
_MAX_FRAMES = 40
_MAX_CHAIN = 8
_NAME = "finlead"


class JsonFormatter(logging.Formatter):
    """Adds the fields that a record brings as `extra={"dados": {...}}`."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "ts": datetime.fromtimestamp(record.created, UTC),
            "level": record.levelname,
            "logger": record.name,
            "msg": record.getMessage(),
        }
        line |= getattr(record, "dados", {})
        if record.exc_info and record.exc_info[1]:
            line["erro"] = list(_chain(record.exc_info[1]))
        return _encode(line)


class ReadableFormatter(logging.Formatter):
    """The same for a terminal."""

    def format(self, record: logging.LogRecord) -> str:
        instant = datetime.fromtimestamp(record.created).strftime("%H:%M:%S")
        said = " ".join(str(v) for v in getattr(record, "dados", {}).values() if v is not None)
        lines = [f"{instant} {record.levelname:<7} {record.getMessage()} {said}".rstrip()]
        if record.exc_info and record.exc_info[1]:
            lines += [_encode(error) for error in _chain(record.exc_info[1])]
        return "\n".join(lines)


class _Stderr(logging.StreamHandler[TextIO]):
    """Asks for sys.stderr at every line: whoever replaces it (pytest, a daemon) gets the rest."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.set_name(_NAME)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        pass


def configure_logs(*, as_json: bool) -> None:
    """One handler on the root, put in place of its predecessor; other handlers are left alone."""
    handler = _Stderr()
    handler.setFormatter(JsonFormatter() if as_json else ReadableFormatter())
    root = logging.getLogger()
    for old in [known for known in root.handlers if known.get_name() == _NAME]:
        root.removeHandler(old)
    root.addHandler(handler)
    migrations = logging.getLogger("alembic.runtime.migration")
    migrations.addFilter(_names_a_migration)
    for logger in (logging.getLogger(_NAME), migrations):
        logger.setLevel(logging.INFO)
    # Its line of a request holds the path and the query string; ours takes its place.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def _names_a_migration(record: logging.LogRecord) -> bool:
    """Alembic also says, at every start, which kind of database it speaks to."""
    return record.getMessage().startswith("Running")


def server_logging(*, as_json: bool) -> dict[str, Any]:
    """granian's own lines in the same form, as its `log_dictconfig`."""
    formatter = JsonFormatter if as_json else ReadableFormatter
    names = ("generic", "access")
    return {"formatters": {name: {"()": formatter} for name in names}}


def _chain(error: BaseException) -> Iterator[dict[str, Any]]:
    """An exception and what led to it, the latest first."""
    return islice(_each(error), _MAX_CHAIN)


def _each(error: BaseException | None) -> Iterator[dict[str, Any]]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield _described(error)
        silent = error.__suppress_context__
        error = error.__cause__ or (None if silent else error.__context__)


def _described(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"tipo": f"{type(error).__module__}.{type(error).__qualname__}"}
    diag = getattr(error, "diag", None)  # psycopg2's; names of the schema, never values
    for name in ("sqlstate", "table_name", "column_name", "constraint_name"):
        if value := getattr(diag, name, None):
            described[name] = value
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return described | {"onde": frames[-_MAX_FRAMES:]}


def _encode(line: Any) -> str:
    """orjson takes a tenth of the time, but not the broken text that a library might log."""
    try:
        return orjson.dumps(line, default=str, option=orjson.OPT_UTC_Z).decode()
    except TypeError:
        return json.dumps(line, default=str)


def _short(path: str) -> str:
    """Source lines are not shown: a test's or a migration's may hold a value."""
    return path.removeprefix(f"{_ROOT}/")
