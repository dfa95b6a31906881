"""How a file's columns become a lead's fields.

Shape: `{"colunas": {header: field | "atributos.x" | null}, "valores": {field: {from: to}},
"padroes": {field: value}}`. Without it, headers that are field names map to them, those a file may
not set are left out, and all others become `atributos.<header>`. `Renda Mensal` is the name of a
field too; where another column says `renda_mensal` word for word, that one has it. A file must have
one column at least that is known so.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from services.errors import MAX_FIELD_ERRORS, Code, FieldError, Invalid
from services.imports.mapping.reasonColumn import is_reason
from services.imports.mapping.targets import (
    ATTRIBUTE,
    CONTACTS,
    LEFT_OUT,
    SURNAME,
    field_named,
    is_target,
    is_value,
)
from services.leads.attributes import MAX_ATTRIBUTES
from utils.text import fold, is_clean


@dataclass(frozen=True, slots=True)
class ColumnMapping:
    """What the caller asked for; empty means by header names."""

    colunas: Mapping[str, str | None] = field(default_factory=dict)
    valores: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    padroes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """The target of each column in file order (None: left out), with values and defaults."""

    names: tuple[str, ...]
    targets: tuple[str | None, ...]
    valores: Mapping[str, Mapping[str, str]]
    padroes: Mapping[str, str]
    # Columns that are no field and that nobody mapped.
    unknown: tuple[str, ...]

    @property
    def understood(self) -> bool:
        """Whether a column is known by more than its author's name for it."""
        return sum(target is not None for target in self.targets) > len(self.unknown)

    def columns(self) -> list[dict[str, str | None]]:
        """What became of each column, in the words of `colunas` in a mapping."""
        return [
            {"coluna": name, "campo": target}
            for name, target in zip(self.names, self.targets, strict=True)
        ]


class UnfitMapping(Invalid):
    """The mapping and the file do not go together."""

    message = "O mapeamento não serve para este arquivo."


def mapping_error(path: str, codigo: Code, mensagem: str) -> FieldError:
    """What is wrong at a path of the mapping, "" for all of it. Names are the caller's: bounded."""
    return FieldError(f"mapeamento.{path[:140]}".strip("."), codigo, mensagem)


def plan(names: Sequence[str], mapping: ColumnMapping) -> Plan:
    """Match a file's header with a mapping. Raises UnfitMapping with every error found."""
    mapping = replace(mapping, colunas=_by_header(names, mapping.colunas))
    said = {mapping.colunas.get(name, name) for name in names}
    targets = tuple(_target(name, mapping, said) for name in names)
    errors = _header_errors(names) + _column_errors(names, mapping)
    errors += _target_errors([target for target in targets if target is not None])
    errors += _count_errors({*targets, *mapping.padroes})
    errors += _name_errors("valores", mapping.valores) + _name_errors("padroes", mapping.padroes)
    errors += _default_errors(mapping.padroes)
    if errors:
        raise UnfitMapping(fields=errors[:MAX_FIELD_ERRORS])
    unknown = tuple(
        name
        for name, target in zip(names, targets, strict=True)
        if target == ATTRIBUTE + name and name not in mapping.colunas
    )
    return Plan(tuple(names), targets, mapping.valores, mapping.padroes, unknown)


def _target(name: str, mapping: ColumnMapping, said: Set[str | None]) -> str | None:
    """`said`: what the columns are called or mapped to word for word."""
    if name in mapping.colunas:
        return mapping.colunas[name]
    if not name or name in LEFT_OUT or is_reason(name):
        return None
    # A header such as "atributos.idade", as our export writes it, is already a target.
    if is_target(name) and name != SURNAME:
        return name
    field_name = field_named(name)
    return field_name if field_name and field_name not in said else ATTRIBUTE + name


def _by_header(names: Sequence[str], colunas: Mapping[str, str | None]) -> Mapping[str, str | None]:
    """What is asked of the columns, each by its own name: a mapping may write it otherwise."""
    otherwise = {fold(name): name for name in reversed(names) if name not in colunas}
    found = {name if name in names else otherwise.pop(fold(name), name): name for name in colunas}
    return {name: colunas[asked] for name, asked in found.items()}


def _header_errors(names: Sequence[str]) -> list[FieldError]:
    if not any(names):
        return [_file_error("A primeira linha deve ter os nomes das colunas.")]
    errors = [_file_error("Há uma coluna sem nome.")] if "" in names else []
    errors += [
        _file_error(f"O nome da coluna {place} tem caracteres de controle.")
        for place, name in enumerate(names, 1)
        if not is_clean(name)
    ]
    return errors + [
        _file_error(f"A coluna {name[:64]} aparece duas vezes.") for name in _repeated(names)
    ]


def _column_errors(names: Sequence[str], mapping: ColumnMapping) -> list[FieldError]:
    absent = mapping.colunas.keys() - set(names)
    return [
        _mapping_error(f"colunas.{name[:64]}", "O arquivo não tem esta coluna.") for name in absent
    ]


def _target_errors(targets: Sequence[str]) -> list[FieldError]:
    errors = [
        _mapping_error("colunas", f"{name[:80]} não é um campo que o arquivo possa preencher.")
        for name in targets
        if not is_target(name)
    ]
    errors += [
        _mapping_error("colunas", f"Duas colunas vão para {name[:80]}.")
        for name in _repeated([target for target in targets if target != CONTACTS])
    ]
    return errors


def _count_errors(targets: Iterable[str | None]) -> list[FieldError]:
    """`targets`: of columns and defaults, since a line without a cell has the default."""
    attributes = sum((name or "").startswith(ATTRIBUTE) for name in targets)
    if attributes <= MAX_ATTRIBUTES:
        return []
    return [_file_error(f"Há mais de {MAX_ATTRIBUTES} atributos.")]


def _name_errors(part: str, names: Iterable[str]) -> list[FieldError]:
    """The errors of what should be names of fields and attributes in a part of the mapping."""
    return [
        _mapping_error(f"{part}.{name[:64]}", "Não é um campo que o arquivo possa preencher.")
        for name in names
        if not is_value(name)
    ]


def _default_errors(names: Iterable[str]) -> list[FieldError]:
    return [
        _mapping_error(f"padroes.{name}", "Este campo não tem valor padrão.")
        for name in names
        if name in {SURNAME, CONTACTS}
    ]


def _repeated(names: Sequence[str]) -> list[str]:
    return sorted(name for name, times in Counter(names).items() if name and times > 1)


def _file_error(mensagem: str) -> FieldError:
    return FieldError("arquivo", Code.VALOR_INVALIDO, mensagem)


def _mapping_error(path: str, mensagem: str) -> FieldError:
    return mapping_error(path, Code.VALOR_INVALIDO, mensagem)
