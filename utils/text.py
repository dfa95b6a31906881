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

_DASHES = "\u2010\u2011\u2012\u2013\u2014\u2015\u2212"
# Direction marks and zero-width characters come along, unseen, with what people copy from
# WhatsApp, Windows contacts and web pages.
_INVISIBLE = "\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\ufeff"
# Full-width forms are ASCII shifted by 0xFEE0. Nothing else is folded: turning "²" or "①"
# into a digit would accept numbers that nobody wrote. Brackets part digits as blanks do.
_TYPED: dict[int, int | str | None] = {
    **{code + 0xFEE0: code for code in range(0x21, 0x7F)},
    **{ord(char): "-" for char in _DASHES},
    **{ord(char): None for char in _INVISIBLE},
    ord("（"): " ",
    ord("）"): " ",
}
_SPACED_MARK = re.compile(r" ?([-./+]) ?")


# Characters that show nothing by themselves, for a character class: spaces, controls, marks that
# only direct or join others, variation selectors, and fillers that Unicode calls letters. All are
# of the basic plane, so that a JSON Schema can name them too.
UNSEEN = (
    r"\s\x00-\x1f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e"
    r"\u2060-\u206f\u2800\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb"
)
_SEEN = re.compile(f"[^{UNSEEN}]")
# As they are folded: fillers take room like a space, and the other marks none.
_FILLERS = "\u115f\u1160\u2800\u3164\uffa0"
_MARKS = "\xad\u034f\u061c\u17b4\u17b5\ufeff" + "".join(
    chr(code)
    for first, last in (
        (0x180B, 0x180F),
        (0x200B, 0x200F),
        (0x202A, 0x202E),
        (0x2060, 0x206F),
        (0xFE00, 0xFE0F),
        (0xFFF9, 0xFFFB),
    )
    for code in range(first, last + 1)
)
_FOLDED: dict[int, str | None] = {
    **_PLAIN,
    **dict.fromkeys(map(ord, _FILLERS), " "),
    **dict.fromkeys(map(ord, _MARKS)),
}


# What people type for an apostrophe, the accents that stand alone included.
APOSTROPHES = "'`\u00b4\u02b9\u02bb\u02bc\u02bd\u2018\u2019\u201b\u2032\u2035\uff07\uff40"
_APOSTROPHE = re.compile(f"[{APOSTROPHES}]")


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
    """Return the text for searching: lower case, no accents, nothing unseen, single spaces.

    Latin text becomes ASCII ("São José" gives "sao jose"). Letters with no ASCII form
    stay, in lower case: dropping them would make a name in another script match everything.
    """
    if text.isascii():
        return " ".join(text.lower().split())
    return " ".join(_without_marks(text).split())


def word_key(text: str) -> str:
    """What words of people's own, such as a product's name, are told apart by: folded, or as they
    are where folding leaves nothing ("´")."""
    return fold(text) or text


def fold_name(text: str) -> str:
    """fold() without apostrophes, for looking names up: "D'Ávila" is found as "davila" is.

    Left out, they part no word either, so whoever types "d'avila", "davila" or "d avila" finds it.
    """
    folded = fold(_APOSTROPHE.sub("", text))
    # Folding gives new ones: "ŉ" is an apostrophe and an n.
    return folded if folded.isascii() else " ".join(_APOSTROPHE.sub("", folded).split())


def typed_code(text: str) -> str:
    """Return a typed number or code with its marks as one form each, for the caller to judge.

    Full-width characters become ASCII, dashes hyphens, brackets and runs of blanks one space, which
    stands beside no other mark; invisible marks go. So does the ".0" with which spreadsheets show
    that a whole number went through a column of decimals. Marks are not dropped: where one stands
    tells a mask from a decimal number, and one telephone from two.
    """
    if text.isalnum() and text.isascii():  # most of a file: nothing to do
        return text
    folded = text if text.isascii() else text.translate(_TYPED)
    typed = " ".join(folded.replace("(", " ").replace(")", " ").split())
    if " " in typed:
        return _SPACED_MARK.sub(r"\1", typed)
    whole = typed.removesuffix(".0")
    return whole if whole.isdigit() else typed


def _without_marks(text: str) -> str:
    # Case folding can give new marks ("İ"), and removing marks new case ("ᾳ"): decompose both
    # before and after it.
    folded = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(char for char in folded if not unicodedata.combining(char))
    return unicodedata.normalize("NFC", bare.translate(_FOLDED))
