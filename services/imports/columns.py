"""A column of a file: its cells as COPY takes them, each distinct one converted once."""

import re
from dataclasses import dataclass

import orjson

from services.imports import cells
from services.imports.cells import CellError, Converter
from services.imports.mapping import ATTRIBUTE, Plan
from services.leads import fields
from services.leads.access import NOT_A_MEMBER
from services.leads.fields import TEXT_LIMITS
from services.leads.stages import UNKNOWN_STAGE

NULL = "\\N"
_REMEMBERED = 20_000
# Longer ones do not repeat, and as many of them would fill the memory.
_LONGEST_REMEMBERED = 2_000
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_TEXTS = "nome empresa cidade produto origem campanha motivo_perda id_externo".split()
_FORMULA = ("'=", "'+", "'-", "'@")


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What of the equipe a cell is checked against: stage kinds by key, members, time zone."""

    stages: dict[str, str]
    members: frozenset[int]
    fuso: str


class Filled(str):
    """A value for COPY that stood in no cell: a default of `target`."""

    target: str


class Column(dict[str, str | CellError | None]):
    """One mapped column: by a cell its text for COPY (an attribute's with its key), None for an
    empty cell, or the error. Each distinct cell is converted once and remembered."""

    def __init__(self, target: str, convert: Converter, chosen: Plan) -> None:
        super().__init__()
        self.target = target
        self.is_attribute = target.startswith(ATTRIBUTE)
        self._convert = convert
        self._valores = chosen.valores.get(target, {})
        self._default = chosen.padroes.get(target, "")
        name = orjson.dumps(target.removeprefix(ATTRIBUTE)).decode()
        self._prefix = f"{name}:" if self.is_attribute else ""

    def __missing__(self, cell: str) -> str | CellError | None:
        if len(self) >= _REMEMBERED:
            self.clear()
        found = self._compute(cell)
        if len(cell) <= _LONGEST_REMEMBERED:
            self[cell] = found
        return found

    def _compute(self, cell: str) -> str | CellError | None:
        clean = cell.strip()
        # Our own export writes an apostrophe before what a spreadsheet would run.
        clean = clean[1:] if clean.startswith(_FORMULA) else clean
        clean = self._valores.get(clean, clean)
        if not clean:
            return self._filled() if self._default else None
        return self._converted(clean)

    def _filled(self) -> str | CellError:
        value = self._converted(self._default)
        if isinstance(value, CellError):
            return value
        filled = Filled(value)
        filled.target = self.target
        return filled

    def _converted(self, clean: str) -> str | CellError:
        try:
            return escaped(self._prefix + self._convert(clean))
        except CellError as error:
            return error


def converters(team: TeamFacts) -> dict[str, Converter]:
    instant = cells.instant_in(team.fuso)
    stages = frozenset(team.stages)
    members = frozenset(map(str, team.members))
    return {
        **{name: cells.text_of(TEXT_LIMITS[name]) for name in _TEXTS},
        "email": cells.formatted(fields.EMAIL),
        "telefone": cells.formatted(fields.PHONE),
        "documento": cells.formatted(fields.DOCUMENT),
        "uf": cells.formatted(fields.STATE),
        "valor": cells.money,
        "renda_mensal": cells.money,
        "etiquetas": cells.tags,
        "etapa": cells.one_of(stages, UNKNOWN_STAGE),
        "responsavel_id": cells.one_of(members, NOT_A_MEMBER),
        "proximo_contato_em": instant,
        "ultimo_contato_em": instant,
        "fechado_em": instant,
    }


def plain(value: str) -> str:
    """The text behind escaped()."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], value) if "\\" in value else value


def escaped(value: str) -> str:
    """COPY's text format: backslash, tab and line ends are written as escapes."""
    if value.isprintable() and "\\" not in value:
        return value
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )
