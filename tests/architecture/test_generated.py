"""The committed files are those that `make generate` would write now."""

import pytest

from config import ROOT
from generate.__main__ import generated


@pytest.mark.parametrize("name", generated())
def test_a_generated_file_follows_from_the_contracts(name: str) -> None:
    assert (ROOT / name).read_text("utf-8") == generated()[name], "run make generate"
