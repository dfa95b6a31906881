"""Cells that may hold several telephones and e-mails: those of `telefone`, `email` and `contatos`.

A converter returns the normalised ones with a blank between them; none of them holds a blank.
"""

import re
from collections.abc import Callable

from models.lead_contact import ContactKind
from services.imports.converting import codes
from services.imports.converting.cells import CellError, Converter, formatted
from services.imports.converting.unsaid import unsaid_of
from services.imports.mapping.targets import CONTACTS
from services.leads.contacts import Contact
from services.leads.fields import WHATSAPP_ID

# A blank parts e-mails only: it also stands within a telephone.
_BETWEEN = re.compile(r"\s*[,;|/\r\n]\s*|\s+(?:e|ou)\s+|\s+(?=[^\s@<]+@)")
_SHORTEST = 8
_WHATSAPP = re.compile(r"[A-Za-z]{2}\..+|[0-9]+@lid")
_CONVERTERS: dict[ContactKind, Converter] = {
    ContactKind.TELEFONE: codes.phone,
    ContactKind.EMAIL: codes.email,
    ContactKind.WHATSAPP_ID: formatted(WHATSAPP_ID),
}


def _several(kind_of: Callable[[str], ContactKind], *, verbatim: bool = False) -> Converter:
    """One contact, or several of which each is whole: "(47) 9998-8776/7" has no second one.
    `verbatim`: fillers among them are contacts, too."""

    def convert(cell: str) -> str:
        try:
            return _CONVERTERS[kind_of(cell)](cell)
        except CellError as error:
            parts = [(kind_of(part), part) for part in _BETWEEN.split(cell) if part]
            if [part for _, part in parts] in ([], [cell]):
                raise
            return _all_of([each for each in parts if verbatim or not _is_filler(*each)], error)

    return convert


def _all_of(parts: list[tuple[ContactKind, str]], otherwise: CellError) -> str:
    """Each of them, or the error of the whole cell, which says that there are several."""
    try:
        return " ".join(_CONVERTERS[kind](part) for kind, part in parts)
    except CellError:
        raise otherwise from None


def _is_filler(kind: ContactKind, part: str) -> bool:
    """As long as a contact and none. A short one is the end of another: 11987654321,00."""
    return ("@" in part or len(part) >= _SHORTEST) and unsaid_of(kind)(part)


def kind_of(text: str) -> ContactKind:
    """What a contact is by its form, typed or normalised."""
    if _WHATSAPP.fullmatch(text):
        return ContactKind.WHATSAPP_ID
    return ContactKind.EMAIL if "@" in text else ContactKind.TELEFONE


_KINDS: dict[str, Callable[[str], ContactKind]] = {
    "telefone": lambda _: ContactKind.TELEFONE,
    "email": lambda _: ContactKind.EMAIL,
    CONTACTS: kind_of,
}
CELLS = {target: _several(kind_of) for target, kind_of in _KINDS.items()}
# Of cells that say their text word for word (see literal).
VERBATIM = {target: _several(kind_of, verbatim=True) for target, kind_of in _KINDS.items()}


def has_filler(target: str, cell: str) -> bool:
    """Whether a cell of a column has a contact among others that is taken for nobody's."""
    kind_of = _KINDS.get(target)
    return kind_of is not None and any(
        _is_filler(kind_of(part), part) for part in _BETWEEN.split(cell)
    )


def contact_of(text: str) -> Contact:
    """One of those that a converter returned."""
    return Contact(kind_of(text), text)
