"""Telephones, e-mails and documents with what systems and spreadsheets put around them: p:+5511…,
(0xx11), mailto:, a document that lost its first zeros."""

import re

from services.imports.converting.cells import CellError, formatted
from services.leads import fields

_phone, _email, _document = map(formatted, (fields.PHONE, fields.EMAIL, fields.DOCUMENT))
_KIND = (
    r"(?:tel(?:efone)?|fone|cel(?:ular)?|whats(?:app)?|wpp|zap|phone|mobile|comercial|residencial"
    r"|trabalho|casa)"
)
_BEFORE_PHONE = re.compile(
    rf"(?:p:|{_KIND}\s*[.:]|{_KIND}\s|(?:https?://)?(?:wa\.me/|api\.whatsapp\.com/send/?\?phone=))"
    r"\s*(?=[+(0-9])",
    re.IGNORECASE,
)
_BEHIND_PHONE = re.compile(rf"\s*[-(]?\s*{_KIND}\s*\)?\Z", re.IGNORECASE)
# Where a carrier is dialled, as Brazil wrote its numbers for years.
_CARRIER = re.compile(r"\(?0?\s*[x*]{2}\s*\)?[\s-]*\(?([1-9][0-9])\)?\s*", re.IGNORECASE)
_NAMED_EMAIL = re.compile(r"(?:[^<>@]*<|mailto:)\s*([^<>\s]+@[^<>\s]+?)\s*>?", re.IGNORECASE)
# By how many digits there are, of how many there were: of a CPF three zeros, of a CNPJ two.
_WHOLE = {8: 11, 9: 11, 10: 11, 12: 14, 13: 14}


def phone(cell: str) -> str:
    try:
        return _phone(cell)
    except CellError:
        bare = _BEHIND_PHONE.sub("", _BEFORE_PHONE.sub("", cell, count=1))
        bare = _CARRIER.sub(r"\1 ", bare, count=1)
        if bare == cell:
            raise
        return _phone(bare)


def email(cell: str) -> str:
    try:
        return _email(cell)
    except CellError:
        found = _NAMED_EMAIL.fullmatch(cell)
        if found is None:
            raise
        return _email(found[1])


def document(cell: str) -> str:
    """A CPF or CNPJ. A column of numbers has no zeros before them: they are put back where the
    digits that check them then hold."""
    try:
        return _document(cell)
    except CellError:
        # Bare digits only: one mark more, and it may be another number.
        whole = _WHOLE.get(len(cell))
        if whole is None or not cell.isdecimal():
            raise
        return _document(cell.zfill(whole))
