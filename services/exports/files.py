"""A file as it is made: its parts, one after the other, or the whole of it where it has to be."""

import tempfile
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import IO, Any

from models.db.messages.queries import ALL_AT_ONCE
from models.db.streams import Reading
from services.exports import kinds, workbook
from services.exports.cells import Cells
from services.exports.formats import Format
from services.exports.moved import gathered, rows_of, text_of
from services.exports.query import columns_of, count_query, keys_query, leads_query

# Nobody waits for an export as for a request: it takes no other core.
_SETTINGS = f"{ALL_AT_ONCE}set local max_parallel_workers_per_gather = 0; "
_COPIED = "format csv, delimiter '{}'"
_SIGNS = kinds.CHARACTERS.encode()
_ZULU = f"+00:00{kinds.ZULU}".encode()


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose leads, which of them, and how. `filters`: the names of parameters(), whose `values` are
    there with those of scope()."""

    equipe_id: int
    zone: str
    filters: tuple[str, ...]
    values: Mapping[str, Any]
    ordenar: str
    format: Format


class Making:
    """A file whose reading has begun; the database is asked for its columns at once."""

    def __init__(self, asked: Asked, *, timeout: int, ended: Callable[[], None]) -> None:
        """`ended` is called once, when nothing is read any longer. Raises DBAPIError."""
        self._asked = asked
        self._watch: Callable[[int], None] | None = None
        self._done = 0
        self._reading = Reading(asked.equipe_id, timeout=timeout, settings=_SETTINGS, ended=ended)
        try:
            found = self._reading.fetch(keys_query(asked.filters), asked.values)
        except BaseException:
            self.close()
            raise
        self._columns = columns_of(found, asked.format)

    def count(self) -> int:
        """How many leads there are."""
        return int(self._reading.fetch(count_query(self._asked.filters), self._asked.values)[0][0])

    def watched_by(self, watch: Callable[[int], None]) -> None:
        """`watch` is told how many leads are read."""
        self._watch = watch

    def parts(self) -> Iterator[bytes]:
        """The file, from its first byte. Raises DBAPIError and NobodyTakes."""
        header = self._header().encode()
        for text in self._told():
            yield header + text.encode().replace(_ZULU, b"Z").translate(None, _SIGNS)
            header = b""
        yield header

    def whole(self) -> IO[bytes]:
        """A workbook. Raises Invalid for one that is too large, and DBAPIError."""
        rows = chain.from_iterable(map(rows_of, self._told()))
        file = tempfile.TemporaryFile()  # noqa: SIM115 - whoever sends it closes it
        try:
            workbook.write(file, self._columns.names, rows)
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def close(self) -> None:
        self._reading.close()

    def _header(self) -> str:
        names = text_of([self._columns.names], self._asked.format.delimiter)
        return self._asked.format.opening + names

    def _told(self) -> Iterator[str]:
        asked, delimiter = self._asked, self._asked.format.delimiter
        query = leads_query(self._columns, asked.filters, asked.ordenar)
        cells = Cells(asked.format, asked.zone)
        for rows in self._reading.copy(query, asked.values, _COPIED.format(delimiter)):
            text = cells.told(rows)
            if kinds.MOVED in text:
                text = gathered(text, self._columns.names, delimiter)
            yield text
            self._tell(len(rows))

    def _tell(self, read: int) -> None:
        self._done += read
        if self._watch is not None:
            self._watch(self._done)
