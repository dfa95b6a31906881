"""What went wrong, told by names and places only.

An exception's type, where it happened, the SQLSTATE and constraint PostgreSQL names. Its message
may quote what somebody sent, PostgreSQL's DETAIL always does, so no message of an exception is ever
written. Source lines are not shown: a test's or a migration's may hold a value.
"""

import logging
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from traceback import walk_tb
from typing import Any

_ROOT = Path(__file__).resolve().parents[2]
_MAX_FRAMES = 40
_MAX_CHAIN = 8
_NAMES = ("sqlstate", "table_name", "column_name", "constraint_name")


def described(record: logging.LogRecord) -> list[dict[str, Any]]:
    """The exception of a record and what led to it, the latest first; empty where there is none.

    Each has `tipo`, what PostgreSQL names, and `onde`, its frames.
    """
    error = record.exc_info[1] if record.exc_info else None
    return [_described(each) for each in islice(_chain(error), _MAX_CHAIN)]


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        yield error
        silent = error.__suppress_context__
        error = error.__cause__ or (None if silent else error.__context__)


def _described(error: BaseException) -> dict[str, Any]:
    described: dict[str, Any] = {"tipo": f"{type(error).__module__}.{type(error).__qualname__}"}
    diag = getattr(error, "diag", None)  # psycopg2's; names of the schema, never values
    for name in _NAMES:
        if value := getattr(diag, name, None):
            described[name] = value
    frames = [
        f"{_short(frame.f_code.co_filename)}:{line} {frame.f_code.co_name}"
        for frame, line in walk_tb(error.__traceback__)
    ]
    return described | {"onde": frames[-_MAX_FRAMES:]}


def _short(path: str) -> str:
    return path.removeprefix(f"{_ROOT}/")
