"""A column of a file: what its cells become, each distinct one converted once."""

from dataclasses import dataclass

import orjson

from services.errors import FieldError
from services.imports import cells
from services.imports.cells import CellError, Converter
from services.imports.copyText import NULL, escaped
from services.imports.mapping import ATTRIBUTE, Plan
from services.leads import fields
from services.leads.access import NOT_A_MEMBER
from services.leads.fields import TEXT_LIMITS
from services.leads.stages import UNKNOWN_STAGE

_REMEMBERED = 20_000
# Longer ones do not repeat, and as many of them would fill the memory.
_LONGEST_REMEMBERED = 2_000
_TEXTS = "nome empresa cidade produto origem campanha motivo_perda id_externo".split()
# Our own export writes an apostrophe before what a spreadsheet would run.
_FORMULA = ("'=", "'+", "'-", "'@")


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What cells are checked against: the tenant's stages (kind by key), members and time zone."""

    stages: dict[str, str]
    members: frozenset[int]
    fuso: str


# What a cell became: its text for COPY, whether that is the default of its column because nothing
# stood in the cell, and the error for which its line is not taken. A plain tuple, because the
# garbage collector stops tracking those; with an object per distinct cell a file took a third more.
Cell = tuple[str, bool, FieldError | None]


class Column:
    """The cells of one field or attribute. `cells` has what is remembered of them, by their raw
    text; what is not there is for convert().

    The text of a field is its value, NULL for none; of an attribute, its JSON with its key, ""
    for none.
    """

    def __init__(self, target: str, convert: Converter, plan: Plan) -> None:
        self.target = target
        self.cells: dict[str, Cell] = {}
        self._convert = convert
        # Blank text of a mapping is nothing, as that of a cell is.
        valores = plan.valores.get(target, {})
        self._valores = {said: value.strip() for said, value in valores.items()}
        self._default = plan.padroes.get(target, "").strip()
        key = target.removeprefix(ATTRIBUTE)
        self._prefix = "" if key == target else f"{orjson.dumps(key).decode()}:"
        self._none = NULL if key == target else ""

    def convert(self, raw: str) -> Cell:
        cell = self._cell(raw)
        if len(raw) <= _LONGEST_REMEMBERED:
            if len(self.cells) >= _REMEMBERED:
                self.cells.clear()
            self.cells[raw] = cell
        return cell

    def _cell(self, raw: str) -> Cell:
        value = raw.strip()
        value = value[1:] if value.startswith(_FORMULA) else value
        value = self._valores.get(value, value)
        if not value and not self._default:
            return self._none, False, None
        try:
            text = escaped(self._prefix + self._convert(value or self._default))
        except CellError as error:
            return self._none, False, FieldError(self.target, error.codigo, error.mensagem)
        return text, not value, None


def converters(team: TeamFacts) -> dict[str, Converter]:
    """How the cells of each field are converted; those of attributes are by cells.attribute."""
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
