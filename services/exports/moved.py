"""What has no cell of its own in a row: members of the JSON object in the row's last cell."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

import orjson

from services.exports import kinds
from services.imports.mapping.targets import ATTRIBUTE


def rows_of(text: str, delimiter: str = ",") -> Iterator[list[str]]:
    """Rows as COPY writes them."""
    return csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)


class _Lines(list[str]):
    """csv quotes a carriage return only where it ends lines, so it does; in COPY's it does not."""

    def write(self, line: str) -> None:
        self.append(f"{line.removesuffix('\r\n')}\n")


def text_of(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """The same of them again."""
    lines = _Lines()
    csv.writer(lines, delimiter=delimiter, lineterminator="\r\n").writerows(rows)
    return "".join(lines)


def gathered(text: str, names: Sequence[str], delimiter: str) -> str:
    """The same rows, with nothing left to move."""
    return text_of((_gathered(row, names) for row in rows_of(text, delimiter)), delimiter)


def _gathered(row: list[str], names: Sequence[str]) -> list[str]:
    """A row whose attributes that no cell can say are in its last cell."""
    moved = [n for n, cell in enumerate(row) if cell.startswith(kinds.MOVED)]
    if not moved:
        return row
    members = [_member(names[n].removeprefix(ATTRIBUTE), row[n][1:]) for n in moved]
    for n in moved:
        row[n] = ""
    rest = row[-1][1:-1]
    row[-1] = f"{{{','.join([*members, *([rest] if rest else [])])}}}"
    return row


def _member(key: str, cell: str) -> str:
    """Numbers keep all their digits."""
    kind, value = cell[: kinds.LENGTH], cell[kinds.LENGTH :]
    if kind == kinds.ATTRIBUTE_TEXT:
        value = orjson.dumps(value).decode()
    return f"{orjson.dumps(key).decode()}:{value}"
