"""A survey of a file finds what a reading of it finds, and converts nothing."""

from collections.abc import Callable, Iterator

from hypothesis import given
from hypothesis import strategies as st

from services.imports.converting.readings import Settled, settle
from services.imports.converting.rowConverter import RowConverter
from services.imports.mapping.plan import ColumnMapping, plan
from services.imports.reading.reader import UnreadableFile
from services.leads.duplicates import KeyBuckets
from tests.support.parsed import TEAM

HEADER = ("nome", "valor", "proximo_contato_em", "cor", "renda_mensal")
MAPPING = ColumnMapping(valores={"valor": {"Isento": "0,5"}})
CELLS = st.sampled_from(
    (
        "1.500/1,500/12,50/12.50/7/'=1.5/isento/ISENTO/NA/-//x/ 1.5 /R$ 1.234,56/=/"
        "12.01.2025/12.31.2025/31.12.2025"
    ).split("/")
)


def settled(rows: list[list[str]], read: Callable[[RowConverter], Callable[..., object]]) -> object:
    converter = RowConverter(plan(HEADER, MAPPING), TEAM, KeyBuckets(), {})
    for linha, row in enumerate(rows, 2):
        read(converter)(linha, row)
    try:
        found: Settled = settle(converter.readings)
    except UnreadableFile as error:
        return error.fields
    return found.usages


@given(st.lists(st.lists(CELLS, min_size=5, max_size=5), max_size=12))
def test_a_survey_finds_what_a_reading_finds(rows: list[list[str]]) -> None:
    assert settled(rows, lambda c: c.look) == settled(rows, lambda c: c.convert)


def test_a_survey_remembers_little() -> None:
    """Of a column without repeats it forgets, and of long cells it keeps none."""
    converter = RowConverter(plan(HEADER, MAPPING), TEAM, KeyBuckets(), {})

    def cells() -> Iterator[str]:
        yield from (f"{n},5" for n in range(5_000))
        yield from ("x" * 65 for _ in range(10))

    for linha, cell in enumerate(cells(), 2):
        converter.look(linha, ["A", "1", "", cell, ""])
    looked = [column._looked for _, column in converter._ambiguous]
    assert max(map(len, looked)) <= 2_000
    assert all(len(cell) < 65 for cells in looked for cell in cells)
