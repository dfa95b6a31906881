"""How a text file is encoded: decided over all of its bytes, of which none is replaced.

UTF-8 if all of it is; else as a byte order mark says, or the sender; else Windows-1252, in which
spreadsheets in Brazil write CSV.
"""

import codecs
import re

from services.imports.reading.blocks import Blocks, head_of, lines_of
from services.imports.reading.reader import UnreadableFile

UTF_8, UTF_16, WINDOWS = "utf-8", "utf-16", "windows-1252"
_MARKS = {
    codecs.BOM_UTF8: UTF_8,
    codecs.BOM_UTF16_LE: UTF_16,
    codecs.BOM_UTF16_BE: UTF_16,
}
_HEAD = 4_096
# What a sender may name; whoever says Latin-1 or ASCII means what Windows makes of it.
_DECLARABLE = re.compile(
    r"utf-16-[lb]e|cp(?:437|850|852|858|125[0-8])|iso8859-(?:[2-9]|1[013-6])|mac-roman"
)
_LATIN = {"iso8859-1", "ascii", "cp1252"}
# Half of a character beyond the basic plane, which badly made UTF-8 has by itself.
_SURROGATE = re.compile("\udced[\udca0-\udcbf][\udc80-\udcbf]")
_ESCAPED = re.compile("[\udc80-\udcff]")
_FOREIGN = re.compile("[^\x00-\x7f]")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\x0c\x1a"))


def encoding_of(blocks: Blocks, charset: str | None) -> str:
    """The encoding in which all of a file can be read. Raises UnreadableFile if there is none."""
    head = head_of(blocks, _HEAD)
    marked = next((name for mark, name in _MARKS.items() if head.startswith(mark)), None)
    if marked:
        return _as_marked(blocks, head, marked)
    _refuse_binary(head)
    if _decodes(blocks, UTF_8):
        return UTF_8
    _refuse_damaged(blocks)
    for encoding in (declared(charset), WINDOWS):
        if encoding and _decodes(blocks, encoding):
            return encoding
    raise UnreadableFile(
        "O arquivo não está em UTF-8 nem em Windows-1252 "
        f"(linha {_first_beyond(blocks, WINDOWS)}). "
        "Salve-o como CSV UTF-8 e envie de novo."
    )


def _as_marked(blocks: Blocks, head: bytes, marked: str) -> str:
    """A mark that lies is refused: which half of the file would be believed?"""
    is_utf_32 = head.startswith(codecs.BOM_UTF32_LE)
    # One zero is hardly an accident in UTF-16, and may well be one in UTF-8.
    is_so = b"\x00" in head and not is_utf_32 if marked == UTF_16 else not _is_wide(head)
    if is_so and _decodes(blocks, marked):
        return marked
    raise UnreadableFile(
        f"O arquivo começa com a marca de {marked.upper()}, mas não está em {marked.upper()}. "
        "Salve-o como CSV UTF-8 e envie de novo."
    )


def _is_wide(head: bytes) -> bool:
    """Whether it looks like UTF-16: the names of columns are mostly ASCII, of which every other
    byte is zero there."""
    zeros = max(head[start::2].count(0) for start in (0, 1))
    return len(head) > 3 and zeros * 5 > len(head) * 2


def _refuse_binary(head: bytes) -> None:
    if _is_wide(head):
        raise UnreadableFile(
            "O arquivo parece estar em UTF-16 sem a marca inicial (BOM). "
            "Salve-o como CSV UTF-8 e envie de novo."
        )
    if len(head) - len(head.translate(None, _CONTROLS)) > max(8, len(head) // 20):
        raise UnreadableFile("O arquivo não é um texto. Envie um CSV ou uma planilha .xlsx.")


def _refuse_damaged(blocks: Blocks) -> None:
    """UTF-8 with some bytes wrong: in another encoding every accent of it would turn into two
    other signs, and nobody would be told."""
    wrong = right = 0
    for line in lines_of(blocks, UTF_8, "surrogateescape"):
        if not line.isascii():
            escaped = len(_ESCAPED.findall(line)) - 3 * len(_SURROGATE.findall(line))
            wrong += escaped
            right += len(_FOREIGN.findall(line)) - escaped
    if right and right >= wrong:
        raise UnreadableFile(
            f"O arquivo está em UTF-8, mas na linha {_first_beyond(blocks, UTF_8)} há bytes que "
            "não são. Corrija a linha ou salve o arquivo de novo."
        )


def _first_beyond(blocks: Blocks, encoding: str) -> int:
    """The first line with a byte that an encoding has not."""
    lines = enumerate(lines_of(blocks, encoding, "surrogateescape"), 1)
    return next(linha for linha, line in lines if _ESCAPED.search(line))


def _decodes(blocks: Blocks, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for block in blocks():
            decoder.decode(block)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def declared(charset: str | None) -> str | None:
    """The encoding that a sender names, by its usual name; None for one that is not asked."""
    try:
        name = codecs.lookup(charset or "").name
    except (LookupError, ValueError):
        return None
    return WINDOWS if name in _LATIN else name if _DECLARABLE.fullmatch(name) else None
