"""A column of a file: what its cells become, each distinct one converted once."""

from dataclasses import dataclass, replace

import orjson

from services.errors import FieldError
from services.imports.converting.cells import CellError, Converter, attribute_text
from services.imports.converting.contactCells import VERBATIM
from services.imports.converting.converters import ByUsage
from services.imports.converting.copyText import NULL, escaped
from services.imports.converting.literal import bare, literal
from services.imports.converting.readings import Reading, Usages
from services.imports.converting.unsaid import unsaid_of
from services.imports.converting.usage import Usage, fits_of_number
from services.imports.mapping.plan import Plan
from services.imports.mapping.targets import ATTRIBUTE
from services.imports.reading.cellTexts import TypedNumber
from utils.text import fold

# What a cell became: its text for COPY, whether that is the default of its column because nothing
# was said in the cell, and the error for which its line is not taken. A plain tuple, because the
# garbage collector stops tracking those; with an object per distinct cell a file took a third more.
Cell = tuple[str, bool, FieldError | None]


class Memory:
    """What the columns of a file remember of their cells, all of them together bounded by bytes."""

    _BYTES = 32 * 1024 * 1024
    # Of a cell beside its two texts, whose characters take four bytes at the most.
    _OVERHEAD = 300

    def __init__(self) -> None:
        self._columns: list[dict[str, Cell]] = []
        self._room = self._BYTES

    def column(self) -> dict[str, Cell]:
        """A new column's cells by their raw text."""
        self._columns.append({})
        return self._columns[-1]

    def keep(self, cells: dict[str, Cell], raw: str, cell: Cell) -> None:
        """Remember a cell of a column; all are forgotten where there is no room."""
        self._room -= self._OVERHEAD + 4 * (len(raw) + len(cell[0]))
        if self._room < 0:
            for column in self._columns:
                column.clear()
            self._room = self._BYTES
        cells[raw] = cell


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What the columns of a file share: the mapping's plan, their memory, and what a first reading
    has found of their usages, if there was one."""

    plan: Plan
    memory: Memory
    usages: Usages


class Column:
    """The cells of one field or attribute. `cells` has what is remembered of them, by their raw
    text; what is not there is for convert().

    The text of a field is its value, NULL for none; of an attribute, its JSON with its key, ""
    for none.
    """

    # Longer cells do not repeat; nor does a column in which nearly each of so many was new.
    _LONGEST = 2_000
    _TRIED = 2_000
    # Of the cells that were looked at, these are remembered.
    _SHORT = 64
    _NEARLY = 0.9

    def __init__(self, target: str, converter: Converter | ByUsage, around: Surroundings) -> None:
        self.target = target
        self.cells = around.memory.column()
        self._memory = around.memory
        self._repeats, self._since, self._new = True, 0, 0
        self.reading: Reading | None = None
        if isinstance(converter, ByUsage):
            self.reading = Reading(target, converter.fits, around.usages.get(target))
            self._by_usage = converter.converters
        else:
            self._by_usage = dict.fromkeys(Usage, converter)
        self._convert = self._by_usage[Usage.BRAZILIAN]
        verbatim = VERBATIM.get(target, self._convert)
        self._say = attribute_text if target.startswith(ATTRIBUTE) else verbatim
        self._is_unsaid = unsaid_of(target)
        key = target.removeprefix(ATTRIBUTE)
        self._prefix = "" if key == target else f"{orjson.dumps(key).decode()}:"
        self._none: Cell = (NULL if key == target else "", False, None)
        # What a cell becomes in which nothing is said. Blank text of a mapping is nothing too.
        self.default = self._default(around.plan.padroes.get(target, "").strip())
        valores = around.plan.valores.get(target, {})
        self._valores = {said: self._mapped(value.strip()) for said, value in valores.items()}
        self._folded_valores = {fold(said): cell for said, cell in self._valores.items()}
        self._looked: set[str] = set()

    def convert(self, raw: str, linha: int) -> Cell:
        """What a cell of a line becomes; remembered while the cells of the column repeat."""
        cell = self._cell(raw, linha)
        if self._repeats and len(raw) <= self._LONGEST:
            self._memory.keep(self.cells, raw, cell)
            self._since = self._since or linha
            self._new += 1
            if self._new == self._TRIED and self._new > self._NEARLY * (linha - self._since):
                self._repeats = False
                self.cells.clear()
        return cell

    def _cell(self, raw: str, linha: int) -> Cell:
        if raw.__class__ is TypedNumber:
            return self._converted(raw, self._by_usage[Usage.AMERICAN])
        if (text := literal(self.target, raw.strip())) is not None:
            return self._mapped_cell(text) or self._converted(text, self._say)
        value = bare(raw)
        if self._valores and (mapped := self._mapped_cell(value)):
            return mapped
        if not value or self._is_unsaid(value):
            return self.default
        if self.reading is None:
            return self._converted(value, self._convert)
        return self._converted(value, self._by_usage[self.reading.of(value, linha)])

    def look(self, raw: str, linha: int) -> None:
        """See only how the column is meant, of what a cell may show of it."""
        looked = self._looked
        if raw in looked or raw.__class__ is TypedNumber:
            return
        if len(raw) <= self._SHORT:
            if len(looked) == self._TRIED:
                looked.clear()
            looked.add(raw)
        value = bare(raw)
        if literal(self.target, value) is not None:
            return
        if not value or (self._valores and self._mapped_cell(value)) or self._is_unsaid(value):
            return
        if self.reading:
            self.reading.of(value, linha)

    def as_text(self, number: str) -> str:
        """A number of a workbook as the column's texts are written: with a decimal comma, unless
        they have shown a point."""
        reading = self.reading
        if reading is None or reading.fits is not fits_of_number:
            return str(number)
        return str(number) if reading.usage is Usage.AMERICAN else number.replace(".", ",")

    def _mapped_cell(self, value: str) -> Cell | None:
        """What the mapping says of a cell."""
        return self._valores.get(value) or self._folded_valores.get(fold(value))

    def _default(self, value: str) -> Cell:
        text, _, error = self._of_mapping(value)
        return text, bool(value) and not error, error

    def _mapped(self, value: str) -> Cell:
        return self._of_mapping(value) if value else self.default

    def _of_mapping(self, value: str) -> Cell:
        """A text of the mapping's author, which the cells of the file say nothing about."""
        if not value:
            return self._none
        usage = self.reading.alone(value) if self.reading else Usage.BRAZILIAN
        return self._converted(value, self._by_usage[usage])

    def _converted(self, value: str, convert: Converter) -> Cell:
        try:
            converted = convert(value)
        except CellError as error:
            return self._none[0], False, replace(error.error, campo=self.target)
        return (escaped(self._prefix + converted), False, None) if converted else self._none
