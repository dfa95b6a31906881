"""A file of leads into lines that PostgreSQL can COPY, and those that cannot be taken."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from services.errors import FieldError
from services.imports.converting.converters import TeamFacts
from services.imports.converting.readings import Settled, Usages, settle
from services.imports.converting.rowConverter import RowConverter
from services.imports.mapping.plan import ColumnMapping, plan
from services.imports.mapping.unknown import not_understood
from services.imports.reading.header import is_blank, read_header, row_errors
from services.imports.reading.reader import Rows
from services.leads.duplicates import KeyBuckets

# Hardly a cell holds it, and no database keeps it.
_BETWEEN = "\0"


@dataclass(slots=True)
class Lines:
    """What a stretch of a file came to: how many rows it has, which of them cannot be taken, and
    the cells of the others."""

    read: int = 0
    rejected: list[tuple[int, list[FieldError], list[str]]] = field(default_factory=list)
    _taken: dict[int, str] = field(default_factory=dict)

    def take(self, linha: int, row: list[str]) -> None:
        # One text a line: lists of cells would take many times as much.
        text = _BETWEEN.join(row)
        if text.count(_BETWEEN) >= len(row):
            text = _BETWEEN.join(cell.replace(_BETWEEN, " ") for cell in row)
        self._taken[linha] = text

    def cells(self, linha: int) -> list[str]:
        return self._taken[linha].split(_BETWEEN)


class File:
    """A file of leads as one reading of it goes; `usages` are what an earlier one has found.

    Raises Invalid at once for a header and a mapping that cannot be used.
    """

    def __init__(
        self,
        rows: Rows,
        mapping: ColumnMapping,
        team: TeamFacts,
        *,
        usages: Usages | None = None,
    ) -> None:
        found = rows()
        self._header = read_header(next(found, (0, None))[1])
        self._plan = plan(self._header.names, mapping)
        if not self._plan.understood:
            raise not_understood(self._plan.names, found)
        self._rows = (row for row in found if not is_blank(row[1]))
        self._usages = usages or {}
        self.done = 0
        self.keys = KeyBuckets()
        self.columns = self._plan.columns()
        self.team = team
        self._converter = self._made()

    def expect(self, usages: Usages) -> None:
        """What cells of an earlier file have shown of the same columns."""
        for reading in self._converter.readings:
            reading.before = usages.get(reading.target)

    def lines(self, into: Lines, most: int | None = None) -> Iterator[str]:
        """COPY lines of the next good rows, in STAGED order; `into` and `keys` fill as they are
        read. Raises UnreadableFile for what is malformed further down."""
        convert, header = self._converter.convert, self._header
        for linha, row in islice(self._rows, most):
            into.read += 1
            self.done += 1
            if errors := row_errors(row, header):
                into.rejected.append((linha, errors, row))
                continue
            found = convert(linha, row)
            told = self._converter.as_text(row)
            if isinstance(found, str):
                into.take(linha, told)
                yield found
            else:
                into.rejected.append((linha, found, told))

    def look(self, most: int) -> int:
        """See of the next rows only how their columns are meant; how many there were."""
        look, header, looked = self._converter.look, self._header, 0
        for linha, row in islice(self._rows, most):
            looked += 1
            if not row_errors(row, header):
                look(linha, row)
        self.done += looked
        return looked

    def skip(self, most: int) -> int:
        """Pass over the next rows, which were done before; how many there were."""
        skipped = sum(1 for _ in islice(self._rows, most))
        self.done += skipped
        return skipped

    def check_against(self, team: TeamFacts) -> None:
        """From here on check the rows against these facts, if they are others."""
        if team != self.team:
            self.team = team
            self._converter = self._made()

    def settled(self) -> Settled:
        """What all lines have shown of the columns. Raises UnreadableFile for a contradiction."""
        return settle(self._converter.readings)

    def _made(self) -> RowConverter:
        return RowConverter(self._plan, self.team, self.keys, self._usages)
