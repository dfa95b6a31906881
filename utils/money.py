"""Money in whole cents."""

from decimal import Decimal


def to_cents(value: Decimal) -> int:
    """Whole cents of an amount with at most two decimals."""
    return int(value.scaleb(2))


def to_money(cents: int | Decimal) -> str:
    """The amount as text with two decimals."""
    whole, rest = divmod(int(cents), 100)
    return f"{whole}.{rest:02}"
