"""Names of fields that are refused.

Each kind of name is one regular expression, which Python and PostgreSQL read alike, over the words
of the name in lower case, each between spaces.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from services.rules.denied.refusals import (
    AFTERWARDS,
    CALENDAR,
    FREE_TEXT,
    PERSONAL,
    PROTECTED,
    Refusal,
)
from services.rules.denied.words import AFFIXES, BORN, KINDS, PLACES, Kind
from services.rules.fields import ATTRIBUTE
from services.rules.texts import plain_text

# Where a word ends and the next begins without a mark: estadoCivil, CEPResidencial.
CAMEL = (("([a-z0-9])([A-Z])", r"\1 \2"), ("([A-Z])([A-Z][a-z][a-z])", r"\1 \2"))
BETWEEN = "[^a-z]+"
_WORD = re.compile(r"[a-z]+|[0-9]+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """`excuse`: where it is found too, the name means something else. `hint`: what is
    quickly looked for, without which nothing is found."""

    refusal: Refusal
    hint: str
    found: str
    excuse: str | None = None

    def refuses(self, spaced: str) -> bool:
        if not re.search(self.found, spaced):
            return False
        return self.excuse is None or not re.search(self.excuse, spaced)


def _any(words: str) -> str:
    return "(?:" + "|".join(sorted(set(words.split()))) + ")"


def _pattern(kind: Kind) -> Pattern:
    stems = [stem.replace("_", " ?") for stem in kind.stems.split()]
    found, hints = [*stems], [*stems, *kind.short.split()]
    if kind.short:
        affix = _any(AFFIXES)
        found.append(f" {affix}*{_any(kind.short)}(?:s|es)?{affix}* ")
    if kind.whole:
        found.append(f" {_any(kind.whole)} ")
        hints.append(f" {_any(kind.whole)} ")
    return Pattern(kind.refusal, "|".join(hints), "|".join(found), _excuse(kind))


def _excuse(kind: Kind) -> str | None:
    if not kind.beside:
        return None
    unless = f"(?!.* {_any(kind.people)} )" if kind.people else ""
    return f"^{unless}.* {_any(kind.beside)} "


_ORIGIN = f" {_any(PLACES)} .*{_any(BORN)} | {_any(BORN)} .*{_any(PLACES)} "
_PATTERNS = (Pattern(PROTECTED, _any(BORN), _ORIGIN), *map(_pattern, KINDS))
_RANK = (PROTECTED, PERSONAL, FREE_TEXT)
# What is not even kept: no gestor could let it in.
NEVER = tuple(each for each in _PATTERNS if each.refusal in _RANK)

# Written when a lead closes or after a call; other words beside them mean something else, as in
# the status of an account.
_AFTER = set(
    "fechamento fechado closed closing perda lost perdido ganho won resultado result outcome "
    "desfecho target label probabilidade probability etapa stage status duracao duration "
    "convertido converted conversao conversion".split()
)
_AFTER_BESIDE = set(
    "final atual current motivo reason venda sale deal negocio chamada lead cliente".split()
)
# Words of the calendar, with those that may stand beside them. Other company means another thing:
# the year of a car, the day that a bill is due.
_CALENDAR = set(
    "mes month dia day semana week weekday ano year trimestre quarter data date hora hour "
    "timestamp datetime horario".split()
)
_BESIDE = set(
    "de da do of the em util ultimo ultima last contato contact criacao criado created creation "
    "cadastro registro ligacao call entrada lead num numero number name nome in on at".split()
)


def by_name(campo: str) -> Refusal | None:
    """Why a field of this name is not learned from, if so. Only attributes and the calendar: all
    other fields of a card are listed."""
    plain = plain_text(_split(campo.removeprefix(ATTRIBUTE)))
    words = set(_WORD.findall(plain))
    if _is_about(words, _CALENDAR, _BESIDE):
        return CALENDAR
    if not campo.startswith(ATTRIBUTE):
        return None
    spaced = re.sub(BETWEEN, " ", f" {plain} ")
    found = [each.refusal for each in _PATTERNS if each.refuses(spaced)]
    if not found and _is_about(words, _AFTER, _BESIDE | _AFTER_BESIDE):
        return AFTERWARDS
    return min(found, key=_rank, default=None)


def _split(name: str) -> str:
    for found, parts in CAMEL:
        name = re.sub(found, parts, name)
    return name


def _is_about(words: set[str], these: set[str], beside: Iterable[str]) -> bool:
    return bool(words & these) and words <= these.union(beside)


def _rank(refusal: Refusal) -> int:
    """What is never learned from before what may be."""
    return _RANK.index(refusal) if refusal in _RANK else len(_RANK)
