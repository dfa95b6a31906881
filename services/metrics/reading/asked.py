"""Of which leads and of which days figures are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from models.derived.figure import NO_DAY
from services.errors import Code, FieldError, Forbidden, Invalid
from services.leads.fields import NOBODY
from services.leads.reading import asked
from services.principal import Principal
from utils.calendars import number_of
from utils.text import word_key

# The days of a period that was not asked for otherwise, and the most of one that was.
USUAL, LONGEST = 30, 731
_YEAR = 12  # months
_DAY = timedelta(days=1)
_NO_OWNER = 0
_BEFORE = FieldError("ate", Code.VALOR_INVALIDO, "ate vem antes de de.")
_TOO_LONG = FieldError("de", Code.VALOR_INVALIDO, f"Peça no máximo {LONGEST} dias de cada vez.")


Key = int | str | tuple[str, ...]


class Days(NamedTuple):
    """Both are included."""

    de: date
    ate: date

    @property
    def numbers(self) -> tuple[int, int]:
        return number_of(self.de), number_of(self.ate)

    @property
    def months(self) -> tuple[int, int]:
        return month_of(self.de), month_of(self.ate)

    @property
    def each(self) -> list[date]:
        return [self.de + n * _DAY for n in range((self.ate - self.de).days + 1)]

    @property
    def before(self) -> "Days":
        """As many days, up to the one before."""
        last = self.de - _DAY
        return Days(last - (self.ate - self.de), last)


@dataclass(frozen=True, slots=True)
class Asked:
    """Whose leads, None for all: `dims` has the key of each dimension that is bound, or several of
    those that have no cells. A vendedor's are bound to their own."""

    dims: Mapping[str, Key]
    de: date | None = None
    ate: date | None = None

    @property
    def key(self) -> tuple[Any, ...]:
        return (tuple(sorted(self.dims.items())), self.de, self.ate)

    def days(self, today: date) -> Days:
        """The period; without one, the last USUAL days. Raises Invalid."""
        ate = self._last(today)
        return self._between(self.de or ate - (USUAL - 1) * _DAY, ate)

    def months(self, today: date) -> Days:
        """The whole months that the period touches; without one, the last twelve. Raises
        Invalid."""
        ate = self._last(today)
        days = self._between(self.de or first_of(month_of(ate) - _YEAR + 1), ate)
        return Days(days.de.replace(day=1), first_of(month_of(days.ate) + 1) - _DAY)

    def _last(self, today: date) -> date:
        return self.ate or (today if self.de is None else max(today, self.de))

    @staticmethod
    def _between(de: date, ate: date) -> Days:
        if ate < de:
            raise Invalid(fields=[_BEFORE])
        if (ate - de).days >= LONGEST:
            raise Invalid(fields=[_TOO_LONG])
        return Days(de, ate)


def resolved(caller: Principal, query: Mapping[str, Any]) -> Asked:
    """What the caller asks for. Raises Invalid, Forbidden."""
    dims: dict[str, int | str] = {
        name: word_key(query[name]) for name in ("origem", "produto") if query.get(name) is not None
    }
    owner = query.get("responsavel_id")
    if not caller.gestor:
        if owner not in (None, caller.usuario_id):
            raise Forbidden("Só um gestor vê os números de outra pessoa.")
        dims["responsavel_id"] = caller.usuario_id
    elif owner is not None:
        asked.resolved(caller, {"responsavel_id": owner})
        dims["responsavel_id"] = _NO_OWNER if owner == NOBODY else owner
    return Asked(dims, query.get("de"), query.get("ate"))


def month_of(day: date) -> int:
    """The number of its month, as the cells have it."""
    return day.year * 12 + day.month - 1


def first_of(month: int) -> date:
    """The first day of the month with this number."""
    return date(month // 12, month % 12 + 1, 1)


def month_text(number: int) -> str | None:
    """2026-08; None for leads that have no day of our calendar."""
    return None if number == NO_DAY else f"{number // 12:04}-{number % 12 + 1:02}"
