"""Brazilian taxpayer numbers: CPF of a person, CNPJ of a company."""

import re
from operator import mul

from stdnum.br import cnpj
from stdnum.exceptions import ValidationError

from utils.text import typed_code

# The longest honest writing of a CNPJ, with every separator spaced out, is far below this.
_MAX_TEXT = 64

_CPF = re.compile(r"[0-9]{11}")
# The marks of a mask, each where it belongs; the second dot only behind the first one. Dots alone
# may also stand where the slash and the hyphen do.
_CPF_MASK = re.compile(
    r"[0-9]{3}(?:[. -][0-9]{3}[. -]?|[0-9]{3})[0-9]{3}[/ -]?[0-9]{2}"
    r"|(?:[0-9]{3}\.){3}[0-9]{2}"
)
_CNPJ_MASK = re.compile(
    r"[0-9A-Z]{2}(?:[. -][0-9A-Z]{3}[. -]?|[0-9A-Z]{3})[0-9A-Z]{3}[/ -]?[0-9A-Z]{4}[/ -]?[0-9]{2}"
    r"|[0-9A-Z]{2}(?:\.[0-9A-Z]{3}){2}\.[0-9A-Z]{4}[.-][0-9]{2}"
)
_MARKS = str.maketrans(dict.fromkeys("./ -"))
_FIRST_WEIGHTS = tuple(range(10, 1, -1))
_SECOND_WEIGHTS = tuple(range(11, 1, -1))
_CNPJ = re.compile(r"[0-9A-Z]{12}[0-9]{2}")


class InvalidDocument(ValueError):
    """The text is neither a CPF nor a CNPJ."""


def normalize_document(text: str) -> str:
    """Return the bare number: 11 digits (CPF) or 14 characters in upper case (CNPJ).

    Masks, lower case and full-width digits are accepted, and so is the alphanumeric CNPJ in force
    since July 2026. A mark that stands where no mask has one is refused: without it a decimal
    number may become a stranger's document. Lost leading zeros are not guessed back. Raises
    InvalidDocument for that, another length, wrong check digits or one digit repeated.
    """
    bare = _bare(text)
    # One repeated digit passes the arithmetic of the CPF, but no such number was ever issued.
    if not _has_valid_check_digits(bare) or bare == bare[0] * len(bare):
        raise InvalidDocument("Informe um CPF ou CNPJ válido.")
    return bare


def _bare(text: str) -> str:
    if _CPF_MASK.fullmatch(text):  # most of a file
        return text.translate(_MARKS)
    if len(text) > _MAX_TEXT:
        raise InvalidDocument("CPF ou CNPJ longo demais.")
    typed = typed_code(text)
    # Asked before upper(), which turns letters such as "ı" and "ſ" into plain I and S.
    if not typed.isascii():
        return ""
    code = typed.upper()
    if code.isalnum():
        return code
    masked = _CPF_MASK.fullmatch(code) or _CNPJ_MASK.fullmatch(code)
    return code.translate(_MARKS) if masked else ""


def _has_valid_check_digits(bare: str) -> bool:
    # The shapes are checked here because the library's own pattern for the CNPJ lets
    # digits of other scripts through.
    if _CPF.fullmatch(bare):
        return _is_cpf(bare)
    try:
        return bool(_CNPJ.fullmatch(bare) and cnpj.validate(bare))
    except ValidationError:
        return False


def _is_cpf(bare: str) -> bool:
    """As the library has it, at a fifth of its time: an import asks this of every line."""
    digits = [*map(int, bare)]
    first = sum(map(mul, digits, _FIRST_WEIGHTS)) * 10 % 11 % 10
    second = sum(map(mul, digits, _SECOND_WEIGHTS)) * 10 % 11 % 10
    return digits[9:] == [first, second]
