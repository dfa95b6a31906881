"""Free text: what may be stored, and the form in which it is searched."""

import re
import unicodedata

# PostgreSQL has no NUL and UTF-8 no lone surrogates; the other C0 controls (tab and line
# ends apart) come from damaged files and break CSV and logs.
_REFUSED = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")

# Letters that Unicode does not decompose, though everybody types them in plain ASCII.
_PLAIN = str.maketrans(
    {"ø": "o", "đ": "d", "ð": "d", "ł": "l", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)

_SEPARATORS = "()./-"
_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
# Direction marks and zero-width characters come along, unseen, with what people copy from
# WhatsApp, Windows contacts and web pages.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
# Full-width forms are ASCII shifted by 0xFEE0. Nothing else is folded: turning "²" or "①"
# into a digit would accept numbers that nobody wrote.
_BARE: dict[int, int | None] = {
    **{code + 0xFEE0: code for code in range(0x21, 0x7F)},
    **{ord(char): None for char in _SEPARATORS + _DASHES + _INVISIBLE},
    **{ord(char) + 0xFEE0: None for char in _SEPARATORS},
}


# Characters that show nothing by themselves, for a character class: spaces, controls, marks that
# only direct or join others, variation selectors, and fillers that Unicode calls letters. All are
# of the basic plane, so that a JSON Schema can name them too.
UNSEEN = (
    r"\s\x00-\x1f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
_SEEN = re.compile(f"[^{UNSEEN}]")


class InvalidText(ValueError):
    """The text holds characters that cannot be stored."""


def clean_text(text: str) -> str:
    """Return the text in NFC without whitespace at either end; "" if there is nothing to see.

    Raises InvalidText for NUL, lone surrogates and C0 controls other than tab, LF and CR.
    """
    # isprintable() is one pass in C that rules out every control, so names cost no regex.
    if not text.isprintable() and _REFUSED.search(text):
        raise InvalidText("O texto contém caracteres de controle não permitidos.")
    if text.isascii():
        return text.strip()
    clean = unicodedata.normalize("NFC", text).strip()
    return clean if _SEEN.search(clean) else ""


def is_clean(text: str) -> bool:
    """Whether clean_text() would take it."""
    return text.isprintable() or not _REFUSED.search(text)


def fold(text: str) -> str:
    """Return the text for searching: lower case, no accents, single spaces, trimmed.

    Latin text becomes ASCII ("São José" gives "sao jose"). Letters with no ASCII form
    stay, in lower case: dropping them would make a name in another script match everything.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(_without_marks(text).split())


def bare_code(text: str) -> str:
    """Return a typed number or code without spaces, mask and invisible marks.

    Full-width characters become ASCII; every other character stays for the caller to judge.
    """
    if text.isalnum() and text.isascii():  # most of a file: nothing to take away
        return text
    return "".join(text.split()).translate(_BARE)


def _without_marks(text: str) -> str:
    # Case folding can give new marks ("İ"), and removing marks new case ("ᾳ"): decompose both
    # before and after it.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.translate(_PLAIN))
