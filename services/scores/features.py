"""What a card looks at: a field as one number or one category, as SQL and as Python.

Most are fields that rules know too; a few are the model's own.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Double, FromClause, Text, case, cast, func

from models.lead_contact import ContactKind
from services.rules.fields import ATTRIBUTE, Field, Kind, Lead, find
from services.rules.texts import as_number, number_of, plain, plain_text

Tipo = Literal["numero", "categoria"]
NUMBER: Tipo = "numero"
CATEGORY: Tipo = "categoria"
THERE = "sim"  # the category of a value of which only its being there counts
# Months and weekdays are read by one clock, so that a lead has the same ones in every equipe.
_ZONE = ZoneInfo("America/Sao_Paulo")
_MEANT_FROM, _MEANT_UNTIL = datetime(1900, 1, 1, tzinfo=UTC), datetime(2201, 1, 1, tzinfo=UTC)
_COMPANY_DIGITS = 14  # of a CNPJ; a CPF has 11
_CENTS = 100


@dataclass(frozen=True, slots=True)
class Feature:
    """`column` and `read` give a float, money in reais, or a plain text; null and None where there
    is no value. `inputs`: what it follows from, as in Field."""

    campo: str
    tipo: Tipo
    column: Callable[[FromClause], ColumnElement[Any]]
    read: Callable[[Lead], Any]
    inputs: frozenset[str]


@lru_cache(maxsize=4_096)
def find_feature(campo: str, tipo: Tipo | None = None) -> Feature | None:
    """The feature of this name. An attribute is a number or a category as `tipo` says; any other
    has one kind. None if there is none such."""
    field = find(campo) if campo.startswith(ATTRIBUTE) else None
    found = _attribute(field, tipo or CATEGORY) if field else FEATURES.get(campo)
    return found if found and tipo in (None, found.tipo) else None


def _attribute(field: Field, tipo: Tipo) -> Feature:
    if tipo == NUMBER:
        return Feature(
            field.campo,
            NUMBER,
            lambda leads: as_number(field.column(leads)),
            lambda lead: number_of(field.read(lead)),
            field.inputs,
        )
    return Feature(
        field.campo,
        CATEGORY,
        lambda leads: func.nullif(plain(field.column(leads)), ""),
        lambda lead: category_of(field.read(lead)),
        field.inputs,
    )


def category_of(text: str | None) -> str | None:
    """The text of an attribute as a category."""
    return plain_text(text or "") or None


def _of_field(field: Field) -> Feature:
    if field.kind is Kind.PRESENCA:
        return Feature(
            field.campo,
            CATEGORY,
            lambda leads: case((field.column(leads).is_not(None), THERE)),
            lambda lead: None if field.read(lead) is None else THERE,
            field.inputs,
        )
    if field.kind is Kind.TEXTO:
        return Feature(field.campo, CATEGORY, field.column, field.read, field.inputs)
    return _number(field, _CENTS if field.kind is Kind.DINHEIRO else 1)


def _number(field: Field, unit: int) -> Feature:
    def read(lead: Lead) -> float | None:
        value = field.read(lead)
        return None if value is None else float(value) / unit

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        column: ColumnElement[Any] = cast(field.column(leads), Double)
        return column if unit == 1 else column / cast(unit, Double)

    return Feature(field.campo, NUMBER, in_sql, read, field.inputs)


def _area_code() -> Feature:
    """The area code of a Brazilian telephone. A snapshot, which has no number, keeps it itself."""

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        code = func.substr(leads.c.telefone, 4, 2)
        return case((leads.c.telefone.op("~", is_comparison=True)("^[+]55[1-9]"), code))

    def read(lead: Lead) -> str | None:
        if "ddd" in lead:
            return str(lead["ddd"]) if lead["ddd"] else None
        phone: str = lead["telefone"] or ""
        brazilian = phone.startswith("+55") and "1" <= phone[3:4] <= "9"
        return phone[3:5] if brazilian else None

    return Feature("ddd", CATEGORY, in_sql, read, frozenset({"telefone"}))


def _company() -> Feature:
    """Whether the document is a company's. A snapshot, which has no document, keeps it itself."""

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        company = func.length(leads.c.documento) == _COMPANY_DIGITS
        return case((company, THERE), (leads.c.documento.is_not(None), "nao"))

    def read(lead: Lead) -> str | None:
        kept = "pessoa_juridica" in lead
        known = lead["pessoa_juridica"] if kept else lead["documento"]
        if known is None:
            return None
        return THERE if (known if kept else len(known) == _COMPANY_DIGITS) else "nao"

    return Feature("pessoa_juridica", CATEGORY, in_sql, read, frozenset({"documento"}))


def _calendar(campo: str, part: str, of: Callable[[datetime], int]) -> Feature:
    """A part of the date of creation, of one that somebody can mean: at the ends of the calendar
    Python has no date in another zone."""

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        created = leads.c.criado_em
        local = func.timezone(_ZONE.key, created)
        meant = (created >= _MEANT_FROM) & (created < _MEANT_UNTIL)
        return case((meant, cast(cast(func.extract(part, local), Double), Text)))

    def read(lead: Lead) -> str | None:
        created: datetime | None = lead["criado_em"]
        meant = created is not None and _MEANT_FROM <= created < _MEANT_UNTIL
        return str(of(created.astimezone(_ZONE))) if created and meant else None

    return Feature(campo, CATEGORY, in_sql, read, frozenset({"criado_em"}))


CALENDAR = ("mes", "dia_semana")
# No labels, which are written as the work goes on; nothing that `process` says of a field.
_SHARED = (
    *("origem", "produto", "campanha", "cidade", "uf"),
    *("telefone", "email", "documento", "empresa", "id_externo"),
    *("valor", "renda_mensal", "contatos"),
    *(f"contatos.{tipo.value}" for tipo in ContactKind),
)


def _features() -> dict[str, Feature]:
    shared = (find(campo) for campo in _SHARED)
    own = (
        _area_code(),
        _company(),
        _calendar("mes", "month", lambda day: day.month),
        _calendar("dia_semana", "isodow", lambda day: day.isoweekday()),
    )
    return {each.campo: each for each in (*(_of_field(field) for field in shared if field), *own)}


FEATURES = _features()
