"""Whether the cells of a column are what a field holds: by the converters that an import has."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from services.errors import Code, FieldError
from services.imports.converting.columns import Column, Memory, Surroundings
from services.imports.converting.converters import ATTRIBUTE_CELLS, TeamFacts, converters
from services.imports.converting.readings import Usages, settle
from services.imports.converting.unsaid import unsaid_of
from services.imports.mapping.plan import Plan
from services.imports.reading.cellTexts import TypedNumber
from services.imports.reading.reader import UnreadableFile
from services.leads.fields import DOCUMENT, EMAIL, PHONE, Format

# A line and its cell.
Said = tuple[int, str]
# What a column may be known by without a name.
TELLING: dict[str, Format] = {"documento": DOCUMENT, "email": EMAIL, "telefone": PHONE}
_KINDS = {"documento": "um CPF ou CNPJ", "email": "um e-mail", "telefone": "um telefone"}
# Fields of text that would take any cell.
_OF_NAMES = frozenset("nome sobrenome empresa cidade".split())
_OF_WORDS = _OF_NAMES | {"origem", "campanha"}
_MANY, _FEW_OF_MANY = 20, 0.1

_NO_NAMES = FieldError("nome", Code.VALOR_INVALIDO, "Poucos valores que se repetem não são nomes.")


@dataclass(frozen=True, slots=True)
class Judged:
    """How many cells say something, and those of them that the field does not take."""

    said: int
    misfits: list[tuple[Said, FieldError]] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the cells that fit; 1 where nothing is said."""
        return 1 - len(self.misfits) / self.said if self.said else 1.0


def said_cells(campo: str, cells: Sequence[Said]) -> list[Said]:
    """Those in which something is said of a field."""
    is_unsaid = unsaid_of(campo)
    # A typed number is more than its text.
    trimmed = (
        (linha, cell if isinstance(cell, TypedNumber) else cell.strip()) for linha, cell in cells
    )
    return [(linha, cell) for linha, cell in trimmed if cell and not is_unsaid(cell)]


def are_kinds(said: Sequence[Said]) -> bool:
    """Whether the cells of a column are a few over and over: they tell kinds of people, and nobody
    apart."""
    return len(said) >= _MANY and len({cell for _, cell in said}) <= _FEW_OF_MANY * len(said)


def judge(campo: str, cells: Sequence[Said], team: TeamFacts, valores: Mapping[str, str]) -> Judged:
    """`valores`: what texts of the column are to be mapped to."""
    said = said_cells(campo, cells)
    first = {cell: linha for linha, cell in reversed(said)}
    try:
        usages = _usages(_column(campo, team, valores, {}), first)
    except UnreadableFile as error:
        return Judged(len(said), [(each, error.fields[0]) for each in said[:1]])
    column = _column(campo, team, valores, usages)
    if campo == "nome" and are_kinds(said):
        return Judged(len(said), [(each, _NO_NAMES) for each in said])
    found = {cell: _error(column, cell, linha) for cell, linha in first.items()}
    wrong = {cell: error for cell, error in found.items() if error}
    return Judged(len(said), [(each, wrong[each[1]]) for each in said if each[1] in wrong])


def _column(campo: str, team: TeamFacts, valores: Mapping[str, str], usages: Usages) -> Column:
    plan = Plan((), (), {campo: valores}, {}, ())
    converter = converters(team).get(campo, ATTRIBUTE_CELLS)
    return Column(campo, converter, Surroundings(plan, Memory(), usages))


def _usages(column: Column, first: Mapping[str, int]) -> Usages:
    """What the cells show of the column. Raises UnreadableFile where it means two things."""
    if column.reading is None:
        return {}
    for cell, linha in first.items():
        column.convert(cell, linha)
    return settle([column.reading]).usages


def _error(column: Column, cell: str, linha: int) -> FieldError | None:
    return column.convert(cell, linha)[2] or _of_another_kind(column.target, cell)


def _of_another_kind(campo: str, cell: str) -> FieldError | None:
    """A name that is a number or an address."""
    if campo in _OF_WORDS and cell.isdigit():
        return FieldError(campo, Code.VALOR_INVALIDO, "É um número.")
    for kind, format_ in TELLING.items() if campo in _OF_NAMES else ():
        if takes(format_, cell):
            return FieldError(campo, Code.VALOR_INVALIDO, f"Parece {_KINDS[kind]}.")
    return None


def takes(format_: Format, cell: str) -> bool:
    try:
        format_.normalize(cell)
    except ValueError:
        return False
    return True
