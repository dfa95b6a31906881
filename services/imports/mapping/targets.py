"""What a column may go to: a field, an attribute, the end of the name, a further contact."""

import re

from services.leads.attributes import MAX_KEY
from services.leads.fields import FIELDS, READ_ONLY
from utils.text import fold, is_clean

ATTRIBUTE = "atributos."
# The field itself: attributes that have no column of their own, as a JSON object.
OBJECT = "atributos"
_SEPARATORS = re.compile(r"[\s_\-\u2010-\u2015]+")
# An exported file brings READ_ONLY fields along; they are left out. But since when a lead is known,
# and since when nobody may contact the person, is history, which a file may tell.
LEFT_OUT = {*READ_ONLY} - {"criado_em", "nao_contatar_em"}
IMPORTABLE = tuple(name for name in FIELDS if name not in {*LEFT_OUT, OBJECT})
# What a column may go to besides, if a mapping says so: the end of the name, and further contacts.
SURNAME, CONTACTS = "sobrenome", "contatos"


def field_named(name: str) -> str | None:
    """The field that a header names, however it is written."""
    return _FIELD_NAMES.get(_folded(name))


def is_target(name: str) -> bool:
    return name == OBJECT or is_value(name)


def is_value(name: str) -> bool:
    """Whether it is a target of which a mapping may say values and a default."""
    attribute = name.removeprefix(ATTRIBUTE)
    return name in {*IMPORTABLE, SURNAME, CONTACTS} or (
        attribute != name and 0 < len(attribute) <= MAX_KEY and is_clean(attribute)
    )


def _folded(name: str) -> str:
    """A header without case, accents and separators: E-mail, EMAIL and e_mail are one."""
    return _SEPARATORS.sub("", fold(name)) if len(name) <= MAX_KEY else ""


# Not those that only the server sets: a column ID is the caller's own, and would be lost.
_FIELD_NAMES = {_folded(name): name for name in IMPORTABLE}
