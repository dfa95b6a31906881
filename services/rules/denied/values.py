"""What the values of a field say it is about, however the field is named."""

import re
from collections.abc import Iterable

from services.rules.denied.refusals import AGE, CALENDAR, PERSONAL, PLACE, PROTECTED, Refusal
from services.rules.texts import plain_text

_MOST = 0.9  # of the values that have to look alike
_ENDING = re.compile(r"\((a|o|as|os)\)|/(a|o)$|\.")
# They say nothing of what the others are about.
_FILLERS = set(
    "outro;outra;outros;outras;other;others;nao informado;nao informada;nao declarado;"
    "nao declarada;nao sei;nao se aplica;nao consta;prefiro nao dizer;prefiro nao informar;"
    "prefer not to say;desconhecido;desconhecida;unknown;n/a;na;n/d;nd;null;none;nan;nenhum;"
    "nenhuma;ignorado;ignorada;sem informacao;nao binario;non-binary;nonbinary;-;?".split(";")
)
_SEX = (
    "m f h masc fem masculino feminino masculina feminina male female homem mulher man woman men "
    "women macho femea menino menina homens mulheres"
)
_MARRIED = (
    "solteiro solteira casado casada divorciado divorciada viuvo viuva separado separada "
    "desquitado desquitada amasiado amasiada amigado amigada uniao single married divorced widow "
    "widowed widower separated husband wife never-married married-civ-spouse"
)
_ATTRACTED = (
    "heterossexual homossexual bissexual assexual pansexual hetero gay lesbica heterosexual "
    "homosexual bisexual asexual straight lesbian"
)
_RACES = (
    "branca branco preta preto parda pardo amarelo amarela indigena negro negra white black asian "
    "hispanic latino asiatico asiatica caucasian"
)
_FAITHS = (
    "catolico catolica evangelico evangelica espirita umbanda umbandista candomble judeu judia "
    "ateu ateia agnostico protestante budista muculmano muculmana cristao crista catholic "
    "protestant jewish muslim hindu buddhist atheist christian agnostic"
)
# With how many distinct it takes. The first word of a value may say it alone: catolico romano.
_VALUES = tuple(
    (set(words.split()), least)
    for words, least in ((_SEX, 2), (_MARRIED, 2), (_ATTRACTED, 2), (_RACES, 3), (_FAITHS, 2))
)
# "male single", "mulher casada"
_SEXES = re.compile(r".*\b(masculino|feminino|male|female|homem|mulher)\b.*")
_MONTHS = (
    "jan feb fev mar apr abr may mai jun jul aug ago sep set sept oct out nov dec dez january "
    "february march april june july august september october november december janeiro fevereiro "
    "marco abril maio junho julho agosto setembro outubro novembro dezembro"
)
_WEEKDAYS = (
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday seg ter "
    "qua qui sex sab dom segunda terca quarta quinta sexta sabado domingo segunda-feira "
    "terca-feira quarta-feira quinta-feira sexta-feira"
)
_DATES = (set(_MONTHS.split()), set(_WEEKDAYS.split()))
_DAY = r"(19|20)\d\d(0[1-9]|1[0-2])([0-2]\d|3[01])"
_SHAPES = (
    (CALENDAR, re.compile(r"\d{4}-\d{2}(-\d{2}([t ].*)?)?|\d{1,2}/\d{1,2}/\d{2,4}( .*)?|" + _DAY)),
    (PLACE, re.compile(r"\d{5}-\d{3}|\d{2}\.?\d{3}-?\d{3}")),
    (PERSONAL, re.compile(r"[^@\s]+@[^@\s]+\.[a-z]+")),
    (PERSONAL, re.compile(r"\d{3}\.\d{3}\.\d{3}-\d{2}|\(?\d{2}\)? ?9?\d{4}-\d{4}|\+55\d{10,11}")),
)
PERSONAL_VALUES = tuple(shape.pattern for refusal, shape in _SHAPES if refusal is PERSONAL)
_BAND = re.compile(
    r"(?:de |from )?(\d{1,3}) ?(?:-|–|a|ate|to) ?(\d{1,3})(?: anos| years)?"
    r"|(?:mais de |acima de |over |above |>=? ?)?(\d{1,3}) ?(?:\+|ou mais|or more|and over)?"
    r"(?: anos| years)?(?: ou mais| or more)?"
    r"|(?:ate|menos de|abaixo de|under|below|<=?) ?(\d{1,3})(?: anos| years)?"
)
_GROWN, _OLDEST, _PERCENT = range(16, 31), 120, 100
_CEPS = (1_000_000, 99_999_999)  # with the zero in front lost


def by_values(values: Iterable[str]) -> Refusal | None:
    """Why a field with these distinct values, plain, is not learned from, if so."""
    given = {plain_text(value).strip() for value in values} - _FILLERS - {""}
    if not given:
        return None
    distinct = {_ENDING.sub("", value).strip() for value in given} - _FILLERS
    if (
        any(_mostly(_firsts(distinct, words), words, least) for words, least in _VALUES)
        or _share(distinct, _SEXES) >= _MOST
    ):
        return PROTECTED
    if any(_mostly(distinct, words, 3) for words in _DATES):
        return CALENDAR
    if _are_ages(distinct):
        return AGE
    alike = (refusal for refusal, shape in _SHAPES if _share(given, shape) >= _MOST)
    return next(alike, None)


def by_numbers(numbers: Iterable[float]) -> Refusal | None:
    """The same of numbers: days and CEPs are written as such."""
    whole = [number for number in numbers if _CEPS[0] <= number <= _CEPS[1] and number % 1 == 0]
    given = list(numbers)
    if not given or len(whole) < _MOST * len(given):
        return None
    return by_values(f"{number:08.0f}" for number in whole)


def _firsts(distinct: set[str], words: set[str]) -> set[str]:
    """Each as its first word, if that is one of these."""
    firsts = {value: value.replace("-", " ").replace("/", " ").split(" ")[0] for value in distinct}
    return {
        first if len(first) > 1 and first in words else value for value, first in firsts.items()
    }


def _mostly(distinct: set[str], words: set[str], least: int) -> bool:
    """Room for one value such as "other": most are these words, and several of them."""
    known = len(distinct & words)
    return known >= least and known >= len(distinct) - max(1, len(distinct) // 5)


def _are_ages(distinct: set[str]) -> bool:
    """Bands of years, one of them beginning with those who have just grown up: those of months or
    of employees begin at one."""
    found = [match for value in distinct if (match := _BAND.fullmatch(value))]
    bands = [(int(match[1]), int(match[2])) for match in found if match[1]]
    if not bands or len(found) < _MOST * len(distinct):
        return False
    numbers = [int(number) for match in found for number in match.groups() if number]
    starts = [first for first, _ in bands]
    return (
        max(numbers) <= _OLDEST
        and not (min(starts) == 0 and max(numbers) == _PERCENT)
        and min(starts) in {0, *_GROWN, *range(13, 16)}
        and any(first in _GROWN for first in starts)
        and all(first < last for first, last in bands)
    )


def _share(distinct: set[str], shape: re.Pattern[str]) -> float:
    return sum(shape.fullmatch(value) is not None for value in distinct) / max(len(distinct), 1)
