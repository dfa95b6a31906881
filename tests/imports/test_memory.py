"""What an import has in memory of a file is bounded, however many lines and columns there are."""

import tracemalloc
from collections.abc import Iterator
from functools import partial

import pytest

from services.imports.mapping.plan import ColumnMapping
from services.imports.parser import File, Lines
from services.imports.reading.files import CSV, open_file
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
        taken = sum(sum(1 for _ in file.lines(Lines(), most=500)) for _ in range(15))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert taken == 7_500
    assert peak < 40_000_000


@pytest.mark.parametrize("code", ["utf-8", "utf-16", "cp1252"])
def test_a_file_takes_no_more_memory_than_a_block(code: str) -> None:
    line = f"Conceição Exemplo;{'x' * 1_000}\n".encode("utf-16-le" if code == "utf-16" else code)

    def blocks() -> Iterator[bytes]:
        yield "\ufeffnome;cor\n".encode("utf-16-le") if code == "utf-16" else b"nome;cor\n"
        for _ in range(300):
            yield line * 100

    tracemalloc.start()
    try:
        rows = sum(1 for _ in open_file(blocks, media=CSV).rows())
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert rows == 30_001
    assert peak < 3_000_000
