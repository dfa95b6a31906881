"""Leads as a file: all that filters match, as they are at one moment.

An export is recorded first, in a transaction that commits. Then it is read in one that writes
nothing, so that nobody waits for it: it may last as long as its reader takes.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from typing import IO, Any

from models.event import EventKind
from services import history
from services.errors import Busy
from services.exports.files import Asked, Making
from services.exports.formats import FORMATS
from services.leads.fields import NOBODY as NOBODY
from services.leads.fields import ORDER_NAMES as ORDER_NAMES
from services.leads.reading.asked import resolved
from services.leads.reading.filters import parameters
from services.policy import require_gestor, scope
from services.principal import Principal
from services.scores.simulating import BANDS as BANDS
from utils.clock import local_day, now
from utils.sharing.fair_gate import FairGate

# What may be asked for.
FORMAT_NAMES = tuple(FORMATS)
MEDIA = tuple(dict.fromkeys(each.media for each in FORMATS.values()))
# What the last line of a file says that could not be read to its end. No import takes that line.
BROKEN_OFF = "A exportação foi interrompida: este arquivo está incompleto.\n"
LONGEST = 30 * 60 * 1_000  # milliseconds
# Of one process at one time: the pool of reads has as many connections beyond its threads'.
_AT_ONCE = 2
_PATIENCE = 10.0  # seconds
_PART = 256 * 1024  # bytes
_places = FairGate(_AT_ONCE)

# Is told how many leads are read, of how many.
Watcher = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class File:
    """A file that is being made, or is made: then its `length` is known. Whoever opened it closes
    it, also before its end."""

    parts: Iterator[bytes]
    length: int | None
    close: Callable[[], None]


@dataclass(frozen=True, slots=True)
class Export:
    """What was asked for. It is read when it is opened, by whoever has committed its record."""

    name: str
    media: str
    _asked: Asked

    def open(self, *, timeout: int | None = None, watch: Watcher | None = None) -> File:
        """The beginning is read at once, and what goes wrong there is raised here. `timeout`:
        milliseconds; without one, LONGEST. Raises Busy, Invalid for a workbook that is too large,
        and DBAPIError."""
        group = self._asked.equipe_id
        if not _places.enter(group, _PATIENCE):
            raise Busy()
        timeout = LONGEST if timeout is None else timeout
        making = Making(self._asked, timeout=timeout, ended=partial(_places.leave, group))
        try:
            return self._opened(making, watch)
        except BaseException:
            making.close()
            raise

    def _opened(self, making: Making, watch: Watcher | None) -> File:
        if watch is not None:
            making.watched_by(partial(watch, making.count()))
        if self._asked.format.typed:
            return _finished(making.whole())
        parts = making.parts()
        return File(chain([next(parts)], parts), None, making.close)


def ask(caller: Principal, *, filters: dict[str, Any], ordenar: str, formato: str) -> Export:
    """Record an export of the leads that the list has under these filters. Raises Forbidden, and
    Invalid for a stage or user that the tenant does not have."""
    require_gestor(caller)
    values = parameters(resolved(caller, filters), caller.fuso)
    asked = Asked(
        caller.equipe_id,
        caller.fuso,
        tuple(sorted(values)),
        values | scope(caller),
        ordenar,
        FORMATS[formato],
    )
    # Which filters there were, not what they looked for: that may be a person's name.
    history.record(
        EventKind.LEADS_EXPORTADOS,
        usuario_id=caller.usuario_id,
        chave_id=caller.chave_id,
        campos=filters,
    )
    day = local_day(now(), caller.fuso)
    return Export(f"leads-{day}.{asked.format.suffix}", asked.format.media, asked)


def _finished(file: IO[bytes]) -> File:
    length = file.seek(0, 2)
    file.seek(0)
    return File(iter(partial(file.read, _PART), b""), length, file.close)
