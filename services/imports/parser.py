"""A CSV file of leads into lines that PostgreSQL can COPY, and a report of those that cannot."""

import sys
from collections.abc import Iterable, Iterator

from services.imports.columns import TeamFacts
from services.imports.header import Header, is_blank, read_header, row_errors
from services.imports.mapping import ColumnMapping, plan
from services.imports.reader import Row, UnreadableFile, read_rows
from services.imports.report import Report
from services.imports.rowConverter import RowConverter
from services.leads.duplicates import KeyBuckets


def parse(
    lines: Iterable[str],
    mapping: ColumnMapping,
    team: TeamFacts,
    report: Report,
    keys: KeyBuckets,
    *,
    most: int | None = None,
) -> Iterator[str]:
    """COPY lines of the good rows, in STAGED order; `report` and `keys` fill as they are read.

    Raises Invalid at once for a header and a mapping that cannot be used, and UnreadableFile from
    the iterator for what is malformed further down or has more than `most` rows.
    """
    rows = read_rows(lines)
    header = read_header(next(rows, (0, None))[1])
    converter = RowConverter(plan(header.names, mapping), team, keys)
    return _converted(rows, header, converter, report, most or sys.maxsize)


def _converted(
    rows: Iterator[Row], header: Header, converter: RowConverter, report: Report, most: int
) -> Iterator[str]:
    for linha, row in rows:
        if is_blank(row):
            continue
        report.linhas += 1
        if report.linhas > most:
            raise UnreadableFile(
                f"O arquivo tem mais de {most} linhas. Divida-o ou use flask leads import."
            )
        found = row_errors(row, header) or converter.convert(linha, row)
        if isinstance(found, str):
            yield found
        else:
            report.reject(linha, found)
