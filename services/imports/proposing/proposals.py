"""What the columns of a file are: the field of each, how sure that is, and why.

Each field goes to the surest column. Further telephones and e-mails become contacts of the lead; a
column that is no field becomes an attribute, as in an import that nobody prepared.
"""

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.types import StageKind
from services.imports.converting.converters import TeamFacts
from services.imports.mapping.plan import ColumnMapping, plan
from services.imports.mapping.targets import ATTRIBUTE, CONTACTS, SURNAME
from services.imports.proposing.candidates import Candidate, Column, candidates, is_attribute
from services.imports.proposing.contents import are_kinds, said_cells
from services.imports.proposing.masking import masked
from services.imports.proposing.sources import Source, recognised
from services.imports.proposing.values import Known, propose_reason
from services.imports.reading.reader import Row
from services.leads.attributes import MAX_ATTRIBUTES, MAX_KEY
from services.leads.contacts import PRINCIPAL
from utils.text import fold

_SAMPLES, _CONTRADICTIONS = 3, 10
# How sure it is that a column is no field.
_KNOWN, _UNKNOWN = 0.9, 0.0
_OF_BEFORE = 1.0
_BEFORE = "Foi isto na importação cujas linhas este arquivo corrige."
_TAKEN = "Seu campo já vem de outra coluna: fica como atributo."
# What an open lead has not, whatever its line says.
_OF_CLOSED = frozenset({"motivo_perda", "fechado_em"})
_OPEN = "A etapa da linha não é fechada: num lead aberto este valor não é gravado."


@dataclass(frozen=True, slots=True)
class Proposed:
    """`mapping` is what an import is to be asked with; `columns` tells a person of it."""

    mapping: ColumnMapping
    columns: list[dict[str, Any]]

    @property
    def recognised(self) -> int:
        """How many columns are a field."""
        return sum(campo is not None for campo in self.mapping.colunas.values())


def propose(names: Sequence[str], rows: Sequence[Row], known: Known) -> Proposed:
    """`rows` are the file's first ones below its header. Raises UnfitMapping for a header that no
    mapping fits."""
    source = recognised(names)
    columns = [
        Column(place, name, [(linha, row[place]) for linha, row in rows if place < len(row)])
        for place, name in enumerate(names)
    ]
    every = [each for column in columns for each in candidates(column, source, known)]
    chosen = _chosen(every)
    mapping = _mapping(columns, chosen, known)
    refused = {each.column.place: each for each in sorted(every, key=_share)}
    lost = _lost(chosen.values(), [linha for linha, _ in rows], known.team)
    shown = [
        _of_field(chosen[column.place], lost)
        if column.place in chosen
        else _of_no_field(column, target, refused.get(column.place), source)
        for column, target in zip(columns, plan(names, mapping).targets, strict=True)
    ]
    return Proposed(mapping, shown)


def as_before(proposed: Proposed, before: Mapping[str, str | None]) -> Proposed:
    """What columns were in the import whose lines the file corrects (`before`) goes before what
    their names and cells suggest: of lines that were rejected, many cells do not fit."""
    if not before:
        return proposed
    taken = {*before.values()} - {None, CONTACTS}
    others = {
        name: campo
        for name, campo in proposed.mapping.colunas.items()
        if name not in before and campo not in taken
    }
    colunas = {**others, **before}
    columns = [_as_before(each, before, taken) for each in proposed.columns]
    return Proposed(replace(proposed.mapping, colunas=colunas), columns)


def _as_before(
    column: dict[str, Any], before: Mapping[str, str | None], taken: Container[str | None]
) -> dict[str, Any]:
    name = column["coluna"]
    if name in before and column["campo"] != before[name]:
        said = {"confianca": _OF_BEFORE, "motivo": _BEFORE, "contradicoes": []}
        return column | {"campo": before[name]} | said
    if name not in before and column["campo"] in taken:
        return column | {"campo": ATTRIBUTE + name, "confianca": _UNKNOWN, "motivo": _TAKEN}
    return column


def _chosen(every: Iterable[Candidate]) -> dict[int, Candidate]:
    """The field of each column that is one, by its place."""
    chosen: dict[int, Candidate] = {}
    by_field: dict[str, Candidate] = {}
    for candidate in sorted(every, key=lambda each: each.order):
        place, campo = candidate.column.place, candidate.campo
        if place in chosen or not candidate.fits:
            continue
        if campo not in by_field:
            chosen[place] = by_field[campo] = candidate
        elif campo in PRINCIPAL:
            why = f"{candidate.motivo} Outra coluna tem o principal: este é mais um contato."
            chosen[place] = replace(candidate, campo=CONTACTS, motivo=why)
    if SURNAME in by_field and _says_surname(by_field.get("nome"), by_field[SURNAME]):
        del chosen[by_field[SURNAME].column.place]
    return chosen


def _says_surname(name: Candidate | None, surname: Candidate) -> bool:
    """Whether most names end with the surname already."""
    names = {linha: fold(cell) for linha, cell in name.column.cells} if name else {}
    told = said_cells(SURNAME, surname.column.cells)
    return 2 * sum(names.get(linha, "").endswith(fold(cell)) for linha, cell in told) > len(told)


def _mapping(
    columns: Sequence[Column], chosen: Mapping[int, Candidate], known: Known
) -> ColumnMapping:
    """Columns that become attributes by themselves are not named."""
    colunas: dict[str, str | None] = {
        each.column.name: each.campo for _, each in sorted(chosen.items())
    }
    others = [column.name for column in columns if column.place not in chosen and column.name]
    colunas |= {name: None for name in others if len(name) > MAX_KEY}
    colunas |= dict.fromkeys(others[MAX_ATTRIBUTES:])
    valores = {each.campo: each.valores for each in chosen.values() if each.valores}
    return ColumnMapping(colunas, valores, _defaults(chosen.values(), known))


def _defaults(chosen: Iterable[Candidate], known: Known) -> dict[str, str]:
    """A lost lead needs a reason, which most systems do not export."""
    by_field = {each.campo: each for each in chosen}
    stage = by_field.get("etapa")
    if stage is None or "motivo_perda" in by_field:
        return {}
    texts = [cell.strip() for _, cell in stage.column.cells]
    reason = propose_reason(texts, stage.valores, known.team)
    return {"motivo_perda": reason} if reason else {}


def _lost(chosen: Iterable[Candidate], lines: Iterable[int], team: TeamFacts) -> set[int]:
    """Lines whose stage is open, as that of a line is that names none: what they say of a closing
    is not kept."""
    stage = next((each for each in chosen if each.campo == "etapa"), None)
    told = dict(said_cells("etapa", stage.column.cells)) if stage else {}
    valores = stage.valores if stage else {}
    closed = {
        linha
        for linha, text in told.items()
        if team.stages.get(valores.get(text) or team.stage_names.get(fold(text), ""))
        != StageKind.ABERTA
    }
    return {*lines} - closed


def _of_field(candidate: Candidate, lost: Container[int]) -> dict[str, Any]:
    column, campo = candidate.column, candidate.campo
    found = _contradictions(candidate, lost)
    return _shown(column, campo, candidate.confianca, candidate.motivo, found)


def _of_no_field(
    column: Column, target: str | None, refused: Candidate | None, source: Source | None
) -> dict[str, Any]:
    """`refused`: the field that its name or its cells suggest all the same."""
    if target is None:
        return _shown(column, None, _KNOWN, "Não pode ser importada: fica de fora.", [])
    if refused and refused.fits:
        why = f"O campo {refused.campo} já vem de outra coluna: fica como atributo."
        return _shown(column, target, _KNOWN, why, [])
    if refused:
        why = f"O nome sugere {refused.campo}, e os valores são outros: fica como atributo."
        return _shown(column, target, _UNKNOWN, why, _contradictions(refused))
    if is_attribute(column.name, source):
        return _shown(column, target, _KNOWN, "Não é um campo de lead: fica como atributo.", [])
    why = "Nenhum campo tem este nome nem estes valores: fica como atributo."
    return _shown(column, target, _UNKNOWN, why, [])


def _shown(
    column: Column,
    campo: str | None,
    confianca: float,
    motivo: str,
    contradicoes: list[dict[str, Any]],
) -> dict[str, Any]:
    said = said_cells(campo or ATTRIBUTE, column.cells)
    texts = list(dict.fromkeys(cell for _, cell in said))[:_SAMPLES]
    plain = campo is not None and campo.startswith(ATTRIBUTE) and are_kinds(said)
    return {
        "coluna": column.name,
        "campo": campo,
        "confianca": confianca,
        "motivo": motivo,
        "amostra": [masked(text, campo, plain=plain) for text in texts],
        "contradicoes": contradicoes,
    }


def _contradictions(candidate: Candidate, lost: Container[int] = ()) -> list[dict[str, Any]]:
    """`lost`: lines of which nothing is kept that is said of a closing."""
    # What is none of the field's values may be anything, a person's name too. A stage has to be
    # seen to be mapped.
    kind = candidate.campo if candidate.campo == "etapa" else None
    wrong = [(said, error.mensagem) for said, error in candidate.judged.misfits]
    if candidate.campo in _OF_CLOSED:
        said_of_it = said_cells(candidate.campo, candidate.column.cells)
        wrong += [(said, _OPEN) for said in said_of_it if said[0] in lost]
    return [
        {"linha": linha, "valor": masked(cell, kind), "mensagem": message}
        for (linha, cell), message in sorted(wrong)[:_CONTRADICTIONS]
    ]


def _share(candidate: Candidate) -> float:
    return candidate.judged.share
