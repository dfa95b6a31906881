"""The fields that one column may be: by its name, and where that says nothing, by its cells."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from services.imports.mapping.targets import field_named
from services.imports.proposing.contents import (
    TELLING,
    Judged,
    Said,
    judge,
    said_cells,
    takes,
)
from services.imports.proposing.sources import COMMON, Meaning, Source, bare
from services.imports.proposing.values import Known, propose_values

# How sure a name is by itself: a field's own, one of the system that wrote the file, a usual one,
# and none at all. Where no cell says anything, the name alone is less.
_OWN, _OF_SOURCE, _USUAL, _BY_CELLS, _UNPROVED = 1.0, 0.95, 0.9, 0.6, 0.8
# Of the cells that have to fit.
_ENOUGH, _NEARLY_ALL = 0.5, 0.9
# A column without a name that is known is tried by so many cells first, and needs so many.
_TRIED, _FEWEST = 50, 3


@dataclass(frozen=True, slots=True)
class Column:
    """A column's place, its name, and its cells with their lines."""

    place: int
    name: str
    cells: Sequence[Said]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A field that a column may be. Of two columns for one field the surer one is it, then the one
    with the lower rank, then the one that says more."""

    column: Column
    campo: str
    confianca: float
    motivo: str
    rank: int
    judged: Judged
    valores: Mapping[str, str]

    @property
    def order(self) -> tuple[float, int, int, int]:
        return -self.confianca, self.rank, -self.judged.said, self.column.place

    @property
    def fits(self) -> bool:
        """A field's own name is certain, whatever stands below it."""
        return self.judged.share >= _ENOUGH or self.campo == field_named(self.column.name)


def candidates(column: Column, source: Source | None, known: Known) -> list[Candidate]:
    """By its name, whether its cells fit or not; by its cells where the name says nothing."""
    named = [
        _candidate(column, meaning, weight, why, source, known)
        for meaning, weight, why in _meanings(column.name, source)
    ]
    if named or is_attribute(column.name, source):
        return named
    return list(_by_cells(column, known))


def is_attribute(name: str, source: Source | None) -> bool:
    """Whether a name is known to be no field of a lead."""
    return any(bare(name) in each.attributes for each in (source, COMMON) if each)


def _meanings(name: str, source: Source | None) -> Iterator[tuple[Meaning, float, str]]:
    """Each once, the surest first: what a name means in the system that wrote the file goes before
    what it means elsewhere."""
    own, written = field_named(name), bare(name)
    if source and written in source.fields:
        why = f"Nome usado nas exportações de {source.name}."
        for meaning in source.fields[written]:
            yield meaning, _OWN if meaning.campo == own else _OF_SOURCE, why
    elif source and written in source.attributes:
        return
    elif own:
        yield Meaning(own, 0), _OWN, "É o nome do campo."
    else:
        for meaning in COMMON.fields.get(written, ()):
            yield meaning, _USUAL, "Nome usual deste campo."


def _candidate(
    column: Column, meaning: Meaning, weight: float, why: str, source: Source | None, known: Known
) -> Candidate:
    said = said_cells(meaning.campo, column.cells)
    texts = [cell for _, cell in said]
    valores = propose_values(meaning.campo, texts, source, known)
    judged = judge(meaning.campo, column.cells, known.team, valores)
    sure = weight * (judged.share if judged.said else _UNPROVED)
    told = f"{len(valores)} textos são traduzidos (mapeamento.valores)." if valores else ""
    motivo = " ".join(filter(None, (why, _counted(judged), told)))
    return Candidate(column, meaning.campo, round(sure, 2), motivo, meaning.rank, judged, valores)


def _counted(judged: Judged) -> str:
    if not judged.said:
        return "Nenhum valor para conferir."
    if not judged.misfits:
        return ""
    return f"{judged.said - len(judged.misfits)} de {judged.said} valores conferem."


def _by_cells(column: Column, known: Known) -> Iterator[Candidate]:
    for campo, format_ in TELLING.items():
        tried = said_cells(campo, column.cells)[:_TRIED]
        fitting = sum(takes(format_, cell) for _, cell in tried)
        if len(tried) >= _FEWEST and fitting >= _NEARLY_ALL * len(tried):
            meaning = Meaning(campo, 0)
            yield _candidate(column, meaning, _BY_CELLS, "Os valores são deste tipo.", None, known)
