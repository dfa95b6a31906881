"""The yardstick must not follow the product: its text is what it was, and nothing derives it."""

import ast
import hashlib

import pytest

from config import ROOT
from utils.postgres.migrations import known

FROZEN = ROOT / "bench" / "frozen"
DIGESTS = {
    "create.sql": "b05f5516017aecf48442d6afbb0e02b528390b4b71446d64fc89fcfd143d876f",
    "fill.sql": "4d0fb17178267a1a516923d303b8a51c615e20e8d697bcf0a7141fff05536bb1",
    "get.sql": "e8c68066d34ebc7b4637b01590e65849aff4bcd62960a03c58e2a45e47d1f5e0",
    "list.sql": "cb47c80143492884949a5a39f1424513e8235892d77156b07794dd0781b79709",
}


@pytest.mark.parametrize("name", DIGESTS)
def test_a_frozen_file_is_as_it_was(name: str) -> None:
    """Where this fails the ratios of before and after cannot be compared any more."""
    assert hashlib.sha256((FROZEN / name).read_bytes()).hexdigest() == DIGESTS[name]


def test_every_frozen_file_is_watched() -> None:
    assert {path.name for path in FROZEN.glob("*.sql")} == set(DIGESTS)


def test_its_tables_are_those_of_a_migration_that_is_there() -> None:
    tree = ast.parse((FROZEN / "__init__.py").read_text())
    named = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant)}
    assert "0007" in named and "0007" in known()


def test_nothing_of_it_comes_from_the_product() -> None:
    tree = ast.parse((FROZEN / "__init__.py").read_text())
    modules = {node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
    assert {str(name).split(".")[0] for name in modules} <= {"bench", "collections", "pathlib"}
