"""One lead as rules and the model see it, read from its row: what services/rules/fields reads."""

import json
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, cast, func

from models.lead import LEADS
from models.lead_contact import ContactKind
from services.rules.fields import FIELDS, Lead

_NAMED = {name for field in FIELDS.values() for name in (*field.inputs, field.since)}
_COLUMNS = sorted(name for name in _NAMED | {"criado_em"} if name in LEADS.c)
_COUNTED = ("atividades", "tentativas", "ultimo_resultado")


def seen(leads: FromClause) -> list[ColumnElement[Any]]:
    """What as_lead() is made of, for each row of `leads`, as of now."""
    contacts = [
        part
        for kind in ContactKind
        for part in (kind.value, FIELDS[f"contatos.{kind.value}"].column(leads))
    ]
    return [
        *(leads.c[name] for name in _COLUMNS),
        *(FIELDS[name].column(leads) for name in _COUNTED),
        func.now(),
        cast(func.jsonb_build_object(*contacts), Text),
        cast(leads.c.atributos, Text),
    ]


def as_lead(row: Sequence[Any]) -> Lead:
    """The lead in a row of seen()."""
    *values, contacts, attributes = row
    names = (*_COLUMNS, *_COUNTED, "agora")
    return {
        **dict(zip(names, values, strict=True)),
        "contatos": json.loads(contacts),
        # Numbers as they are written: 1.50 is not 1.5 to a rule that compares texts.
        "atributos": json.loads(attributes, parse_float=Decimal),
    }
