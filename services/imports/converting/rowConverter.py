"""A row of a file into the line that COPY takes, or its errors: the hot loop of the product.

Values repeat, so columns remember what their cells became, and a cell costs one look-up. Memory
does not grow with the file.
"""

from functools import lru_cache
from itertools import count

import orjson

from models.lead import CENTS, FOLDED
from models.types import StageKind
from services.errors import Code, FieldError, at_most
from services.imports.converting.columns import Column, Memory, Surroundings
from services.imports.converting.converters import ATTRIBUTE_CELLS, TeamFacts, converters
from services.imports.converting.copyText import NULL, array_of, escaped, plain
from services.imports.converting.joining import JOINED, join_contacts, join_name
from services.imports.converting.readings import Reading, Usages
from services.imports.mapping.plan import Plan, UnfitMapping, mapping_error
from services.imports.mapping.targets import ATTRIBUTE, SURNAME
from services.imports.reading.cellTexts import TypedNumber
from services.imports.writing.staging import STAGED
from services.leads.attributes import MAX_ATTRIBUTES, MAX_BYTES, TOO_LARGE
from services.leads.duplicates import KEYS, KeyBuckets
from services.leads.fields import UNNAMED
from services.leads.reading.filters import search_text
from services.leads.stages import CLOSED_BEFORE, REASON_MISSING, lacks_reason
from utils.brazil.phones import phone_match_key
from utils.text import word_key

_UNNAMED_SEARCH = search_text(UNNAMED, None)
_BEHIND = slice(len(STAGED), None)
_POSITION = {name: position for position, name in enumerate(STAGED)}
_LINHA, _ATRIBUTOS, _PADROES = (_POSITION[name] for name in ("linha", "atributos", "padroes"))
_NOME, _EMPRESA, _BUSCA = (_POSITION[name] for name in ("nome", "empresa", "busca"))
_TELEFONE, _TELEFONE_CHAVE = (_POSITION[name] for name in ("telefone", "telefone_chave"))
_EMAIL = _POSITION["email"]
_ETAPA, _MOTIVO_PERDA = (_POSITION[name] for name in ("etapa", "motivo_perda"))
_CRIADO_EM, _FECHADO_EM = (_POSITION[name] for name in ("criado_em", "fechado_em"))
_FOLDED = [(_POSITION[name], _POSITION[column]) for name, column in FOLDED.items()]
_KEY_POSITIONS = [(key, _POSITION[key]) for key in KEYS]


@lru_cache(maxsize=4_096)
def _folded(text: str) -> str:
    """Of a text as COPY takes it, the folded one."""
    return escaped(word_key(plain(text)))


class RowConverter:
    """The rows of one file, whose columns are matched by `plan`; collects the keys of the lines.

    A line is worked on as a list in STAGED order with one more place for each attribute behind, and
    for each column that is joined with another.
    `usages`: what a first reading of the file has found. Raises UnfitMapping for a default that is
    no value of its field.
    """

    def __init__(self, plan: Plan, team: TeamFacts, keys: KeyBuckets, usages: Usages) -> None:
        self._stages = team.stages
        self._keys = keys
        columns = _columns(Surroundings(plan, Memory(), usages), team)
        self.readings: list[Reading] = [c.reading for c in columns.values() if c.reading]
        attributes = [name for name in columns if name.startswith(ATTRIBUTE)]
        places = {name: place for place, name in enumerate([*STAGED, *attributes])}
        self._joined = [target for target in plan.targets if target in JOINED]
        self._behind = slice(len(places), None)
        joined = count(len(places))
        self._columns = [
            (
                index,
                columns[target],
                columns[target].cells,
                next(joined) if target in JOINED else places[CENTS.get(target, target)],
            )
            for index, target in enumerate(plan.targets)
            if target is not None
        ]
        self._ambiguous = [
            (index, column) for index, column, _, _ in self._columns if column.reading
        ]
        self._start = [NULL] * len(STAGED) + [""] * len(attributes) + [NULL] * len(self._joined)
        # Of the defaults that every line starts with: those for which the file has no column.
        self._filled: list[str] = []
        for target in plan.padroes:
            place = places[CENTS.get(target, target)]
            self._start[place], filled = _default(columns[target])
            if filled and target not in plan.targets:
                self._filled.append(target)

    def convert(self, linha: int, row: list[str]) -> str | list[FieldError]:
        """The row that begins on line `linha`; it has a cell for each name of the header."""
        line, filled = self._start.copy(), self._filled.copy()
        line[_LINHA] = str(linha)
        errors = self._read_cells(row, line, filled, linha)
        if self._joined or " " in line[_TELEFONE] or " " in line[_EMAIL]:
            errors += self._join(line, filled)
        _gather_attributes(line)
        errors += _size_errors(line) + self._stage_errors(line, errors)
        if errors:
            return errors
        if filled:
            line[_PADROES] = escaped(array_of(filled))
        _derive(line)
        self._collect_keys(line)
        return "\t".join(line) + "\n"

    def look(self, linha: int, row: list[str]) -> None:
        """See what the row shows of its columns' usages, for `readings`."""
        for index, column in self._ambiguous:
            column.look(row[index], linha)

    def as_text(self, row: list[str]) -> list[str]:
        """The row as a CSV says the same: a number of a workbook as the texts of its column are
        written."""
        for index, column in self._ambiguous:
            cell = row[index]
            if cell.__class__ is TypedNumber:
                row = row.copy()
                row[index] = column.as_text(cell)
        return row

    def _read_cells(
        self, row: list[str], line: list[str], filled: list[str], linha: int
    ) -> list[FieldError]:
        """Put each cell where it goes, and the names of those that a default filled in `filled`."""
        errors: list[FieldError] = []
        for index, column, known, place in self._columns:
            text, defaulted, error = known.get(row[index]) or column.convert(row[index], linha)
            line[place] = text
            if defaulted:
                filled.append(column.target)
            elif error:
                errors.append(error)
        return errors

    def _join(self, line: list[str], filled: list[str]) -> list[FieldError]:
        said = zip(self._joined, line[self._behind], strict=True)
        parts = [(target, text) for target, text in said if text is not NULL]
        del line[self._behind]
        contacts = [text for target, text in parts if target != SURNAME]
        errors = join_contacts(line, contacts, filled, self._keys)
        for text in (text for target, text in parts if target == SURNAME):
            errors += join_name(line, text)
        return errors

    def _stage_errors(self, line: list[str], found: list[FieldError]) -> list[FieldError]:
        kind = self._stages.get(line[_ETAPA])
        reason = None if line[_MOTIVO_PERDA] is NULL else line[_MOTIVO_PERDA]
        missing = lacks_reason(kind, reason) and all(e.campo != "motivo_perda" for e in found)
        errors = [REASON_MISSING] if missing else []
        created, closed = line[_CRIADO_EM], line[_FECHADO_EM]
        # In one format, the later text is the later instant. An open lead's date is not taken.
        if (
            created is not NULL
            and closed is not NULL
            and closed < created
            and kind != StageKind.ABERTA
        ):
            errors.append(CLOSED_BEFORE)
        return errors

    def _collect_keys(self, line: list[str]) -> None:
        if self._keys.full:
            return
        for key, position in _KEY_POSITIONS:
            if (value := line[position]) is not NULL:
                self._keys.add(KEYS[key], plain(value))


def _columns(around: Surroundings, team: TeamFacts) -> dict[str, Column]:
    """A column for each target of the file and of the defaults."""
    known = converters(team)
    return {
        name: Column(name, known.get(name, ATTRIBUTE_CELLS), around)
        for name in dict.fromkeys([*around.plan.targets, *around.plan.padroes])
        if name is not None
    }


def _default(column: Column) -> tuple[str, bool]:
    """What an empty cell becomes, and whether that is the column's default."""
    text, filled, error = column.default
    if error:
        path = f"padroes.{column.target}"
        raise UnfitMapping(fields=[mapping_error(path, error.codigo, error.mensagem)])
    return text, filled


def _gather_attributes(line: list[str]) -> None:
    """Make one object of the attributes behind the line, and of those that came together."""
    together = "" if line[_ATRIBUTOS] is NULL else line[_ATRIBUTOS]
    line[_ATRIBUTOS] = f"{{{','.join(filter(None, (together, *line[_BEHIND])))}}}"
    del line[_BEHIND]


def _size_errors(line: list[str]) -> list[FieldError]:
    atributos = line[_ATRIBUTOS]
    # As many colons as keys at least: only then is it worth counting.
    if atributos.count(":") > MAX_ATTRIBUTES and _keys(atributos) > MAX_ATTRIBUTES:
        return [FieldError("atributos", Code.LONGO_DEMAIS, at_most(MAX_ATTRIBUTES, "chaves"))]
    # At four bytes a character it may be too long: only then is it worth measuring.
    if len(atributos) * 4 <= MAX_BYTES or len(plain(atributos).encode()) <= MAX_BYTES:
        return []
    return [FieldError("atributos", *TOO_LARGE)]


def _keys(atributos: str) -> int:
    return len(orjson.loads(plain(atributos)))


def _derive(line: list[str]) -> None:
    """The columns that follow from others."""
    phone = line[_TELEFONE]
    if phone is not NULL:
        line[_TELEFONE_CHAVE] = phone_match_key(phone)
    for text, folded in _FOLDED:
        if line[text] is not NULL:
            line[folded] = _folded(line[text])
    nome, empresa = line[_NOME], line[_EMPRESA]
    if nome is NULL and empresa is NULL:
        line[_BUSCA] = _UNNAMED_SEARCH
    else:
        name = UNNAMED if nome is NULL else plain(nome)
        line[_BUSCA] = escaped(search_text(name, None if empresa is NULL else plain(empresa)))
