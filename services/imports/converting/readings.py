"""What the cells of a column mean is decided over the column: is 1.500 fifteen hundred, is 01/02 in
February?

A column is read the Brazilian way until a cell shows another one. Where none does, the file's other
fields of the kind decide: money for numbers, attributes too, and dates for dates. So cells may have
been taken before their meaning was known: then the file is read a second time.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from services.errors import Code, FieldError
from services.imports.converting.usage import Fits, FitsOf, Usage, fits_of_day
from services.imports.mapping.targets import ATTRIBUTE
from services.imports.reading.reader import UnreadableFile

Usages = Mapping[str, Usage]
_WAYS = (Usage.BRAZILIAN, Usage.AMERICAN)


class Reading:
    """What the cells of one column have shown; `known` is what an earlier reading has found."""

    def __init__(self, target: str, fits: FitsOf, known: Usage | None) -> None:
        self.target = target
        self.fits = fits
        self.usage = known or Usage.BRAZILIAN
        self._known = known
        # What the cells of an earlier file have shown, of which this one corrects some.
        self.before: Usage | None = None
        # By usage, the first line with a cell that fits no other.
        self.shown: dict[Usage, int] = {}
        # Whether a cell fits both, and whether one was taken before any had shown which is meant.
        self.open = self.guessed = False
        self.has_text = False
        self._last: Fits = frozenset()

    @property
    def told(self) -> dict[Usage, int]:
        """What tells how the column is meant: by usage a line, 0 for the earlier file. That one
        counts where the cells of this one leave something open."""
        if self.before is None or (self.shown and not self.open and self.before != Usage.MIXED):
            return self.shown
        ways = _WAYS if self.before == Usage.MIXED else (self.before,)
        return dict.fromkeys(ways, 0) | self.shown

    def of(self, cell: str, linha: int) -> Usage:
        """In which way a cell is to be read."""
        fits = self.fits(cell)
        if fits is self._last:  # most of a column shows what the cell before showed
            return self.usage
        self._last = fits
        if fits is None:
            self.has_text = True
        elif len(fits) == 1:
            (usage,) = fits
            self.shown.setdefault(usage, linha)
            self.usage = self._known or usage
        elif fits:
            self.open, self.guessed = True, self.guessed or not self.shown
        return self.usage

    def alone(self, text: str) -> Usage:
        """In which way a text is to be read that is no cell of the file."""
        fits = self.fits(text) or {Usage.BRAZILIAN}
        return Usage.BRAZILIAN if Usage.BRAZILIAN in fits else Usage.AMERICAN


@dataclass(frozen=True, slots=True)
class Settled:
    """The usage of each column of which a cell asks for one; `again`: cells were taken in
    another."""

    usages: Usages
    again: bool


def settle(readings: Iterable[Reading]) -> Settled:
    """What the columns of a file mean. Raises UnreadableFile for one that means two things."""
    readings = list(readings)
    errors = [_error(reading) for reading in readings if _is_contradiction(reading)]
    if errors:
        raise UnreadableFile(" ".join(error.mensagem for error in errors[:3]), fields=errors)
    found = {reading.target: _usage(reading, readings) for reading in readings}
    usages = {target: usage for target, usage in found.items() if usage}
    again = any(
        usages.get(reading.target, Usage.BRAZILIAN)
        != (Usage.BRAZILIAN if reading.guessed else reading.usage)
        for reading in readings
        if reading.guessed or reading.shown
    )
    return Settled(usages, again)


def _is_contradiction(reading: Reading) -> bool:
    """A column of text may hold what looks like numbers."""
    is_text = reading.target.startswith(ATTRIBUTE) and reading.has_text
    return len(reading.told) > 1 and reading.before != Usage.MIXED and not is_text


def _error(reading: Reading) -> FieldError:
    days = reading.fits is fits_of_day
    ways = ("dia/mês", "mês/dia") if days else ("vírgula decimal", "ponto decimal")
    brazilian, american = (_place(reading.told[usage]) for usage in _WAYS)
    return FieldError(
        reading.target,
        Code.DATA_INVALIDA if days else Code.VALOR_INVALIDO,
        f"A coluna de {reading.target} está escrita de dois modos: "
        f"{ways[0]} {brazilian}, {ways[1]} {american}.",
    )


def _place(linha: int) -> str:
    return f"na linha {linha}" if linha else "no arquivo que este corrige"


def _usage(reading: Reading, readings: Iterable[Reading]) -> Usage | None:
    if len(reading.told) > 1:
        return Usage.MIXED
    others = {
        usage
        for other in readings
        if other.fits is reading.fits and not other.target.startswith(ATTRIBUTE)
        for usage in other.shown
    }
    decisive = set(reading.told) or others
    if len(decisive) == 1:
        return decisive.pop()
    return Usage.BRAZILIAN if reading.open else None
