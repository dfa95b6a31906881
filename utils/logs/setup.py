"""Where the log goes and which lines it has."""

import logging
import sys
from typing import Any, TextIO

from utils.logs.json_lines import JsonFormatter
from utils.logs.readable_lines import ReadableFormatter

_NAME = "finlead"


class _Stderr(logging.StreamHandler[TextIO]):
    """Looks up sys.stderr for every line: pytest or a daemon may have replaced it."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)
        self.set_name(_NAME)

    @property
    def stream(self) -> TextIO:
        return sys.stderr

    @stream.setter
    def stream(self, _: TextIO) -> None:
        pass


def configure_logs(*, as_json: bool, coloured: bool) -> None:
    """One handler on the root, put in place of its predecessor; other handlers are left alone."""
    handler = _Stderr()
    handler.setFormatter(JsonFormatter() if as_json else ReadableFormatter(coloured=coloured))
    root = logging.getLogger()
    for old in [known for known in root.handlers if known.get_name() == _NAME]:
        root.removeHandler(old)
    root.addHandler(handler)
    _look_up_less()
    migrations = logging.getLogger("alembic.runtime.migration")
    migrations.addFilter(_names_a_migration)
    for logger in (logging.getLogger(_NAME), migrations):
        logger.setLevel(logging.INFO)
    # Its line of a request holds the path and the query string; ours takes its place.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)


def _look_up_less() -> None:
    """No line says which thread, process or place of the code wrote it, so that none of them pays
    for finding out (the "Optimization" of Python's logging HOWTO)."""
    logging.logThreads = logging.logProcesses = False
    logging.logMultiprocessing = False
    logging.logAsyncioTasks = False  # type: ignore[attr-defined]
    logging._srcfile = None


def server_logging(*, as_json: bool, coloured: bool) -> dict[str, Any]:
    """granian's own lines in the same form, as its `log_dictconfig`."""
    readable = {"()": ReadableFormatter, "coloured": coloured}
    formatter: dict[str, Any] = {"()": JsonFormatter} if as_json else readable
    return {"formatters": {name: formatter for name in ("generic", "access")}}


def _names_a_migration(record: logging.LogRecord) -> bool:
    """Hides Alembic's line about the kind of database, which it writes at every start."""
    return record.getMessage().startswith("Running")
