"""What an import remembers of a file's cells is bounded, however many columns there are."""

import tracemalloc
from collections.abc import Iterator
from functools import partial

from services.imports.mapping import ColumnMapping
from services.imports.parser import File
from services.imports.reading.reader import read_rows
from tests.support.parsed import TEAM


def lines() -> Iterator[str]:
    """Each cell comes twice, so that it is worth remembering; all of them are 90 MB."""
    yield "nome," + ",".join(f"c{n}" for n in range(12)) + "\n"
    for n in range(7_500):
        cells = (f"{n // 2}-{column}-".ljust(1_000, "x") for column in range(12))
        yield f"Lead,{','.join(cells)}\n"


def test_cells_that_repeat_a_little_do_not_fill_the_memory() -> None:
    file = File(partial(read_rows, lines), ColumnMapping(), TEAM)
    tracemalloc.start()
    try:
        taken = sum(1 for _ in file.lines())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken == 7_500
    assert peak < 40_000_000
