"""What rules and the model may look at: each field as SQL over a relation with the columns of
`leads`, and as Python over one lead.

A lead here is a mapping with the columns of `leads` (`atributos` as a dict) and beside them the
keys of OTHERS, which are no columns: "contatos" (how many by kind), "atividades", "tentativas",
"ultimo_resultado", and "agora", the instant that ages are counted to.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Double, FromClause, Text, and_, case, cast, func, select

from models.activity import ACTIVITIES
from models.lead_contact import CONTACTS, PRINCIPAL_PHONE, ContactKind
from services.rules.texts import plain, plain_text, text_of

Lead = Mapping[str, Any]
OTHERS = ("contatos", "atividades", "tentativas", "ultimo_resultado", "agora")
ATTRIBUTE = "atributos."
MAX_LEVELS = 3
_DAY = 86_400  # seconds


class Kind(StrEnum):
    """What kind of value a field has, by which its operators are chosen."""

    TEXTO = "texto"
    DINHEIRO = "dinheiro"
    NUMERO = "numero"
    ETIQUETAS = "etiquetas"
    # Of what is personal only whether it is there.
    PRESENCA = "presenca"
    # Whatever the caller keeps there: a rule says by its value how it compares.
    ATRIBUTO = "atributo"


@dataclass(frozen=True, slots=True)
class Field:
    """`column` gives the value in SQL and `read` in Python: texts plain (plain_text), money in
    cents, numbers as floats, None where there is none. `since`: the column from whose instant
    points fade. `inputs`: what it follows from, columns of a lead or names of OTHERS. `process`:
    whether it tells how far the work on a lead has come, which no model may learn from."""

    campo: str
    kind: Kind
    column: Callable[[FromClause], ColumnElement[Any]]
    read: Callable[[Lead], Any]
    inputs: frozenset[str]
    since: str = "criado_em"
    process: bool = False
    ages: bool = False


def find(campo: str) -> Field | None:
    """The field of this name: one of FIELDS, or a path into `atributos` such as
    `atributos.profissao`. None if there is none."""
    return FIELDS.get(campo) or (_attribute(campo) if campo.startswith(ATTRIBUTE) else None)


def _text(campo: str, column: str | None = None, *, process: bool = False) -> Field:
    """`column`: one that is folded already, or whose texts are made of plain letters."""
    name = column or campo

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        return leads.c[name] if column else plain(leads.c[name])

    def read(lead: Lead) -> str | None:
        return lead[name] if column or lead[name] is None else plain_text(lead[name])

    return Field(campo, Kind.TEXTO, in_sql, read, frozenset({name}), process=process)


def _plain_column(campo: str, kind: Kind, column: str, *, process: bool = False) -> Field:
    return Field(
        campo,
        kind,
        lambda leads: leads.c[column],
        lambda lead: lead[column],
        frozenset({column}),
        process=process,
    )


def _age(campo: str, column: str) -> Field:
    """Whole days since an instant."""

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        instant = leads.c[column]
        return case((instant.is_not(None), func.floor(seconds_since(instant) / _DAY)))

    def read(lead: Lead) -> float | None:
        return None if lead[column] is None else float(age_in_seconds(lead, column) // _DAY)

    inputs = frozenset({column})
    return Field(campo, Kind.NUMERO, in_sql, read, inputs, column, process=True, ages=True)


def seconds_since(instant: ColumnElement[Any]) -> ColumnElement[float]:
    """Seconds from an instant to now, never below 0; 0 also where there is no instant."""
    return func.greatest(cast(func.extract("epoch", func.now() - instant), Double), cast(0, Double))


def age_in_seconds(lead: Lead, column: str) -> float:
    """The same in Python, where there is an instant."""
    moment: datetime = lead["agora"]
    since: datetime = lead[column]
    return max((moment - since).total_seconds(), 0.0)


def _contacts(campo: str, tipo: ContactKind | None) -> Field:
    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        known = [
            CONTACTS.c.equipe_id == leads.c.equipe_id,
            CONTACTS.c.lead_id == leads.c.id,
            CONTACTS.c.ordem >= PRINCIPAL_PHONE,  # in use; by any other index it reads them all
            *([] if tipo is None else [CONTACTS.c.tipo == tipo.value]),
        ]
        counted = select(func.count()).select_from(CONTACTS).where(*known)
        return cast(counted.correlate(leads).scalar_subquery(), Double)

    def read(lead: Lead) -> float:
        counts: Mapping[str, int] = lead["contatos"]
        return float(sum(counts.values()) if tipo is None else counts.get(tipo.value, 0))

    return Field(campo, Kind.NUMERO, in_sql, read, frozenset({"contatos", "telefone", "email"}))


def _activities(campo: str, *, attempts: bool) -> Field:
    """How many were done, of any kind; or attempts to reach the person, which have a result."""

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        done = [*_of_lead(leads), ACTIVITIES.c.concluida_em.is_not(None)]
        tried = [ACTIVITIES.c.resultado.is_not(None)] if attempts else []
        counted = select(func.count()).select_from(ACTIVITIES).where(*done, *tried)
        return cast(counted.correlate(leads).scalar_subquery(), Double)

    # A lead's next contact completes the promises before it.
    inputs = frozenset({campo}) if attempts else frozenset({campo, "proximo_contato_em"})
    since = "ultimo_contato_em"
    return Field(
        campo, Kind.NUMERO, in_sql, lambda lead: float(lead[campo]), inputs, since, process=True
    )


def _last_result(leads: FromClause) -> ColumnElement[Any]:
    done = (ACTIVITIES.c.concluida_em.is_not(None), ACTIVITIES.c.resultado.is_not(None))
    return (
        select(ACTIVITIES.c.resultado)
        .where(*_of_lead(leads), *done)
        .order_by(ACTIVITIES.c.concluida_em.desc(), ACTIVITIES.c.id.desc())
        .limit(1)
        .correlate(leads)
        .scalar_subquery()
    )


def _of_lead(leads: FromClause) -> tuple[ColumnElement[bool], ...]:
    return (ACTIVITIES.c.equipe_id == leads.c.equipe_id, ACTIVITIES.c.lead_id == leads.c.id)


@lru_cache(maxsize=4_096)
def _attribute(campo: str) -> Field | None:
    path = campo.removeprefix(ATTRIBUTE).split(".")
    if not all(path) or len(path) > MAX_LEVELS:
        return None

    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        # By the keys of objects alone: a path of jsonb_extract_path() leads into lists too.
        parent: ColumnElement[Any] = leads.c.atributos
        for key in path[:-1]:
            parent = func.jsonb_object_field(parent, key)
        kind = func.jsonb_typeof(func.jsonb_object_field(parent, path[-1]))
        scalar = and_(kind != "object", kind != "array")
        return case((scalar, func.jsonb_object_field_text(parent, path[-1])))

    def read(lead: Lead) -> str | None:
        value: Any = lead["atributos"]
        for key in path:
            value = value.get(key) if isinstance(value, dict) else None
        return text_of(value)

    return Field(campo, Kind.ATRIBUTO, in_sql, read, frozenset({"atributos"}))


def between_commas(text: str) -> str:
    """Labels in the form in which one is looked for: no label holds a comma."""
    return f",{plain_text(text)},"


def _labels(campo: str) -> Field:
    def in_sql(leads: FromClause) -> ColumnElement[Any]:
        labels = plain(func.array_to_string(leads.c[campo], ","))
        return case((func.cardinality(leads.c[campo]) > 0, func.concat(",", labels, ",")))

    def read(lead: Lead) -> str | None:
        return between_commas(",".join(lead[campo])) if lead[campo] else None

    return Field(campo, Kind.ETIQUETAS, in_sql, read, frozenset({campo}))


def _presence(campo: str) -> Field:
    return _plain_column(campo, Kind.PRESENCA, campo)


def _fields() -> dict[str, Field]:
    process = "ultimo_resultado"
    last = Field(
        process,
        Kind.TEXTO,
        lambda leads: cast(_last_result(leads), Text),
        lambda lead: lead[process],
        frozenset({"tentativas"}),
        "ultimo_contato_em",
        process=True,
    )
    listed = (
        _text("origem", "origem_chave"),
        _text("produto", "produto_chave"),
        _text("campanha"),
        _text("cidade"),
        _text("uf"),
        _text("etapa", "etapa", process=True),
        *map(_presence, ("telefone", "email", "documento", "empresa", "id_externo")),
        _plain_column("valor", Kind.DINHEIRO, "valor_centavos"),
        _plain_column("renda_mensal", Kind.DINHEIRO, "renda_centavos"),
        _labels("etiquetas"),
        _plain_column("responsavel_id", Kind.PRESENCA, "responsavel_id", process=True),
        _plain_column("proximo_contato_em", Kind.PRESENCA, "proximo_contato_em", process=True),
        _age("dias_desde_criacao", "criado_em"),
        _age("dias_sem_contato", "ultimo_contato_em"),
        _age("dias_na_etapa", "etapa_desde"),
        _contacts("contatos", None),
        *(_contacts(f"contatos.{tipo.value}", tipo) for tipo in ContactKind),
        _activities("atividades", attempts=False),
        _activities("tentativas", attempts=True),
        last,
    )
    return {each.campo: each for each in listed}


FIELDS = _fields()
