"""The words of the panel for what a column of a file can become: each field an import takes."""

import re

from config import ROOT
from services.imports.mapping import CONTACTS, IMPORTABLE, SURNAME

SOURCE = (ROOT / "dashboard" / "features" / "imports" / "fields.js").read_text("utf-8")


def test_it_knows_every_field_that_a_column_can_become() -> None:
    told = re.findall(r'\{ value: "(\w+)", name: "[^"]+" \}', SOURCE)
    assert sorted(told) == sorted([*IMPORTABLE, SURNAME, CONTACTS])
