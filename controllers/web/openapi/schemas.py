"""Components of the document: pydantic's schemas, said so that generators of clients read them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Literal

from pydantic import BaseModel
from pydantic.json_schema import GenerateJsonSchema, models_json_schema
from pydantic_core import core_schema

from models.activity import ActivityKind, Result
from models.event import EventKind
from models.imports.line import LineResult
from models.imports.run import RunState
from models.job import JobState
from models.scoring.review import ReviewState
from models.types import Role
from services.errors import Code
from services.ruleService import Oddity
from services.undoService import WhyKept

Mode = Literal["validation", "serialization"]
Model = type[BaseModel]
Schema = dict[str, Any]

REF = "#/components/schemas/"
NULL = {"type": "null"}
_SAID = ("description", "examples")
_CODES = "Todo `codigo` de uma resposta ou de um campo. A lista só cresce.\n\n"
_ENUMS: Mapping[type[Enum], str] = {
    Role: "Papel de uma pessoa ou de uma chave na equipe.",
    JobState: "Em que pé está um trabalho; os três últimos são finais.",
    RunState: "Em que pé está uma importação; o que já foi gravado fica, também se falha.",
    LineResult: "No que uma linha deu.",
    WhyKept: "Por que um lead ficou quando a importação se desfez: `excluido`, `alterado`, "
    "`atividade`, `fila` (pulado ou devolvido), `score` (revisão ou ajuste), `reservado`: o que "
    "aconteceu com ele desde então; `sem_valores`: os de antes já não existem; `etapa`, "
    "`responsavel`: a de antes foi arquivada, o de antes saiu; `duplicado`: outro lead tem agora o "
    "e-mail ou o telefone de antes.",
    ReviewState: "Em que pé está uma revisão: por decidir, ou o score fica, ou estava errado.",
    ActivityKind: "O que uma atividade é; uma nota e uma tarefa não são um contato.",
    Result: "No que um contato deu.",
    EventKind: "O que aconteceu. A lista só cresce.",
    Oddity: "O que há de estranho num conjunto de regras. A lista só cresce.",
    Code: _CODES + "\n".join(f"- `{code}`: {code.about}" for code in Code),
}


class _Portable(GenerateJsonSchema):
    """Pydantic's JSON Schema without what generators misread.

    No default, which makes a field of a request look required; no title, which renames classes; a
    field that may be null says what it is, not only one branch of it.
    """

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> Schema:
        return self.generate_inner(schema["schema"])

    def field_title_should_be_set(self, _: Any) -> bool:
        return False

    def decimal_schema(self, schema: core_schema.DecimalSchema) -> Schema:
        places = schema["decimal_places"]
        amount = rf"[0-9]{{1,{schema['max_digits'] - places}}}"
        text = {"type": "string", "pattern": rf"^{amount}(\.[0-9]{{1,{places}}})?$"}
        return {"anyOf": [text, {"type": "number", "minimum": 0}]}

    def nullable_schema(self, schema: core_schema.NullableSchema) -> Schema:
        inner = self.generate_inner(schema["schema"])
        said: Schema = {name: inner.pop(name) for name in _SAID if name in inner}
        branches = inner["anyOf"] if set(inner) == {"anyOf"} else [inner]
        return {"anyOf": [*branches, NULL]} | said

    def enum_schema(self, schema: core_schema.EnumSchema) -> Schema:
        found = super().enum_schema(schema) | {"description": _ENUMS[schema["cls"]]}
        if schema["cls"] is Code:
            found["x-enumDescriptions"] = {code.value: code.about for code in Code}
        return found


@dataclass(frozen=True, slots=True)
class Schemas:
    """Every model's schema by its name in the document."""

    names: Mapping[tuple[Model, Mode], str]
    definitions: Mapping[str, Schema]

    @classmethod
    def of(cls, wanted: Iterable[tuple[Model, Mode]]) -> "Schemas":
        """All models at once, so that an input and an output never get the same name."""
        pairs = list(dict.fromkeys(wanted))
        found, document = models_json_schema(
            pairs, ref_template=REF + "{model}", schema_generator=_Portable
        )
        names: Any = {pair: schema["$ref"].removeprefix(REF) for pair, schema in found.items()}
        definitions = document["$defs"]
        for schema in definitions.values():
            schema.pop("title", None)
        return cls(names, definitions)

    def name(self, model: Model, mode: Mode) -> str:
        return self.names[model, mode]

    def ref(self, model: Model, mode: Mode) -> Schema:
        return {"$ref": REF + self.names[model, mode]}

    def schema(self, model: Model, mode: Mode) -> Schema:
        return self.definitions[self.names[model, mode]]

    def example(self, model: Model, mode: Mode) -> Any:
        """The model's own example, or one put together from those of its fields. What a reply may
        leave out is left out."""
        return self._example(self.ref(model, mode), whole=mode == "validation")

    def _example(self, schema: Schema, *, whole: bool) -> Any:
        if "examples" in schema:
            return schema["examples"][0]
        if "$ref" in schema:
            named = self.definitions[schema["$ref"].removeprefix(REF)]
            return self._example(named, whole=whole)
        if "anyOf" in schema:  # of an object that may be null, the object
            return self._example(schema["anyOf"][0], whole=whole)
        if schema["type"] == "array":
            return [self._example(schema["items"], whole=whole)]
        fields: Schema = schema["properties"]
        shown = fields if whole else schema["required"]
        return {name: self._example(fields[name], whole=whole) for name in shown}
