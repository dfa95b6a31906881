"""Numbers in double precision: PostgreSQL's numerics are many times slower."""

from sqlalchemy import Double, cast, literal
from sqlalchemy.sql.elements import ColumnElement


def double(number: float) -> ColumnElement[float]:
    return cast(literal(float(number)), Double)
