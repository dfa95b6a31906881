"""A cell as a preview shows it: enough to be recognised by who sent the file, and no more.

What tells of nobody (stages, cities, amounts, days) is shown as it is.
"""

import re

_LONGEST = 60
_MONEY = ("valor", "renda_mensal")
_PLAIN = frozenset(
    (
        "cidade uf produto origem campanha etiquetas etapa motivo_perda proximo_contato_em "
        "ultimo_contato_em fechado_em previsto_para nao_contatar_em criado_em"
    ).split()
).union(_MONEY)
_DIGIT = re.compile(r"[0-9]")
_DAY = re.compile(
    r"(?:[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}|[0-9]{1,2}([/.-])[0-9]{1,2}\1[0-9]{2,4})"
    r"(?:[ Tt,]+[0-9]{1,2}:[0-9:.]+ ?(?:[Zz]|[+-][0-9:]+)?)?"
)
# Fewer digits are a year, an amount or a count; amounts have more of them.
_OF_SOMEBODY, _NO_AMOUNT = 8, 11
# The last digits that are shown.
_SHOWN, _SHOWN_OF_DOCUMENT = 4, 5
_WORD = re.compile(r"\w+")
_ADDRESS = re.compile(r"([^\s@,;<>])[^\s@,;<>]*@([^\s@,;<>])[^\s@,;<>]*")


def masked(cell: str, campo: str | None, *, plain: bool = False) -> str:
    """The cell of a column that is taken for a field, an attribute or nothing; `plain`: its words
    tell of nobody."""
    plain = plain or campo in _PLAIN
    text = " ".join(cell.split())[:_LONGEST]
    if "@" in text:
        return _of_words(_ADDRESS.sub(r"\1@\2", text))
    if not plain:
        text = _of_words(text)
    fewest = _NO_AMOUNT if campo in _MONEY else _OF_SOMEBODY
    if len(_DIGIT.findall(text)) < fewest or _DAY.fullmatch(text):
        return text
    return _of_digits(text, _SHOWN_OF_DOCUMENT if campo == "documento" else _SHOWN)


def _of_words(text: str) -> str:
    return _WORD.sub(lambda word: word[0] if word[0][0].isdigit() else f"{word[0][0]}***", text)


def _of_digits(text: str, shown: int) -> str:
    return _DIGIT.sub("*", text, count=len(_DIGIT.findall(text)) - shown)
