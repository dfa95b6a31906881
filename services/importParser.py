"""A CSV file of leads into lines that PostgreSQL can COPY, and a report of those that cannot.

The hot loop of the product: values repeat, so each column remembers what its cells became, and a
line costs a look-up a cell. Memory does not grow with the file.
"""

import csv
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import orjson

from services import importValues
from services.duplicateService import KEYS, bucket
from services.errors import Code, FieldError, Invalid
from services.importMapping import ATTRIBUTE, ColumnMapping, Plan, plan
from services.importValues import CellError, Converter
from services.leadFilters import search_text
from utils.clock import iso, now
from utils.phones import phone_match_key

MAX_REPORTED = 100
_REMEMBERED = 20_000
_NULL = "\\N"
_ESCAPE = re.compile(r"\\(.)")
_ESCAPES = {"\\": "\\", "t": "\t", "n": "\n", "r": "\r"}
_FORMULA = ("'=", "'+", "'-", "'@")
UNNAMED = "Sem nome"
# The columns of the staging table, in COPY order.
STAGED = (
    "linha nome email telefone telefone_chave documento empresa cidade uf produto valor "
    "renda_mensal origem campanha etiquetas etapa motivo_perda responsavel_id "
    "proximo_contato_em ultimo_contato_em fechado_em id_externo busca atributos"
).split()
_POSITION = {name: index for index, name in enumerate(STAGED)}


class UnreadableFile(Invalid):
    """No line of it can be taken."""

    code = Code.ARQUIVO_INVALIDO
    message = "O arquivo não pôde ser lido."


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What of the equipe a cell is checked against: stage kinds by key, members, time zone."""

    stages: dict[str, str]
    members: frozenset[int]
    fuso: str


@dataclass(slots=True)
class Report:
    """What became of the lines so far. Only the first errors are kept, all are counted."""

    started: str = field(default_factory=lambda: iso(now()))
    linhas: int = 0
    criados: int = 0
    atualizados: int = 0
    pulados: int = 0
    rejeitados: int = 0
    erros: list[dict[str, Any]] = field(default_factory=list)
    buckets: set[int] = field(default_factory=set)

    def reject(self, linha: int, faults: Sequence[FieldError]) -> None:
        self.rejeitados += 1
        room = MAX_REPORTED - len(self.erros)
        for fault in faults[: max(room, 0)]:
            self.erros.append(
                {
                    "linha": linha,
                    "campo": fault.campo,
                    "codigo": fault.codigo.value,
                    "mensagem": fault.mensagem,
                }
            )


class Column:
    """One mapped column: converts a cell once and remembers it, ready for COPY."""

    def __init__(self, target: str, convert: Converter, chosen: Plan) -> None:
        self.target = target
        self.is_attribute = target.startswith(ATTRIBUTE)
        self._convert = convert
        self._valores = chosen.valores.get(target, {})
        self._default = chosen.padroes.get(target, "")
        self._known: dict[str, str | CellError | None] = {}
        name = orjson.dumps(target.removeprefix(ATTRIBUTE)).decode()
        self._prefix = f"{name}:" if self.is_attribute else ""

    def value(self, cell: str) -> str | CellError | None:
        """Text for COPY (an attribute's with its key), None for an empty cell, or the error."""
        try:
            return self._known[cell]
        except KeyError:
            if len(self._known) >= _REMEMBERED:
                self._known.clear()
            found = self._known[cell] = self._compute(cell)
            return found

    def _compute(self, cell: str) -> str | CellError | None:
        clean = cell.strip()
        # Our own export writes an apostrophe before what a spreadsheet would run.
        clean = clean[1:] if clean.startswith(_FORMULA) else clean
        clean = self._valores.get(clean, clean) or self._default
        if not clean:
            return None
        try:
            return _escaped(self._prefix + self._convert(clean))
        except CellError as error:
            return error


def parse(
    lines: Iterable[str], mapping: ColumnMapping, team: TeamFacts, report: Report
) -> Iterator[str]:
    """COPY lines of the good rows, in STAGED order. Fills `report`; raises Invalid for a file
    that cannot be read at all."""
    reader = _reader(lines)
    try:
        header = next(reader, None)
        if header is None:
            raise UnreadableFile("O arquivo está vazio.")
        convert = _row_converter(plan(header, mapping), team, report)
        yield from _convert_rows(reader, convert, len(header), report)
    except csv.Error as error:
        raise UnreadableFile(f"O CSV está malformado perto da linha {reader.line_num}.") from error


def _convert_rows(
    reader: Any, convert: Callable[[int, list[str]], str | None], width: int, report: Report
) -> Iterator[str]:
    for row in reader:
        if not row:
            continue
        report.linhas += 1
        if len(row) != width:
            mensagem = f"A linha tem {len(row)} colunas; o cabeçalho, {width}."
            report.reject(reader.line_num, [FieldError("", Code.COLUNAS_DEMAIS, mensagem)])
            continue
        line = convert(reader.line_num, row)
        if line is not None:
            yield line


def _row_converter(
    chosen: Plan, team: TeamFacts, report: Report
) -> Callable[[int, list[str]], str | None]:
    """The function that turns one row into a COPY line, or reports it and gives None."""
    converters = _converters(team)
    columns = {
        index: Column(target, converters.get(target, importValues.attribute), chosen)
        for index, target in enumerate(chosen.targets)
        if target is not None
    }
    start, constants = _defaults(chosen, converters)
    fields = [(i, c.value, _POSITION[c.target]) for i, c in columns.items() if not c.is_attribute]
    attributes = [(i, c.value) for i, c in columns.items() if c.is_attribute]
    attributes_at = _POSITION["atributos"]

    def convert(linha: int, row: list[str]) -> str | None:
        line = start.copy()
        line[0] = str(linha)
        faults: list[FieldError] = []
        for index, value_of, position in fields:
            value = value_of(row[index])
            if isinstance(value, str):
                line[position] = value
            elif value is not None:
                faults.append(FieldError(columns[index].target, value.codigo, value.mensagem))
        own = constants.copy()
        for index, value_of in attributes:
            value = value_of(row[index])
            if isinstance(value, str):
                own.append(value)
            elif value is not None:
                faults.append(FieldError(columns[index].target, value.codigo, value.mensagem))
        line[attributes_at] = f"{{{','.join(own)}}}"
        faults += _finish(line, team, report)
        if faults:
            report.reject(linha, faults)
            return None
        return "\t".join(line) + "\n"

    return convert


def _finish(line: list[str], team: TeamFacts, report: Report) -> list[FieldError]:
    """Rules across fields, derived columns and the lock buckets of the line's keys."""
    kind = team.stages.get(line[_POSITION["etapa"]], "aberta")
    if kind != "perdida":
        line[_POSITION["motivo_perda"]] = _NULL
    elif line[_POSITION["motivo_perda"]] is _NULL:
        return [
            FieldError(
                "motivo_perda", Code.MOTIVO_OBRIGATORIO, "Um lead perdido precisa do motivo."
            )
        ]
    if kind == "aberta":
        line[_POSITION["fechado_em"]] = _NULL
    elif line[_POSITION["fechado_em"]] is _NULL:
        line[_POSITION["fechado_em"]] = report.started
    phone = line[_POSITION["telefone"]]
    if phone is not _NULL:
        line[_POSITION["telefone_chave"]] = phone_match_key(phone)
    line[_POSITION["busca"]] = _search_text(line)
    for name in KEYS:
        if (key := line[_POSITION[name]]) is not _NULL:
            report.buckets.add(bucket(name, key))
    return []


def _search_text(line: list[str]) -> str:
    nome, empresa = line[_POSITION["nome"]], line[_POSITION["empresa"]]
    if nome is _NULL and empresa is _NULL:
        return _UNNAMED_FOLDED
    name = UNNAMED if nome is _NULL else _plain(nome)
    return _escaped(search_text(name, None if empresa is _NULL else _plain(empresa)))


_UNNAMED_FOLDED = search_text(UNNAMED, None)


def _converters(team: TeamFacts) -> dict[str, Converter]:
    instant = importValues.instant_in(team.fuso)
    stages = frozenset(team.stages)
    members = frozenset(map(str, team.members))
    texts = {"nome": 160, "empresa": 160, "cidade": 120, "produto": 80, "origem": 80}
    texts |= {"campanha": 120, "motivo_perda": 200, "id_externo": 120}
    return {
        **{name: importValues.text_of(limit) for name, limit in texts.items()},
        "email": importValues.email,
        "telefone": importValues.phone,
        "documento": importValues.document,
        "uf": importValues.state,
        "valor": importValues.money,
        "renda_mensal": importValues.money,
        "etiquetas": importValues.tags,
        "etapa": importValues.one_of(
            stages, Code.ETAPA_INEXISTENTE, "Esta etapa não existe na equipe."
        ),
        "responsavel_id": importValues.one_of(
            members, Code.USUARIO_INEXISTENTE, "Não há usuário ativo com este id na equipe."
        ),
        "proximo_contato_em": instant,
        "ultimo_contato_em": instant,
        "fechado_em": instant,
    }


def _defaults(chosen: Plan, converters: dict[str, Converter]) -> tuple[list[str], list[str]]:
    """The line that every row starts from, and the attributes that no column fills.

    Raises Invalid for a default that is no value of its field.
    """
    line, attributes = [_NULL] * len(STAGED), []
    for target in chosen.padroes:
        column = Column(target, converters.get(target, importValues.attribute), chosen)
        value = column.value("")
        if isinstance(value, CellError):
            fault = FieldError(f"mapeamento.padroes.{target}", value.codigo, value.mensagem)
            raise Invalid("O mapeamento não serve para este arquivo.", fields=[fault])
        if value is not None and not column.is_attribute:
            line[_POSITION[target]] = value
        elif value is not None and target not in chosen.targets:
            attributes.append(value)
    return line, attributes


def _reader(lines: Iterable[str]) -> Any:
    """A csv reader whose delimiter is the commoner of `;` and `,` in the header."""
    iterator = iter(lines)
    first = next(iterator, "").removeprefix("\ufeff")
    delimiter = ";" if first.count(";") > first.count(",") else ","
    return csv.reader(_chain(first, iterator), delimiter=delimiter)


def _chain(first: str, rest: Iterator[str]) -> Iterator[str]:
    if first:
        yield first
    yield from rest


def _plain(value: str) -> str:
    """The text behind _escaped()."""
    return _ESCAPE.sub(lambda found: _ESCAPES[found[1]], value) if "\\" in value else value


def _escaped(value: str) -> str:
    """COPY's text format: backslash, tab and line ends are written as escapes."""
    return (
        value.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")
    )
