"""Ids by which WhatsApp names a person who does not show a phone."""

import re

# Of Meta, with a country before them, and of WhatsApp's own addresses.
_ID = re.compile(r"[A-Z]{2}\.[A-Za-z0-9]{1,128}|[0-9]{5,32}@lid")


class InvalidWhatsappId(ValueError):
    """The text has neither form."""


def normalize_whatsapp_id(text: str) -> str:
    """`BR.1234567890` or `1234567890@lid`. Raises InvalidWhatsappId."""
    found = text.strip()
    found = found[:2].upper() + found[2:] if found[2:3] == "." else found.lower()
    if not _ID.fullmatch(found):
        raise InvalidWhatsappId("Não é um id do WhatsApp.")
    return found
