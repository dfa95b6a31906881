"""What an equipe owns, as the superuser sees it: to be read again, and looked for in replies."""

import json
from collections.abc import Iterable, Iterator
from functools import cache
from typing import Any

from sqlalchemy import Engine, text

# A table and one row of it as JSON.
Row = tuple[str, str]
# Shorter texts and numbers turn up by chance.
_MIN_LENGTH = 6
# No round number: the documents and phones of the tests are.
_FIRST_ID, _IDS_A_TABLE = 7_319_482_650_000, 10_000_000_000


def rows_of(sql: Engine, equipe_id: int) -> list[Row]:
    """Every row of the equipe and of its people's sessions, in one fixed order."""
    with sql.connect() as connection:
        found = connection.execute(text(_statement(sql)), {"id": equipe_id})
        return sorted((table, row) for table, row in found)


@cache
def tables(sql: Engine) -> tuple[str, ...]:
    """Every table that names an equipe; one that a migration adds is among them."""
    query = (
        "select table_name from information_schema.columns "
        "where table_schema = 'public' and column_name = 'equipe_id' order by 1"
    )
    with sql.connect() as connection:
        return tuple(connection.exec_driver_sql(query).scalars())


def values(rows: Iterable[Row]) -> set[str]:
    """Every text and number of the rows that is long enough to be recognised."""
    found = {value for _, row in rows for value in texts_in(json.loads(row, parse_float=str))}
    return {value for value in found if len(value) >= _MIN_LENGTH}


def found_in(raw: bytes, needles: Iterable[str]) -> list[str]:
    return sorted(needle for needle in needles if needle.encode() in raw)


def make_ids_recognisable(sql: Engine) -> None:
    """From here on an id has thirteen digits and is in one table only: 17 is found in any
    reply, and lead 17 looks like user 17."""
    query = (
        "select table_name from information_schema.columns "
        "where table_schema = 'public' and column_name = 'id' and is_identity = 'YES' order by 1"
    )
    with sql.connect() as connection:
        for number, table in enumerate(connection.exec_driver_sql(query).scalars().all()):
            first = _FIRST_ID + number * _IDS_A_TABLE
            sequence = f"pg_get_serial_sequence('{table}', 'id')"
            connection.exec_driver_sql(
                f"select setval({sequence}, greatest(nextval({sequence}), {first}))"
            )


@cache
def _statement(sql: Engine) -> str:
    owned = [
        f"select '{t}', to_jsonb(t)::text from {t} t where equipe_id = :id" for t in tables(sql)
    ]
    return " union all ".join(
        [
            *owned,
            "select 'equipes', to_jsonb(e)::text from equipes e where id = :id",
            "select 'sessoes', to_jsonb(s)::text from sessoes s "
            "join usuarios u on u.id = s.usuario_id where u.equipe_id = :id",
        ]
    )


def texts_in(value: Any) -> Iterator[str]:
    """Every key and value of JSON, as text."""
    if isinstance(value, dict):
        for key, inner in value.items():
            yield key
            yield from texts_in(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from texts_in(inner)
    else:
        yield str(value)
