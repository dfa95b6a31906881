"""What a file is that is no table: told by its first bytes, with what its owner can do."""

import re

from services.imports.reading.blocks import Blocks, head_of
from services.imports.reading.reader import UnreadableFile

_ZIP = b"PK\x03\x04"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_SAVE = "Abra-o, salve como .xlsx ou CSV UTF-8 e envie de novo."
_KINDS = (
    (re.compile(rb"PK\x05\x06|PK\x07\x08"), "um ZIP vazio ou em partes. Envie a tabela."),
    (re.compile(rb"%PDF-"), "um PDF. Envie a tabela de que ele foi feito, em .xlsx ou CSV."),
    (
        re.compile(
            rb"\x89PNG|\xff\xd8\xff|GIF8|BM.{4}\x00{4}|II\*\x00|MM\x00\*|RIFF.{4}WEBP", re.DOTALL
        ),
        "uma imagem. Envie a tabela, em .xlsx ou CSV.",
    ),
    (
        re.compile(rb"\x1f\x8b|7z\xbc\xaf|Rar!|BZh[1-9]|\xfd7zXZ|\x28\xb5\x2f\xfd"),
        "compactado. Descompacte-o e envie a tabela que está dentro.",
    ),
    (
        re.compile(rb"\s*<(?:!doctype html|html|head|body|table|meta|style)\b", re.IGNORECASE),
        f"uma página HTML, ainda que se chame .xls ou .csv. {_SAVE}",
    ),
    (re.compile(rb"\s*<\?xml\b"), f"um XML. {_SAVE}"),
    (re.compile(rb"\{\\rtf"), f"um texto RTF. {_SAVE}"),
    (re.compile(rb'\s*(?:\[\s*[\[{]|\{\s*["}])'), "um JSON. Envie a tabela, em .xlsx ou CSV."),
)
_MARK = b"\xef\xbb\xbf"
_HEAD = 512


def is_zip(blocks: Blocks) -> bool:
    """A workbook is one; which other ones are none is seen when it is opened."""
    return head_of(blocks, len(_ZIP)) == _ZIP


def refuse_other_kinds(blocks: Blocks) -> None:
    """Raise UnreadableFile for a file that is of a known kind and no table of ours."""
    head = head_of(blocks, _HEAD)
    if head.startswith(_OLE):
        raise UnreadableFile(_of_ole(blocks))
    for signature, kind in _KINDS:
        if signature.match(head.removeprefix(_MARK)):
            raise UnreadableFile(f"O arquivo é {kind}")


def _of_ole(blocks: Blocks) -> str:
    """Old workbooks and locked new ones come in the same container; its directory names what is in
    it, in UTF-16."""
    before = b""
    for block in blocks():
        if "EncryptedPackage".encode("utf-16-le") in before + block:
            return "A planilha está protegida por senha. Salve-a sem senha e envie de novo."
        before = block[-64:]
    return f"O arquivo é do formato antigo do Office (.xls ou .doc). {_SAVE}"
