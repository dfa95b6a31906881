"""The file of a backup: a ZIP with one member per table, in COPY's text format, and a manifest.

Whole or refused: the directory of a ZIP stands at its end, and every member has a checksum.
"""

import errno
import io
import json
import struct
import zlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, BinaryIO, Self, cast
from zipfile import ZIP_DEFLATED, BadZipFile, ZipFile

_FORMAT = 1
_MANIFEST = "manifesto.json"
# Text of this kind shrinks to a quarter; a higher level takes twice the time for a tenth less.
_LEVEL = 3
_BLOCK = 1 << 20  # bytes


class BadArchive(Exception):
    """The file is no whole backup; the text says so in one sentence, after the file's name."""


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept of one table."""

    colunas: tuple[str, ...]
    linhas: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """`migracao` is that of the database, `sequencias` the last id given, by sequence."""

    migracao: str
    feito_em: str
    epoca: int
    tabelas: Mapping[str, Content]
    sequencias: Mapping[str, int]

    @property
    def linhas(self) -> int:
        return sum(content.linhas for content in self.tabelas.values())


class ArchiveWriter(AbstractContextManager["ArchiveWriter"]):
    def __init__(self, file: BinaryIO) -> None:
        self._zip = ZipFile(file, "w", ZIP_DEFLATED, compresslevel=_LEVEL)

    @contextmanager
    def member(self, table: str) -> Iterator[IO[bytes]]:
        """A file to write the table's rows to, before the next one is opened."""
        with (
            self._zip.open(table, "w", force_zip64=True) as member,
            # COPY hands over row by row.
            io.BufferedWriter(cast(io.RawIOBase, member), _BLOCK) as buffered,
        ):
            yield cast(IO[bytes], buffered)

    def finish(self, manifest: Manifest) -> None:
        described = {"formato": _FORMAT, **asdict(manifest)}
        self._zip.writestr(_MANIFEST, json.dumps(described, indent=1))

    def __exit__(self, *_: object) -> None:
        self._zip.close()


class Archive(AbstractContextManager["Archive"]):
    """A file that is there to be read. Raises BadArchive and OSError."""

    def __init__(self, path: Path) -> None:
        with _explained():
            self._zip = ZipFile(path)
            self.manifest = _manifest(json.loads(self._zip.read(_MANIFEST)))

    def check(self) -> None:
        """Read all of it. Raises BadArchive where anything differs from what was written."""
        with _explained():
            if set(self._zip.namelist()) != {*self.manifest.tabelas, _MANIFEST}:
                raise BadArchive("não contém as tabelas que anuncia")
            if self._zip.testzip() is not None:
                raise BadArchive(_DAMAGED)

    def open(self, table: str) -> IO[bytes]:
        return self._zip.open(table)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._zip.close()


_FOREIGN = "não é um backup de flask backup create"
_DAMAGED = f"está danificado ou incompleto, ou {_FOREIGN}"
# What zipfile raises on bytes that it does not understand, beside its own BadZipFile.
_NONSENSE = (BadZipFile, EOFError, RuntimeError, ValueError, struct.error, zlib.error)


@contextmanager
def _explained() -> Iterator[None]:
    try:
        yield
    except (KeyError, TypeError, AttributeError, json.JSONDecodeError) as error:
        raise BadArchive(_FOREIGN) from error
    except _NONSENSE as error:
        raise BadArchive(_DAMAGED) from error
    except OSError as error:
        if error.errno != errno.EINVAL:  # the place of a member lies before the file's beginning
            raise
        raise BadArchive(_DAMAGED) from error


def _manifest(found: dict[str, Any]) -> Manifest:
    if found.pop("formato") != _FORMAT:
        raise BadArchive("foi feito por uma versão mais nova: atualize o código")
    contents = {
        name: Content(tuple(each["colunas"]), int(each["linhas"]))
        for name, each in found.pop("tabelas").items()
    }
    return Manifest(**found, tabelas=contents)
