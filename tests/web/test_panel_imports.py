"""The words of the panel for imports: each field of a column, each state, each reason."""

import re

from config import ROOT
from models.imports.run import RunState
from services.imports.mapping.targets import CONTACTS, IMPORTABLE, SURNAME
from services.undoService import WhyKept

ROOM = ROOT / "dashboard" / "features" / "imports"


def text(name: str) -> str:
    return (ROOM / name).read_text("utf-8")


def keys(name: str, table: str) -> list[str]:
    """Those of the object that a module calls `table`."""
    found = re.search(rf"const {table} = \{{(.*?)\}};", text(name), flags=re.DOTALL)
    assert found is not None
    return sorted(re.findall(r"^\s*(\w+):", found[1], flags=re.MULTILINE))


def test_it_knows_every_field_that_a_column_can_become() -> None:
    told = re.findall(r'\{ value: "(\w+)", name: "[^"]+" \}', text("fields.js"))
    assert sorted(told) == sorted([*IMPORTABLE, SURNAME, CONTACTS])


def test_it_knows_every_state_of_an_import() -> None:
    assert keys("words.js", "STATES") == sorted(RunState)


def test_it_knows_why_an_undo_leaves_a_lead_as_it_is() -> None:
    assert keys("undoing.js", "WHY") == sorted(WhyKept)
