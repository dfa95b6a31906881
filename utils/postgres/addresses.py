"""Addresses of databases as people and hosts write them."""

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from utils.postgres.options import unknown_options

_DRIVER = "postgresql+psycopg2"


def normalized(address: str) -> str:
    """Name the driver: SQLAlchemy 2.1 would pick psycopg 3, and Render writes `postgres://`."""
    for prefix in ("postgres://", "postgresql://"):
        if address.startswith(prefix):
            return f"{_DRIVER}://" + address.removeprefix(prefix)
    return address


def address_errors(variable: str, address: str) -> list[str]:
    """What is wrong with the value of a variable, as sentences that do not show it."""
    url = _postgresql_url(address)
    if url is None:
        return [f"{variable} deve ser como postgresql://usuario:senha@host:5432/banco."]
    # Tools of other languages write their own options there: pgbouncer=true, schema=public.
    return [
        f"{variable}: o PostgreSQL não conhece a opção {name}; retire-a do endereço."
        for name in unknown_options(url.query)
    ]


def _postgresql_url(address: str) -> URL | None:
    try:
        url = make_url(normalized(address))
    except (ArgumentError, ValueError):
        return None
    return url if url.drivername == _DRIVER else None
