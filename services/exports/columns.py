"""The columns of a file: their names, and what is selected for them.

They are named as the fields are, so that an import knows them. Attributes have a column each, as
far as an import takes so many; what has none is in the last column, as a JSON object.
"""

from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Text,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
)
from sqlalchemy.dialects.postgresql import ARRAY, array

from models.derived.lead_score import SCORES
from models.lead import CENTS, LEADS
from services.exports import kinds
from services.exports.formats import Format
from services.imports.mapping.targets import ATTRIBUTE, OBJECT
from services.leads.fields import FIELDS
from utils.spreadsheets import MARK

_TAG_SEPARATOR = "|"
_INSTANTS = frozenset(
    (
        "proximo_contato_em ultimo_contato_em fechado_em nao_contatar_em etapa_desde criado_em "
        "atualizado_em"
    ).split()
)
DAYS = frozenset({"previsto_para"})
MONEY = frozenset(CENTS)
NUMBERS = frozenset("id responsavel_id score probabilidade versao".split())
_KINDS = {
    **dict.fromkeys("nome empresa cidade id_externo".split(), kinds.NAME),
    **dict.fromkeys("uf produto origem campanha etapa motivo_perda".split(), kinds.TEXT),
    "email": kinds.EMAIL,
    "documento": kinds.DOCUMENT,
}
_SCORES = frozenset({"score", "faixa", "probabilidade"})


@dataclass(frozen=True, slots=True)
class Attributes:
    """`keys`: those with a column of their own; `others`: whether there are more."""

    keys: tuple[str, ...] = ()
    others: bool = False


@dataclass(frozen=True)
class Columns:
    """Those of one file. `contacts`: the other contacts of each lead."""

    format: Format
    attributes: Attributes
    contacts: FromClause

    @cached_property
    def names(self) -> list[str]:
        keys = [ATTRIBUTE + key for key in self.attributes.keys]
        rest = [OBJECT] if keys or self.attributes.others else []
        return [*_FIELDS, "contatos", *keys, *rest]

    def selected(self) -> list[ColumnElement[Any]]:
        keys = self.attributes.keys
        fields = [self._field(name) for name in _FIELDS]
        contacts = literal(kinds.CONTACTS) + self.contacts.c.contatos
        rest = [self._rest()] if len(self.names) > len(_FIELDS) + 1 else []
        return [*fields, contacts, *map(_attribute, keys), *rest]

    def _field(self, name: str) -> ColumnElement[Any]:
        column: ColumnElement[Any] = (SCORES if name in _SCORES else LEADS).c[CENTS.get(name, name)]
        if name in CENTS:
            return self._number(column * literal_column("0.01"))
        if name in _INSTANTS:
            return self._instant(column)
        if name in DAYS and self.format.brazilian:
            return func.to_char(column, "DD/MM/YYYY")
        if name == "probabilidade":
            return self._number(column)
        if name == "etiquetas":
            return literal(kinds.TEXT) + func.nullif(
                func.array_to_string(column, _TAG_SEPARATOR), ""
            )
        if name == "telefone":
            # It always begins with a plus sign.
            return literal(kinds.PHONE if self.format.typed else MARK) + column
        return literal(_KINDS[name]) + column if name in _KINDS else column

    def _number(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        return func.replace(cast(column, Text), ".", ",") if self.format.brazilian else column

    def _instant(self, column: ColumnElement[Any]) -> ColumnElement[Any]:
        """JSON has them in ISO 8601."""
        iso = func.to_json(column).op("#>>")(literal("{}"))
        local = self.format.brazilian or self.format.typed
        return literal(kinds.INSTANT) + iso if local else iso + literal(kinds.ZULU)

    def _rest(self) -> ColumnElement[Any]:
        """The attributes without a column. What a row moves there is added when it is read."""
        if not self.attributes.others:
            return cast(null(), Text)
        keys = cast(array([literal(key) for key in self.attributes.keys]), ARRAY(Text))
        return func.nullif(cast(LEADS.c.atributos.op("-")(keys), Text), "{}")


def _attribute(key: str) -> ColumnElement[Any]:
    """By the type of the value, not of its text: "1.5" is not 1.5."""
    value, as_text = LEADS.c.atributos.op("->")(key), LEADS.c.atributos.op("->>")(key)
    kind = case(
        (func.jsonb_typeof(value) == "string", kinds.ATTRIBUTE_TEXT),
        (func.jsonb_typeof(value) == "number", kinds.NUMBER),
        else_=kinds.OTHER,
    )
    return kind + as_text


_FIELDS = [name for name in FIELDS if name != OBJECT]
