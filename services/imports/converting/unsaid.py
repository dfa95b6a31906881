"""Cells in which something stands and nothing is said: N/A, -, #REF!, (11) 99999-9999.

As a value they would overwrite what is known, and as a key make one lead of many people. What is
taken for unsaid is short on purpose: in the caller's own attributes "nenhum" and "x" are answers.
Every cell of a file is asked this once, so each question begins with a cheap one.
"""

import re
from collections.abc import Callable

from services.imports.mapping.targets import CONTACTS, SURNAME
from utils.text import fold, typed_code

Unsaid = Callable[[str], bool]

_LONGEST = 24
_MARKS = frozenset("-‐‑‒–—―−._/…?·• ")
_AROUND_LETTERS = re.compile(r"[\s()<>\[\].,:;/_*'\"#!?‐-―−-]+")
_ERRORS = frozenset(
    "#n/d #n/a #na #ref! #valor! #value! #div/0! #nome? #name? #num! #nulo! #null!".split()
)
_ABSENT = frozenset("na nd null".split())
# Of what begins with a mark only a masked number is spared the look.
_MARK = r"_|(?![(+][0-9])\W"
_MAY_BE_ABSENT = re.compile(rf"{_MARK}|n[\W_]?[adu]", re.IGNORECASE)
_UNKNOWN = re.compile(
    r"0+|x{1,5}|ni|sn|nan|none|nenhum[ao]?|vazi[ao]|(?:em)?branco|desconhecid[ao]|ignorad[ao]"
    r"|indisponivel|indefinid[ao]|a(?:definir|informar|confirmar|preencher)"
    r"|nao(?:informad[ao]|informou|tem|possui|consta|ha|sei|sabe|existe|disponivel"
    r"|seaplica|cadastrad[ao]|preenchid[ao]|identificad[ao]|definid[ao]|fornecid[ao])"
    r"|sem(?:nome|telefone|fone|celular|whatsapp|contato|email|mail|documento|cpf|cnpj|cidade"
    r"|empresa|numero|codigo|id|cadastro|registro|informacao|informacoes|dados)"
)
_MAY_BE_UNKNOWN = re.compile(
    rf"{_MARK}|0|x|n[\W_]?[aãdeiou]|s[\W_]?[en]|vaz|em|bran|desc|ign|ind|a[\W_]?[cdip]",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"\+?[0-9][0-9 ./-]*")
_NO_DIGITS = re.compile(r"[^0-9]+")
# One digit over and over; of a phone its last eight are enough.
_ONE_DIGIT = re.compile(r"0+|([0-9])\1{7,}")
_PHONE_OF_ONE_DIGIT = re.compile(rf"{_ONE_DIGIT.pattern}|[0-9]{{2,5}}([0-9])\2{{7}}")
# What keyboards and examples give; their check digits are right.
_RUNS = frozenset(
    "01234567890 12345678909 98765432100 12345678000195 "
    "012.345.678-90 123.456.789-09 987.654.321-00 12.345.678/0001-95".split()
)
_NO_EMAIL = (
    r"(?:nao[._-]?(?:tem|possui|ha|consta|informad[ao]|informou|e?-?mail)|sem[._-]?e?-?mail"
    r"|n[._-]?(?:tem|possui))"
)
_TRIAL = r"(?:testes?|e?-?mail|nome|fulano|xxx*|aaa*|abc|asdf?g?|qwe(?:rty)?|nada|nenhum|na|nt)"
# The rest of one address: behind it another may stand, which is somebody's.
_REST = r"[^\s,;|/<>]+"
_NO_ADDRESS = re.compile(
    rf"{_NO_EMAIL}[0-9]*@{_REST}"
    rf"|(?:nao|sem|n)@(?:tem|nao|possui|ha|e?-?mail|informad[ao])\.{_REST}"
    rf"|{_TRIAL}@{_TRIAL}\.{_REST}|(?:a@a|x@x)\.{_REST}",
    re.IGNORECASE,
)


def unsaid_of(target: str) -> Unsaid:
    """Whether a trimmed cell of a column says nothing."""
    return _OF_FIELD.get(target, is_absent)


def beginning_of(target: str) -> str:
    """How each cell of a column begins that says nothing, and few others do: a pattern without
    groups, for letters of any case."""
    return _BEGINNINGS.get(target, _MAY_BE_ABSENT).pattern


def is_absent(cell: str) -> bool:
    """What nobody says of anything."""
    if len(cell) > _LONGEST or not _MAY_BE_ABSENT.match(cell):
        return False
    if cell[0] == "#":
        return fold(cell) in _ERRORS
    return _letters(cell) in _ABSENT or _MARKS.issuperset(cell)


def _is_unknown(cell: str) -> bool:
    """What nobody says of a person."""
    if len(cell) > _LONGEST or not _MAY_BE_UNKNOWN.match(cell):
        return False
    return is_absent(cell) or _UNKNOWN.fullmatch(_letters(cell)) is not None


def _is_no_phone(cell: str) -> bool:
    if cell[-1].isdigit():
        return _repeats(cell) and bool(_PHONE_OF_ONE_DIGIT.fullmatch(_digits(cell)))
    return _is_unknown(cell)


def _is_no_document(cell: str) -> bool:
    if cell[-1].isdigit():
        return cell in _RUNS or (_repeats(cell) and bool(_ONE_DIGIT.fullmatch(_digits(cell))))
    return _is_unknown(cell)


def _is_no_email(cell: str) -> bool:
    return _NO_ADDRESS.fullmatch(cell) is not None if "@" in cell else _is_unknown(cell)


def _is_no_contact(cell: str) -> bool:
    return _is_no_email(cell) if "@" in cell else _is_no_phone(cell)


def _repeats(cell: str) -> bool:
    """Whether the last sign is most of the cell."""
    times = cell.count(cell[-1])
    return times >= 8 or times * 2 >= len(cell)


def _digits(cell: str) -> str:
    """The digits of a number, "" of what holds letters too."""
    typed = typed_code(cell)
    return _NO_DIGITS.sub("", typed) if _NUMBER.fullmatch(typed) else ""


def _letters(cell: str) -> str:
    return _AROUND_LETTERS.sub("", fold(cell))


_NAMES = ("nome", SURNAME, "empresa", "cidade", "id_externo")
_OF_FIELD: dict[str, Unsaid] = {
    **dict.fromkeys(_NAMES, _is_unknown),
    "telefone": _is_no_phone,
    CONTACTS: _is_no_contact,
    "documento": _is_no_document,
    "email": _is_no_email,
}
_BEGINNINGS = {
    **dict.fromkeys(_NAMES, _MAY_BE_UNKNOWN),
    # As they are kept: a document without its mask, and not of one digit alone.
    "documento": re.compile("|".join(sorted(filter(str.isdigit, _RUNS)))),
    "email": _NO_ADDRESS,
}
