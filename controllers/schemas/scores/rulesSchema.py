"""Rules as they are sent."""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, ConfigDict, Field, WithJsonSchema

from controllers.schemas.fields import WHOLE
from controllers.schemas.wire import Text, Wire, doc, field_error
from services.errors import NO_TEXT, Code, at_most
from services.leads import fields
from services.ruleService import (
    MAX_GROUPS,
    MAX_POINTS,
    MAX_RULES,
    MAX_VALUES,
    OPERATOR_NAMES,
    Bands,
    Group,
    Rule,
    RuleSet,
)

MAX_VERSION = 2**31 - 1
_MAX_TEXT = 200
_MIN_DAYS = 0.01
_MAX_DAYS = 3_650
_MAX_SUM = 1_000
_SCALAR: dict[str, Any] = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": _MAX_TEXT},
        {"type": "number"},
        {"type": "boolean"},
    ]
}
_VALUES = {"type": "array", "minItems": 1, "maxItems": MAX_VALUES, "items": _SCALAR}
_VALUE = {"anyOf": [*_SCALAR["anyOf"], _VALUES, {"type": "null"}]}
_NO_VALUE = (Code.TIPO_INVALIDO, "Deve ser um texto, um número, true ou false, ou uma lista deles.")


def _value(value: Any) -> Any:
    """One that a rule compares with, or several."""
    if isinstance(value, list):
        if not 0 < len(value) <= MAX_VALUES:
            raise field_error(Code.LONGO_DEMAIS, f"Use de 1 a {MAX_VALUES} valores.")
        return tuple(_scalar(each) for each in value)
    return None if value is None else _scalar(value)


def _scalar(value: Any) -> Any:
    if isinstance(value, (bool, int, float)):
        return value
    if not isinstance(value, str):
        raise field_error(*_NO_VALUE)
    return _text(value)


def _text(value: str) -> str:
    try:
        text = fields.TEXT.normalize(value)
    except ValueError as error:
        raise field_error(fields.TEXT.code, fields.TEXT.message) from error
    if len(text) > _MAX_TEXT:
        raise field_error(Code.LONGO_DEMAIS, at_most(_MAX_TEXT))
    if not text:
        raise field_error(*NO_TEXT)
    return text


def _not_zero(points: int) -> int:
    if points == 0:
        raise field_error(Code.VALOR_INVALIDO, "Uma regra soma ou tira pontos: não pode ser 0.")
    return points


def _whole(about: str, example: int, least: int, most: int) -> Any:
    return doc(about, example, strict=True, ge=least, le=most)


Campo = Annotated[str, Text(_MAX_TEXT, "O campo do lead que a regra olha.", "renda_mensal")]
Operador = Annotated[
    str,
    Text(20, "Como compara.", "minimo"),
    Field(json_schema_extra={"enum": list(OPERATOR_NAMES)}),
]
Valor = Annotated[
    Any,
    BeforeValidator(_value),
    WithJsonSchema(_VALUE | {"description": "Com o que compara.", "examples": ["3000.00"]}),
]
Pontos = Annotated[
    int,
    _whole("Quanto soma ou tira; não 0.", 5, -MAX_POINTS, MAX_POINTS),
    AfterValidator(_not_zero),
    WHOLE,
]
Motivo = Annotated[str, Text(120, "Por que, para pessoas.", "Renda mensal de R$ 3 mil ou mais")]
Grupo = Annotated[str, Text(40, "O grupo que limita a soma.", "renda")]
HalfLife = Annotated[
    float,
    doc("Em quantos dias os pontos caem à metade.", 30.0, strict=True, ge=_MIN_DAYS, le=_MAX_DAYS),
]
Limit = Annotated[int, _whole("O limite da soma.", 15, -_MAX_SUM, _MAX_SUM), WHOLE]
Base = Annotated[int, _whole("Ponto de partida de todo lead.", 30, 0, 100), WHOLE]
Threshold = Annotated[int, _whole("O menor score da faixa.", 65, 1, 100), WHOLE]


class RuleInput(Wire):
    """Uma regra."""

    campo: Campo
    operador: Operador
    valor: Valor = None
    pontos: Pontos
    motivo: Motivo
    grupo: Grupo | None = None
    meia_vida_dias: HalfLife | None = None


class GroupInput(Wire):
    """As regras de um grupo somam entre estes limites."""

    nome: Grupo
    minimo: Limit | None = None
    maximo: Limit | None = None


class BandsInput(Wire):
    """Onde começam as faixas."""

    quente: Threshold
    morno: Threshold
    frio: Annotated[int, _whole("Sempre 0.", 0, 0, 0), WHOLE] = 0


RULE = {
    "campo": "renda_mensal",
    "operador": "minimo",
    "valor": "3000.00",
    "pontos": 5,
    "motivo": "Renda mensal de R$ 3 mil ou mais",
    "grupo": "renda",
    "meia_vida_dias": None,
}
GROUP = {"nome": "renda", "minimo": None, "maximo": 15}
BANDS = {"quente": 65, "morno": 40, "frio": 0}
_DEFINITION: dict[str, Any] = {
    "base": 30,
    "grupos": [GROUP],
    "regras": [RULE],
    "faixas": BANDS,
}
Groups = Annotated[list[GroupInput], doc("Os grupos de regras.", [GROUP], max_length=MAX_GROUPS)]
Rules = Annotated[
    list[RuleInput],
    doc(f"As regras, até {MAX_RULES}.", [RULE], max_length=MAX_RULES),
]
BandsField = Annotated[BandsInput, doc("De que score em diante é cada faixa.", BANDS)]


class DefinitionInput(Wire):
    """Um conjunto de regras inteiro."""

    model_config = ConfigDict(json_schema_extra={"examples": [_DEFINITION]})

    base: Base
    grupos: Groups = []
    regras: Rules
    faixas: BandsField

    def rules(self) -> RuleSet:
        return RuleSet(self.base, **_parts(self))


class DraftInput(Wire):
    """O que o rascunho tem de seu; o resto é do que se parte."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"a_partir_de": "credito"}]})

    a_partir_de: Annotated[
        Annotated[int, Field(strict=True, ge=0, le=MAX_VERSION), WHOLE]
        | Annotated[str, Text(40, "Um conjunto pronto.", "credito")]
        | None,
        doc("De que parte: uma versão publicada ou um conjunto pronto.", "credito"),
    ] = None
    base: Base | None = None
    grupos: Groups | None = None
    regras: Rules | None = None
    faixas: BandsField | None = None

    def changes(self) -> dict[str, Any]:
        """The parts that are said."""
        base = {} if self.base is None else {"base": self.base}
        return base | _parts(self)


def _parts(said: DefinitionInput | DraftInput) -> dict[str, Any]:
    parts: dict[str, Any] = {}
    if said.grupos is not None:
        parts["grupos"] = tuple(Group(**each.model_dump()) for each in said.grupos)
    if said.regras is not None:
        parts["regras"] = tuple(Rule(**each.model_dump()) for each in said.regras)
    if said.faixas is not None:
        parts["faixas"] = Bands(said.faixas.quente, said.faixas.morno)
    return parts


class RollbackInput(Wire):
    """A versão que volta."""

    versao: Annotated[
        int, _whole("Uma versão que já foi publicada; 0, a de fábrica.", 3, 0, MAX_VERSION), WHOLE
    ]


class RulesQuery(Wire):
    versao: (
        Annotated[int, doc("Outra versão, já publicada.", 3, ge=0, le=MAX_VERSION), WHOLE] | None
    ) = None
