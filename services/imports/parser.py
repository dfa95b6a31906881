"""A CSV file of leads into lines that PostgreSQL can COPY, and a report of those that cannot.

The hot loop of the product: values repeat, so each column remembers what its cells became, and a
line costs a look-up a cell. Memory does not grow with the file.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Set

from services.errors import Code, FieldError, Invalid
from services.imports import cells
from services.imports.cells import CellError, Converter
from services.imports.columns import NULL, Column, Filled, TeamFacts, escaped, plain
from services.imports.columns import converters as converters_for
from services.imports.header import Header, is_blank, misfit, read_header
from services.imports.mapping import ColumnMapping, Plan, plan
from services.imports.reader import Row, read_rows
from services.imports.report import Report, UnreadableFile
from services.leads.attributes import MAX_BYTES
from services.leads.duplicates import BUCKETS, KEYS, bucket
from services.leads.filters import search_text
from services.leads.stages import REASON_MISSING, lacks_reason
from utils.phones import phone_match_key

UNNAMED = "Sem nome"
# The columns of the staging table, in COPY order.
STAGED = (
    "linha nome email telefone telefone_chave documento empresa cidade uf produto valor "
    "renda_mensal origem campanha etiquetas etapa motivo_perda responsavel_id "
    "proximo_contato_em ultimo_contato_em fechado_em id_externo busca atributos padroes"
).split()
_POSITION = {name: index for index, name in enumerate(STAGED)}


def parse(
    lines: Iterable[str],
    mapping: ColumnMapping,
    team: TeamFacts,
    report: Report,
    *,
    most: int | None = None,
) -> Iterator[str]:
    """COPY lines of the good rows, in STAGED order. Fills `report`; raises Invalid for a file
    that cannot be read at all, or that has more than `most` rows."""
    rows = read_rows(lines)
    header = read_header(next(rows, (0, None))[1])
    convert = _row_converter(plan(header.names, mapping), team, report)
    yield from _convert_rows(rows, convert, header, report, most or sys.maxsize)


def _convert_rows(
    rows: Iterator[Row],
    convert: Callable[[int, list[str]], str | None],
    header: Header,
    report: Report,
    most: int,
) -> Iterator[str]:
    named = len(header.names)
    for linha, row in rows:
        if is_blank(row):
            continue
        report.linhas += 1
        if report.linhas > most:
            raise UnreadableFile(
                f"O arquivo tem mais de {most} linhas. Divida-o ou use flask leads import."
            )
        if len(row) != named and (mensagem := misfit(row, header)):
            report.reject(linha, [FieldError("", Code.COLUNAS_DEMAIS, mensagem)])
            continue
        line = convert(linha, row)
        if line is not None:
            yield line


def _row_converter(
    chosen: Plan, team: TeamFacts, report: Report
) -> Callable[[int, list[str]], str | None]:
    """The function that turns one row into a COPY line, or reports it and gives None."""
    converters = converters_for(team)
    fields, attributes = _columns(chosen, converters)
    start, constants = _defaults(chosen, converters)
    attributes_at, filled_at = _POSITION["atributos"], _POSITION["padroes"]
    defaults = _POSITION.keys() & chosen.padroes.keys()

    def convert(linha: int, row: list[str]) -> str | None:
        line = start.copy()
        line[0] = str(linha)
        faults: list[FieldError] = []
        for index, column, position in fields:
            value = column[row[index]]
            if isinstance(value, str):
                line[position] = value
            elif value is not None:
                faults.append(FieldError(column.target, value.codigo, value.mensagem))
        own = constants.copy()
        for index, column in attributes:
            value = column[row[index]]
            if isinstance(value, str):
                own.append(value)
            elif value is not None:
                faults.append(FieldError(column.target, value.codigo, value.mensagem))
        line[attributes_at] = f"{{{','.join(own)}}}"
        faults += _size_faults(line[attributes_at])
        if chosen.padroes:
            line[filled_at] = _filled(line, own, defaults)
        faults += _finish(line, team, report)
        if faults:
            report.reject(linha, faults)
            return None
        return "\t".join(line) + "\n"

    return convert


def _columns(
    chosen: Plan, converters: dict[str, Converter]
) -> tuple[list[tuple[int, Column, int]], list[tuple[int, Column]]]:
    """The columns of fields and those of attributes: where each stands, and where it goes."""
    columns = [
        (index, Column(target, converters.get(target, cells.attribute), chosen))
        for index, target in enumerate(chosen.targets)
        if target is not None
    ]
    fields = [(i, c, _POSITION[c.target]) for i, c in columns if not c.is_attribute]
    return fields, [(i, c) for i, c in columns if c.is_attribute]


def _filled(line: list[str], own: list[str], defaults: Set[str]) -> str:
    """The array of what only defaults filled, NULL for none: a lead that is there keeps its own."""
    values = [*(line[_POSITION[name]] for name in defaults), *own]
    names = [value.target for value in values if isinstance(value, Filled)]
    return escaped(cells.array_of(names)) if names else NULL


def _size_faults(atributos: str) -> list[FieldError]:
    # At four bytes a character it may be too long: only then is it worth measuring.
    if len(atributos) * 4 <= MAX_BYTES or len(plain(atributos).encode()) <= MAX_BYTES:
        return []
    return [FieldError("atributos", Code.LONGO_DEMAIS, "Os atributos passam de 16 kB.")]


def _finish(line: list[str], team: TeamFacts, report: Report) -> list[FieldError]:
    """Rules across fields, derived columns and the lock buckets of the line's keys."""
    stage, reason = line[_POSITION["etapa"]], line[_POSITION["motivo_perda"]]
    if lacks_reason(team.stages.get(stage), None if reason is NULL else reason):
        return [REASON_MISSING]
    phone = line[_POSITION["telefone"]]
    if phone is not NULL:
        line[_POSITION["telefone_chave"]] = phone_match_key(phone)
    line[_POSITION["busca"]] = _search_text(line)
    for name in KEYS:
        # A large file needs every bucket: then there is nothing left to find out.
        if len(report.buckets) < BUCKETS and (key := line[_POSITION[name]]) is not NULL:
            report.buckets.add(bucket(name, plain(key)))
    return []


def _search_text(line: list[str]) -> str:
    nome, empresa = line[_POSITION["nome"]], line[_POSITION["empresa"]]
    if nome is NULL and empresa is NULL:
        return _UNNAMED_FOLDED
    name = UNNAMED if nome is NULL else plain(nome)
    return escaped(search_text(name, None if empresa is NULL else plain(empresa)))


_UNNAMED_FOLDED = search_text(UNNAMED, None)


def _defaults(chosen: Plan, converters: dict[str, Converter]) -> tuple[list[str], list[str]]:
    """The line that every row starts from, and the attributes that no column fills.

    Raises Invalid for a default that is no value of its field.
    """
    line, attributes = [NULL] * len(STAGED), []
    for target in chosen.padroes:
        column = Column(target, converters.get(target, cells.attribute), chosen)
        value = column[""]
        if isinstance(value, CellError):
            fault = FieldError(f"mapeamento.padroes.{target}", value.codigo, value.mensagem)
            raise Invalid("O mapeamento não serve para este arquivo.", fields=[fault])
        if value is not None and not column.is_attribute:
            line[_POSITION[target]] = value
        elif value is not None and target not in chosen.targets:
            attributes.append(value)
    return line, attributes
