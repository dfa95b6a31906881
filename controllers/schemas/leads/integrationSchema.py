"""What other systems write, on the wire."""

import re
from typing import Annotated, Any, Literal

from pydantic import ConfigDict, model_validator

from controllers.schemas.fields import Flag
from controllers.schemas.leads.leadExamples import SAME_LEAD
from controllers.schemas.leads.leadFields import Closing, Creation, Name, Stage
from controllers.schemas.leads.leadSchema import LeadFields
from controllers.schemas.wire import Wire, doc

_NO_TEXTS = frozenset({"responsavel_id", "etiquetas", "contatos", "atributos"})
_BLANK = re.compile(r"[ \t\r\n]*")
BLANK_TEXT = {"type": "string", "pattern": f"^{_BLANK.pattern}$"}


class UpsertQuery(Wire):
    chave: Annotated[
        Literal["documento", "email", "telefone", "id_externo"],
        doc("O campo pelo qual se reconhece o lead; ele tem de estar no corpo.", "id_externo"),
    ]
    reabrir: Annotated[Flag, doc("1 deixa abrir de novo um lead fechado.", "0")] = "0"


def _published(schema: dict[str, Any]) -> None:
    """A text may be blank."""
    schema["examples"] = [SAME_LEAD]
    for name, field in schema["properties"].items():
        if name not in _NO_TEXTS:
            field["anyOf"].append(BLANK_TEXT)


class LeadUpsert(LeadFields):
    """Um lead como outro sistema o conhece; o que é nulo, vazio ou em branco não diz nada."""

    model_config = ConfigDict(json_schema_extra=_published)

    nome: Name | None = None
    etapa: Stage | None = None
    fechado_em: Closing | None = None
    criado_em: Creation | None = None

    @model_validator(mode="before")
    @classmethod
    def _unsaid(cls, body: Any) -> Any:
        """Systems send the fields that are empty with them as blanks."""
        if not isinstance(body, dict):
            return body
        return {
            name: None if name not in _NO_TEXTS and _is_blank(value) else value
            for name, value in body.items()
        }

    def said(self) -> dict[str, Any]:
        """What says something."""
        return {name: value for name, value in self.sent().items() if value not in (None, [], {})}


def _is_blank(value: Any) -> bool:
    return isinstance(value, str) and _BLANK.fullmatch(value) is not None
