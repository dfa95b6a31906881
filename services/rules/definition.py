"""What a set of rules says: points for what holds of a lead, each with its reason.

The points of the rules that hold are added to the base; those of a group are kept within its
limits, and the sum within 0 and 100. Steps are cumulative, so that each reason can be read by
itself. A set that was published never changes: another version follows it.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

MAX_RULES, MAX_GROUPS = 200, 20
MAX_POINTS = 100  # of one rule, up or down
MAX_VALUES = 100  # of one rule that compares with several
LOWEST, HIGHEST = 0, 100  # of a score

Scalar = str | int | float | bool
# None: the operator compares with nothing.
Value = Scalar | tuple[Scalar, ...] | None


@dataclass(frozen=True, slots=True)
class Rule:
    """`campo` is a name of services/rules/fields, `operador` one of services/rules/conditions;
    `valor` is what it compares with. The points halve every `meia_vida_dias`."""

    campo: str
    operador: str
    valor: Value
    pontos: int
    motivo: str
    grupo: str | None = None
    meia_vida_dias: float | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """The points of its rules together are kept within these limits."""

    nome: str
    minimo: int | None = None
    maximo: int | None = None


@dataclass(frozen=True, slots=True)
class Bands:
    """The least score of the two upper bands; `frio` takes the rest."""

    quente: int
    morno: int


@dataclass(frozen=True, slots=True)
class RuleSet:
    base: int
    regras: tuple[Rule, ...]
    faixas: Bands
    grupos: tuple[Group, ...] = ()

    @property
    def fades(self) -> bool:
        """Whether a score changes by the passing of time alone; the fields say more."""
        return any(rule.meia_vida_dias for rule in self.regras)


def to_json(rules: RuleSet) -> dict[str, Any]:
    """As it is kept, and as it stands on the wire."""
    return {**asdict(rules), "faixas": {**asdict(rules.faixas), "frio": LOWEST}}


def from_json(kept: Mapping[str, Any]) -> RuleSet:
    """What to_json() gave."""
    bands = kept["faixas"]
    return RuleSet(
        base=kept["base"],
        regras=tuple(_rule(each) for each in kept["regras"]),
        faixas=Bands(bands["quente"], bands["morno"]),
        grupos=tuple(Group(**each) for each in kept["grupos"]),
    )


def _rule(kept: Mapping[str, Any]) -> Rule:
    valor = kept["valor"]
    return Rule(**{**kept, "valor": tuple(valor) if isinstance(valor, list) else valor})
