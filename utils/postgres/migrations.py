"""Which migrations this code knows, and what to do about a database that stands elsewhere."""

from collections.abc import Collection
from functools import cache
from pathlib import Path

REVISIONS = "select version_num from alembic_version"  # fails where nothing was ever migrated
_VERSIONS = Path(__file__).resolve().parents[2] / "migrations" / "versions"


@cache
def known() -> tuple[str, ...]:
    """The revisions in order: numbered files in one line."""
    return tuple(sorted(path.stem[:4] for path in _VERSIONS.glob("[0-9]*.py")))


def is_newer(found: Collection[str]) -> bool:
    """Whether a later code has migrated the database."""
    return not set(found) <= set(known())


def refusal(found: Collection[str]) -> str | None:
    """What to do about a database that stands at these revisions; None where it is current."""
    if is_newer(found):
        return (
            f"O banco de dados está na migração {', '.join(found)}, que este código não conhece: "
            "atualize o código."
        )
    if list(found) != [known()[-1]]:
        return "O banco de dados não está migrado para este código: execute flask db upgrade."
    return None
