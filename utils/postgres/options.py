"""What may stand behind the `?` of a PostgreSQL address."""

import re
from collections.abc import Iterable

import psycopg2
from psycopg2.extensions import parse_dsn

_NAME = re.compile(r"[a-z_]+")


def unknown_options(names: Iterable[str]) -> list[str]:
    """Those that libpq does not know. It refuses an address at the first one, so each is asked."""
    return [name for name in names if not _is_known(name)]


def _is_known(name: str) -> bool:
    try:
        return _NAME.fullmatch(name) is not None and bool(parse_dsn(f"{name}=x"))
    except psycopg2.ProgrammingError:
        return False
