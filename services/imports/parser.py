"""A CSV file of leads into lines that PostgreSQL can COPY, and a report of those that cannot."""

import sys
from collections.abc import Iterator

from services.imports.converting.converters import TeamFacts
from services.imports.converting.readings import Settled, Usages, settle
from services.imports.converting.rowConverter import RowConverter
from services.imports.mapping import ColumnMapping, plan
from services.imports.reading.header import is_blank, read_header, row_errors
from services.imports.reading.reader import Rows, UnreadableFile
from services.imports.report import Report
from services.imports.unknown import not_understood
from services.leads.duplicates import KeyBuckets


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
        most: int | None = None,
        usages: Usages | None = None,
    ) -> None:
        self._rows = rows()
        self._header = read_header(next(self._rows, (0, None))[1])
        found = plan(self._header.names, mapping)
        if not found.understood:
            raise not_understood(found.names, self._rows)
        self._most = most or sys.maxsize
        self.keys = KeyBuckets()
        self.report = Report(colunas=found.columns())
        self._converter = RowConverter(found, team, self.keys, usages or {})

    def lines(self) -> Iterator[str]:
        """COPY lines of the good rows, in STAGED order; `report` and `keys` fill as they are read.

        Raises UnreadableFile for what is malformed further down or has too many rows.
        """
        report, header, convert = self.report, self._header, self._converter.convert
        for linha, row in self._rows:
            if is_blank(row):
                continue
            report.linhas += 1
            if report.linhas > self._most:
                limit = f"O arquivo tem mais de {self._most} linhas."
                raise UnreadableFile(f"{limit} Divida-o ou use flask leads import.")
            found = row_errors(row, header) or convert(linha, row)
            if isinstance(found, str):
                yield found
            else:
                report.reject(linha, found)

    def settled(self) -> Settled:
        """What all lines have shown of the columns. Raises UnreadableFile for a contradiction."""
        return settle(self._converter.readings)
