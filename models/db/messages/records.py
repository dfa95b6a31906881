"""Many rows as one parameter: a JSON list, which PostgreSQL reads with the types of a table."""

from collections.abc import Iterable

from sqlalchemy import JSON, FromClause, Table, bindparam, cast, column, func


def records(parameter: str, table: Table, names: Iterable[str]) -> FromClause:
    """The rows of the JSON list `parameter`, each an object with these columns of a table."""
    columns = [column(name, table.c[name].type) for name in names]
    listed = func.json_to_recordset(cast(bindparam(parameter), JSON))
    return listed.table_valued(*columns, name=parameter).render_derived(with_types=True)
