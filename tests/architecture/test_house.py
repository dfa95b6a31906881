"""House rules that the import linter cannot see, read from the source."""

import ast
import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from config import ROOT, Settings

ROOMS = ("controllers", "commands", "services", "models", "utils")
MODULES = ("app.py", "config.py")
MAX_LINES = 250


def product() -> list[Path]:
    files = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    return [*files, *(ROOT / module for module in MODULES)]


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module or ""


def importers(package: str, files: list[Path]) -> set[str]:
    return {
        named(path)
        for path in files
        if any(name.split(".")[0] == package for name in imported(path))
    }


def mentioning(attribute: str, *, called: bool = False) -> set[str]:
    """Product files that use `….attribute`, or import it."""
    return {
        named(path)
        for path in product()
        for node in ast.walk(ast.parse(path.read_text()))
        if (called and isinstance(node, ast.Call) and _attribute(node.func) == attribute)
        or (not called and attribute in {_attribute(node), *_imported_names(node)})
    }


def _attribute(node: ast.AST) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else None


def _of_os(node: ast.AST) -> str | None:
    """The attribute of the module os that this is; a request has an environ, too."""
    of_os = isinstance(node, ast.Attribute) and getattr(node.value, "id", None) == "os"
    return _attribute(node) if of_os else None


def _imported_names(node: ast.AST) -> list[str]:
    return [alias.name for alias in node.names] if isinstance(node, ast.ImportFrom) else []


def test_services_and_models_know_no_flask() -> None:
    files = [path for room in ("services", "models") for path in (ROOT / room).rglob("*.py")]
    assert files
    assert importers("flask", files) == set()
    assert importers("flask_sqlalchemy", product()) == {"models/db/base.py"}


def test_only_the_transaction_commits() -> None:
    assert mentioning("commit", called=True) == {"models/db/transactions.py"}


def test_only_the_settings_read_the_environment() -> None:
    readers = {
        named(path)
        for path in product()
        for node in ast.walk(ast.parse(path.read_text()))
        if {"environ", "getenv"} & {_of_os(node), *_imported_names(node)}
    }
    assert readers == {"config.py"}


def test_nobody_imports_the_application() -> None:
    assert importers("app", product()) == set()


def test_product_files_stay_short() -> None:
    lengths = {named(path): len(path.read_text().splitlines()) for path in product()}
    assert {name: lines for name, lines in lengths.items() if lines > MAX_LINES} == {}


@pytest.mark.parametrize("room", ["services", "models", "utils"])
def test_nothing_below_the_entry_points_prints(room: str) -> None:
    calls = [
        named(path)
        for path in (ROOT / room).rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "print"
    ]
    assert calls == []


def test_the_example_environment_names_exactly_the_settings() -> None:
    example = (ROOT / ".env.example").read_text()
    shown = re.findall(r"^(?:#\s?)?([A-Z][A-Z0-9_]*)=", example, re.MULTILINE)
    assert sorted(shown) == sorted(field.metadata["env"] for field in fields(Settings))
