"""Who sees a lead is decided in services/policy.py and nowhere else."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from config import ROOT

HOME = ROOT / "services" / "policy.py"
_FIELD = "responsavel_id"
# In SQL that is written as text.
_COMPARED = re.compile(rf"{_FIELD}\s*(=|<>|!=|is (not )?distinct|in\b)", re.IGNORECASE)


def product() -> Iterator[Path]:
    for room in ("controllers", "commands", "services", "models", "utils"):
        yield from (ROOT / room).rglob("*.py")


def compares(path: Path) -> bool:
    """Whether a file compares a lead's responsável with a user, in Python or in SQL."""
    return any(_compares(node) for node in ast.walk(ast.parse(path.read_text("utf-8"))))


def _compares(node: ast.AST) -> bool:
    if isinstance(node, ast.Compare):
        sides = [node.left, *node.comparators]
        return any(isinstance(side, ast.Attribute) and side.attr == _FIELD for side in sides)
    return (
        isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and _COMPARED.search(node.value) is not None
    )


def test_the_policy_compares_the_responsavel() -> None:
    assert compares(HOME)


def test_no_other_module_compares_the_responsavel() -> None:
    assert [path for path in product() if path != HOME and compares(path)] == []
