"""E-mail addresses: one spelling for each, and only those that mail can reach."""

import re
import unicodedata

MAX_EMAIL = 254

# Names that IANA keeps for special use; the library refuses them, and a test compares the lists.
SPECIAL_USE_TLDS = ("arpa", "invalid", "local", "localhost", "onion", "test")

# The everyday address, in pure ASCII. It stays strictly inside what the library accepts: no
# double hyphens (punycode and reserved labels), a top-level domain of letters only, and, with
# the length below, no label above 63 characters.
_EVERYDAY = re.compile(
    r"[a-z0-9_+-]+(?:\.[a-z0-9_+-]+)*"
    r"@(?:[a-z0-9]+(?:-[a-z0-9]+)*\.)+"
    rf"(?!(?:{'|'.join(SPECIAL_USE_TLDS)})\Z)[a-z]{{2,}}"
)
_EVERYDAY_MAX = 63


class InvalidEmail(ValueError):
    """The text is not an e-mail address."""


def normalize_email(text: str) -> str:
    """Return the address trimmed, in lower case and NFKC, at most 254 characters long.

    NFKC, because addresses that look alike are one: full-width letters and ligatures are what
    some keyboards and PDFs make of plain ones. Nothing is asked of the network. Display names,
    quoted local parts and special-use domains (.test, .local, ...) are refused.

    Raises InvalidEmail.
    """
    trimmed = text.strip()
    if len(trimmed) > MAX_EMAIL:
        raise InvalidEmail(f"O e-mail deve ter no máximo {MAX_EMAIL} caracteres.")
    email = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", trimmed).lower())
    return email if is_everyday(email) else _with_library(email)


def normalize_email_start(text: str) -> str:
    """Return the beginning of an address as normalize_email() would spell it.

    Raises InvalidEmail for what no address begins with.
    """
    start = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text.strip()).lower())
    if not start.isprintable() or " " in start:
        raise InvalidEmail("Nenhum e-mail começa assim.")
    return _bounded(start)


def is_everyday(email: str) -> bool:
    """Tell whether the address is plain enough to be accepted without the library."""
    return len(email) <= _EVERYDAY_MAX and _EVERYDAY.fullmatch(email) is not None


def _with_library(email: str) -> str:
    # Imported on first use: it brings the IDNA tables, 75 ms that few processes need.
    from email_validator import EmailNotValidError, validate_email

    try:
        normalized = validate_email(email, check_deliverability=False).normalized
    except (EmailNotValidError, UnicodeError) as error:
        raise InvalidEmail("Informe um e-mail válido.") from error
    return _bounded(normalized)


def _bounded(normalized: str) -> str:
    if len(normalized) > MAX_EMAIL:
        raise InvalidEmail(f"O e-mail deve ter no máximo {MAX_EMAIL} caracteres.")
    return normalized
