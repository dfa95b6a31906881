"""Values of a request as JSON that keeps their types: what is put aside is read back equal."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

# Each type with the sign that names it; an instant before a day, which it also is.
_SIGNS: dict[type, tuple[str, Any, Any]] = {
    datetime: ("$instante", datetime.isoformat, datetime.fromisoformat),
    date: ("$dia", date.isoformat, date.fromisoformat),
    Decimal: ("$decimal", str, Decimal),
}
_READ = {sign: read for sign, _, read in _SIGNS.values()}
# An object of the caller's own that looks like one of ours is wrapped.
_PLAIN = "$objeto"


def pack(value: Any) -> Any:
    """JSON for dicts, lists, texts, numbers, instants, days and decimals."""
    for kind, (sign, write, _) in _SIGNS.items():
        if isinstance(value, kind):
            return {sign: write(value)}
    if isinstance(value, dict):
        packed = {name: pack(each) for name, each in value.items()}
        return {_PLAIN: packed} if _is_sign(packed) else packed
    return [pack(each) for each in value] if isinstance(value, list | tuple) else value


def unpack(value: Any) -> Any:
    """What pack() was given; tuples are lists."""
    if isinstance(value, list):
        return [unpack(each) for each in value]
    if not isinstance(value, dict):
        return value
    if _is_sign(value):
        ((sign, inner),) = value.items()
        return _unpacked(inner) if sign == _PLAIN else _READ[sign](inner)
    return _unpacked(value)


def _unpacked(packed: dict[str, Any]) -> dict[str, Any]:
    return {name: unpack(each) for name, each in packed.items()}


def _is_sign(value: dict[str, Any]) -> bool:
    return len(value) == 1 and (value.keys() <= _READ.keys() or _PLAIN in value)
