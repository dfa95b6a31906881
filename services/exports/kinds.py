"""What a cell holds, as PostgreSQL tells it: by a sign before its text.

No text that is kept has one of these signs (utils/text). So the cells that need a look are found in
the rows as they come, and the others are passed on unread.
"""

from services.imports.mapping.targets import ATTRIBUTE
from services.imports.mapping.targets import CONTACTS as OTHER_CONTACTS

# Begins each sign, so that one character is searched for: that is the fastest.
SIGN = "\x01"
# Texts, each with a column whose reader in an import is the one that it meets again.
READ_AS = {
    f"{SIGN}\x02": "produto",
    f"{SIGN}\x03": "nome",
    f"{SIGN}\x04": "email",
    f"{SIGN}\x05": "documento",
    f"{SIGN}\x06": "telefone",
    f"{SIGN}\x07": ATTRIBUTE,
    f"{SIGN}\x10": OTHER_CONTACTS,
}
TEXT, NAME, EMAIL, DOCUMENT, PHONE, ATTRIBUTE_TEXT, CONTACTS = READ_AS
# A number among the attributes; anything else there, as JSON; an instant in ISO 8601.
NUMBER, OTHER, INSTANT = f"{SIGN}\x08", f"{SIGN}\x0b", f"{SIGN}\x0c"
# Behind an instant whose "+00:00" is to be a Z; before a cell that its row cannot have.
ZULU, MOVED = "\x0e", "\x0f"
# All that they are made of.
CHARACTERS = "\x01\x02\x03\x04\x05\x06\x07\x08\x0b\x0c\x0e\x0f\x10"
LENGTH = 2
