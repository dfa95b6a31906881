"""Telephone numbers in E.164, read the way Brazilian lists write them."""

import re

from utils.text import typed_code

# Room for generous spacing; E.164 itself has 15 digits.
_MAX_TEXT = 64

_MIN_INTERNATIONAL = 12

# Groups of digits as people part them. A short last one is no group of a number: it is a decimal,
# an extension, or the end of a second number.
_GROUPED = re.compile(r"\+?[0-9]+(?:(?:[ .-][0-9]+)*(?:[ -][0-9]{2,}|\.[0-9]{3,}))?")
_SHAPE = re.compile(r"\+?[0-9]{5,20}")
_MARKS = str.maketrans("", "", " .-")
_TYPED_MARKS = re.compile(r"\+?[0-9 .-]+")
# Where a second number begins, or what is left of one.
_SEPARATED = re.compile(r"[0-9]\s*(?:[/,;|]| e | ou )\s*\+?[0-9]")
# Of the longest country code and number.
_MOST_DIGITS = 15
# The area codes (DDD) in use, as the numbering plan of the library has them.
_DDD = r"(?:[14689][1-9]|2[12478]|3[1-578]|5[13-5]|7[13-579])"
# Domestic numbers that need no library: landlines (2-5), mobiles (9 and eight digits) and
# the mobiles of before the ninth digit (6-9). The lengths keep the country code apart from
# DDD 55. A test holds this against the library for every area code and first digits.
_DOMESTIC = re.compile(rf"(?:\+?55)?0?({_DDD})(9[0-9]{{8}}|[2-9][0-9]{{7}})")
# What most lists hold, with and without its mask.
_EVERYDAY = re.compile(rf"\(?({_DDD})\)? ?(9[0-9]{{4}}|[2-9][0-9]{{3}})-?([0-9]{{4}})")
_DOMESTIC_MASK = re.compile(
    rf"(?:\+?55[ .-]?)?(?:0[ .-]?)?{_DDD}[ .-]?(?:9[ .-]?)?[0-9]{{4}}[ .-]?[0-9]{{4}}"
)
_OLD_MOBILE = re.compile(rf"\+55({_DDD})([6-9][0-9]{{7}})")


class InvalidPhone(ValueError):
    """The text is not a telephone number that can be dialled from anywhere."""


def normalize_phone(text: str) -> str:
    """Return the number in E.164, such as "+5511987654321"; without "+" or "00" it is Brazilian.

    A Brazilian mobile in the old 8-digit form (area code, then 6 to 9) gains the ninth digit,
    as all of them did by 2016. Carrier codes, 0800 and 4004 numbers are understood, and foreign
    numbers are accepted if valid. An extension ("ramal 12") is refused rather than dropped:
    without it everybody behind one switchboard would look like the same person. So is a mark that
    stands where no mask has one, as in "(47) 9998-8776/7": dropped, it would leave a stranger's
    number. Raises InvalidPhone for that and for anything else.
    """
    if everyday := _EVERYDAY.fullmatch(text):
        return phone_match_key(f"+55{everyday[1]}{everyday[2]}{everyday[3]}")
    if len(text) > _MAX_TEXT:
        raise InvalidPhone("Telefone longo demais.")
    typed = typed_code(text)
    compact = typed.translate(_MARKS)
    domestic = _DOMESTIC.fullmatch(compact)
    mask = _DOMESTIC_MASK if domestic else _GROUPED
    if not _SHAPE.fullmatch(compact) or (compact != typed and not mask.fullmatch(typed)):
        raise InvalidPhone("Informe só o telefone com DDD, sem ramal nem texto.")
    if domestic:
        return phone_match_key(f"+55{domestic[1]}{domestic[2]}")
    return _with_library(compact)


def phone_match_key(e164: str) -> str:
    """Return the key under which both forms of one Brazilian mobile meet.

    The key is the number itself, with the ninth digit put into an old 8-digit mobile. Inserting
    is safe where removing is not: old mobiles begin with 6 to 9 and landlines with 2 to 5, while
    +55 11 9 3333-4444 (a real mobile) without its ninth digit is somebody's landline. So a
    landline never shares a key with a mobile. Any other text is returned as it is.
    """
    old = _OLD_MOBILE.fullmatch(e164)
    return f"+55{old[1]}9{old[2]}" if old else e164


def why_invalid(text: str) -> str:
    """What is wrong with a text that normalize_phone() refuses, in words that do not repeat it."""
    typed = typed_code(text)
    digits = "".join(filter(str.isdecimal, typed))
    if _SEPARATED.search(typed):
        return "há mais de um número, ou parte de outro"
    if len(digits) > _MOST_DIGITS:
        return "há algarismos demais"
    if not _TYPED_MARKS.fullmatch(typed):
        return "escreva só o número com DDD, sem ramal nem texto"
    if typed.startswith(("+", "00")) and not digits.lstrip("0").startswith("55"):
        return "não há número assim no país do código"
    return _why_domestic(re.sub(r"\A(?:0{0,2}55(?=[0-9]{10}))?0?", "", digits))


def _why_domestic(number: str) -> str:
    if len(number) < 8:
        return "faltam algarismos"
    if len(number) < 10:
        return "falta o DDD"
    if not re.match(_DDD, number):
        return "este DDD não existe"
    if len(number) > 11:
        return "há algarismos demais"
    return "depois do DDD um celular tem 9 algarismos e começa com 9; um fixo tem 8"


def _with_library(compact: str) -> str:
    # "00" is how a Brazilian keypad writes "+". The library expects a carrier code after it,
    # and reads 0055 11 98765-4321 as a number of country 1, so the plain reading goes first.
    # Not when short: a number with area code "00", a filler, is not one of Somalia (+252).
    if compact.startswith("00") and len(compact) >= _MIN_INTERNATIONAL:
        plain = _parse("+" + compact[2:])
        if plain:
            return plain
    parsed = _parse(compact)
    if not parsed:
        raise InvalidPhone("Informe um telefone válido com DDD.")
    return parsed


def _parse(compact: str) -> str | None:
    # Imported on first use: the metadata takes 50 ms, and most numbers never come here.
    import phonenumbers

    try:
        number = phonenumbers.parse(compact, "BR")
    except phonenumbers.NumberParseException:
        return None
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    key = phone_match_key(e164)
    # An old mobile behind a carrier code is valid only after it gained its ninth digit.
    return key if key != e164 or phonenumbers.is_valid_number(number) else None
