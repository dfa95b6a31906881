"""The column of reasons: a file of rejected lines has it behind their own columns, and it comes
back with the corrected lines."""

import re
from collections.abc import Iterable

# The number is that of the import whose lines they are.
_REASON = re.compile(r"motivo_da_rejeicao(?:_([0-9]{1,18}))?")


def reason_of(run_id: int) -> str:
    """The name of the column of reasons in a file of an import's lines."""
    return f"motivo_da_rejeicao_{run_id}"


def is_reason(name: str) -> bool:
    return _REASON.fullmatch(name) is not None


def corrected_run(names: Iterable[str]) -> int | None:
    """The import whose lines a file corrects, by its last column of reasons."""
    found = [match[1] for name in names if (match := _REASON.fullmatch(name)) and match[1]]
    return int(found[-1]) if found else None
