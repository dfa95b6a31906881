"""What a workbook takes unpacked: measured before anything is read of it, by what comes out and not
by what its directory says."""

import zlib
from collections.abc import Iterator
from io import BytesIO
from typing import NamedTuple
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from services.imports.reading.reader import UnreadableFile
from services.imports.reading.sheetExtent import MalformedSheet, SheetExtent

MAX_UNPACKED = 200 * 1024 * 1024
# Each is an object of the directory; a workbook has some dozens.
_MAX_MEMBERS = 10_000
# A sheet is held as an array of all cells between its first and its last one.
MAX_CELLS = 5_000_000
DAMAGED = "A planilha está danificada ou incompleta. Abra-a, salve-a de novo e envie."
_DIRECTORY_ENTRY = b"PK\x01\x02"
_LOCAL_HEADER = 30
_BLOCK = 256 * 1024
_ENCRYPTED = 0x1
_SAVE = "Salve a tabela como .xlsx ou CSV UTF-8 e envie de novo."
# A member by which another kind of archive is known.
_OTHERS = {
    "xl/workbook.bin": f"A pasta de trabalho é binária (.xlsb). {_SAVE}",
    "content.xml": f"O arquivo é do LibreOffice (.ods). {_SAVE}",
    "word/document.xml": f"O arquivo é um documento do Word. {_SAVE}",
    "Index/Document.iwa": f"O arquivo é do Numbers. {_SAVE}",
}


class Measured(NamedTuple):
    """The parts with cells; and by part, the first row with a formula of which it is not saved what
    it came to."""

    filled: set[str]
    unsaved: dict[str, int]


def measure(file: BytesIO) -> Measured:
    """Raises UnreadableFile for an archive that is no workbook, is damaged, or is too much to read:
    more bytes than MAX_UNPACKED, or a sheet of more cells than MAX_CELLS."""
    found = Measured(set(), {})
    try:
        left = MAX_UNPACKED
        for member in _members(file):
            extent = SheetExtent() if member.filename.endswith((".xml", ".rels")) else None
            left -= _measured(file, member, left, extent)
            if extent and extent.height:
                found.filled.add(member.filename)
            if extent and extent.unsaved:
                found.unsaved[member.filename] = extent.unsaved
        return found
    except (BadZipFile, zlib.error, MalformedSheet, ValueError, EOFError, OSError) as error:
        raise UnreadableFile(DAMAGED) from error


def _members(file: BytesIO) -> list[ZipInfo]:
    if file.getvalue().count(_DIRECTORY_ENTRY) > _MAX_MEMBERS:
        raise UnreadableFile(f"O arquivo tem mais de {_MAX_MEMBERS} partes: não é uma planilha.")
    with ZipFile(file) as archive:
        members = archive.infolist()
    names = {member.filename for member in members}
    if "xl/workbook.xml" not in names:
        other = next((said for name, said in _OTHERS.items() if name in names), None)
        raise UnreadableFile(
            other or f"O arquivo é um ZIP. Envie a tabela que está dentro. {_SAVE}"
        )
    if any(member.flag_bits & _ENCRYPTED for member in members):
        raise UnreadableFile("A planilha está protegida por senha. Salve-a sem senha e envie.")
    if sum(member.file_size for member in members) > MAX_UNPACKED:
        _refuse_large()
    return members


def _measured(file: BytesIO, member: ZipInfo, left: int, extent: SheetExtent | None) -> int:
    """How many bytes come out of a member; of a sheet its cells are measured, too."""
    size = 0
    for block in _unpacked(file, member):
        size += len(block)
        if size > left:
            _refuse_large()
        if extent and extent.feed(block) > MAX_CELLS:
            raise UnreadableFile(
                f"Uma aba ocupa {extent.height} linhas e {extent.width} colunas. "
                "Deixe nela só a tabela, ou salve-a como CSV."
            )
    if extent:
        extent.close()
    return size


def _unpacked(file: BytesIO, member: ZipInfo) -> Iterator[bytes]:
    packed = _packed(file, member)
    if member.compress_type == ZIP_STORED:
        yield from packed
        return
    if member.compress_type != ZIP_DEFLATED:
        raise BadZipFile("packed in an unusual way")
    stream = zlib.decompressobj(-zlib.MAX_WBITS)
    for block in packed:
        yield stream.decompress(block, _BLOCK)
        while stream.unconsumed_tail:
            yield stream.decompress(stream.unconsumed_tail, _BLOCK)
    yield stream.flush()
    if not stream.eof:
        raise BadZipFile("cut off")


def _packed(file: BytesIO, member: ZipInfo) -> Iterator[bytes]:
    view = file.getbuffer()
    header = view[member.header_offset : member.header_offset + _LOCAL_HEADER]
    names = [int.from_bytes(header[place : place + 2], "little") for place in (26, 28)]
    start = member.header_offset + _LOCAL_HEADER + sum(names)
    end = start + member.compress_size
    if len(header) < _LOCAL_HEADER or end > len(view):
        raise BadZipFile("cut off")
    for place in range(start, end, _BLOCK):
        yield bytes(view[place : min(place + _BLOCK, end)])


def _refuse_large() -> None:
    mb = MAX_UNPACKED // (1024 * 1024)
    raise UnreadableFile(f"A planilha passa de {mb} MB descompactada. Salve-a como CSV e envie.")
