"""Whose the new leads of a file become, where their lines name nobody.

Whether a file is written at once or in batches makes no difference: lines are gone through in their
order, and the import keeps how many each person was given.
"""

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Literal, Protocol

from models.imports.run import ImportRun
from models.types import StageKind
from services.imports.writing.staging import NEW, set_by_line, stream
from services.leads.writing.facts import hold_members
from services.ownership.loads import Loads, NobodyAvailable, hold_turn, read_loads
from services.principal import Principal

# Each of these people in turn, or whoever has the fewest open leads.
Owners = tuple[int, ...] | Literal["auto"]
_OWNER = "responsavel_id"
_PEOPLE = re.compile(r"\[?\s*[0-9]{1,19}(?:\s*,\s*[0-9]{1,19})*\s*\]?")


def read_owners(said: str) -> Owners:
    """`auto`, or numbers of users as a list in JSON, with its brackets or without. Raises
    ValueError."""
    if said == "auto":
        return "auto"
    if not _PEOPLE.fullmatch(said):
        raise ValueError("Use auto, ou números de usuários: [3,7].")
    return tuple(dict.fromkeys(map(int, re.findall("[0-9]+", said))))


class _Shares(Protocol):
    def note(self, person: int, opens: bool, /) -> None:
        """A line that names this person."""

    def next(self, opens: bool, /) -> int | None:
        """Who gets the next line; None if nobody can."""


def take_turn(caller: Principal, owners: Owners | None) -> None:
    """Before any lead is held: nobody else gives leads away by the same numbers."""
    if owners == "auto":
        hold_turn(caller)


def distribute(
    caller: Principal, run: ImportRun, owners: Owners, kinds: Mapping[str, str], first: str
) -> None:
    """Give the staged lines that become leads their owners. `kinds` of the tenant's stages, of
    which `first` is that of lines that name none."""
    given = dict(run.distribuicao or {})
    shares: _Shares = (
        _ByLoad(read_loads(caller), given) if owners == "auto" else _Evenly(caller, owners, given)
    )
    set_by_line(f"{_OWNER} = d.valor::bigint", _given(shares, kinds, first))
    run.distribuicao = given


def _given(shares: _Shares, kinds: Mapping[str, str], first: str) -> Iterator[tuple[int, str]]:
    lines = stream(
        f"select linha, etapa, {_OWNER} from linhas_importadas where {NEW} order by linha"
    )
    for linha, stage, owner in list(lines):
        opens = kinds[stage or first] == StageKind.ABERTA
        if owner is not None:
            shares.note(owner, opens)
        elif (person := shares.next(opens)) is not None:
            yield linha, str(person)


class _ByLoad:
    """What people have after all differs by one at most, as far as these lines can level it; so
    does what they get of the closed ones, which are no load. `given`: these so far, by their ids.
    """

    def __init__(self, loads: Loads, given: dict[str, int]) -> None:
        self._loads = loads
        self._given = given
        self._closed = Counter({int(person): number for person, number in given.items()})

    def note(self, person: int, opens: bool, /) -> None:
        if person in self._loads.counts:
            self._loads.counts[person] += opens
            self._count(person, opens)

    def next(self, opens: bool, /) -> int | None:
        try:
            person = self._loads.pick(None, opens=opens, given=None if opens else self._closed)
        except NobodyAvailable:
            return None
        self._count(person, opens)
        return person

    def _count(self, person: int, opens: bool) -> None:
        if not opens:
            self._closed[person] += 1
            self._given[str(person)] = self._closed[person]


class _Evenly:
    """What people are given of the file differs by one at most. `given` so far, by their ids."""

    def __init__(self, caller: Principal, people: tuple[int, ...], given: dict[str, int]) -> None:
        active = hold_members(caller, people)
        self._people = [person for person in people if person in active]
        self._given = given

    def note(self, _: int, __: bool, /) -> None:
        """What a line says is no part of the shares."""

    def next(self, _: bool, /) -> int | None:
        if not self._people:
            return None
        chosen = min(self._people, key=lambda person: self._given.get(str(person), 0))
        self._given[str(chosen)] = self._given.get(str(chosen), 0) + 1
        return chosen
