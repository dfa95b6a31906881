"""What the files of other systems call a lead's fields and values: one data file per source.

`marks` of a file are names by which its exports are told from others, `fields` the names of each
field with the likeliest first, `attributes` names that are known to be no field of a lead, and
`values` what a field's values are called there.
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from utils.text import fold

_FOLDER = Path(__file__).parent / "sources"
_COMMON = "common.toml"
# One name alone may be chance.
_ENOUGH_MARKS = 2


@dataclass(frozen=True, slots=True)
class Meaning:
    """A field that a name may mean; of two names of one field the lower rank is likelier."""

    campo: str
    rank: int


@dataclass(frozen=True, slots=True)
class Source:
    """Names and values are bare."""

    name: str
    marks: frozenset[str]
    fields: Mapping[str, tuple[Meaning, ...]]
    attributes: frozenset[str]
    values: Mapping[str, Mapping[str, str]]


def bare(name: str) -> str:
    """A name by its letters and digits alone: synonyms differ by more marks than a field's own
    names do (CPF/CNPJ, Valor (R$))."""
    return "".join(filter(str.isalnum, fold(name)))


def recognised(names: Iterable[str]) -> Source | None:
    """The system that wrote a header, by the names that only its exports have."""
    written = set(map(bare, names))
    found = max(SOURCES, key=lambda source: len(source.marks & written))
    return found if len(found.marks & written) >= _ENOUGH_MARKS else None


def _source(file: Path) -> Source:
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return Source(
        data["name"],
        frozenset(map(bare, data["marks"])),
        _meanings(data["fields"]),
        frozenset(map(bare, data["attributes"])),
        {campo: _by_text(values) for campo, values in data["values"].items()},
    )


def _meanings(fields: Mapping[str, list[str]]) -> dict[str, tuple[Meaning, ...]]:
    found: dict[str, tuple[Meaning, ...]] = {}
    for campo, names in fields.items():
        for rank, name in enumerate(names):
            found[bare(name)] = (*found.get(bare(name), ()), Meaning(campo, rank))
    return found


def _by_text(values: Mapping[str, Any]) -> dict[str, str]:
    return {bare(text): value for value, texts in values.items() for text in texts}


COMMON = _source(_FOLDER / _COMMON)
SOURCES = [_source(file) for file in sorted(_FOLDER.glob("*.toml")) if file.name != _COMMON]
