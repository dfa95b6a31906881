"""What is odd about a set of rules that may well be applied: told to who writes it, never refused.

All but two follow from the rules alone: NUNCA_VALE from the leads that there are, FORA_DO_MODELO
from what the equipe's model left out, too.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from services.rules.conditions import known
from services.rules.definition import Group, Rule, RuleSet
from services.rules.evaluating import Sight
from services.rules.weighing.reach import in_group, of_rules, of_score
from services.rules.weighing.values import can_hold, named


class Oddity(StrEnum):
    """`codigo`. CONTRADITORIA: holds of no value. INALCANCAVEL: a band, or points, that nothing can
    reach. DUPLICADA: says what another rule says. NUNCA_VALE: holds of none of the leads.
    FORA_DO_MODELO: counts in the score, and tells the probability nothing."""

    CONTRADITORIA = "CONTRADITORIA"
    INALCANCAVEL = "INALCANCAVEL"
    DUPLICADA = "DUPLICADA"
    NUNCA_VALE = "NUNCA_VALE"
    FORA_DO_MODELO = "FORA_DO_MODELO"


@dataclass(frozen=True, slots=True)
class Aviso:
    """`regras`: the places of the rules that it is about, counted from 0."""

    codigo: Oddity
    regras: tuple[int, ...]
    mensagem: str


@dataclass(frozen=True, slots=True)
class Held:
    """Of how many leads each rule holds. `newest`: only the newest so many were looked at."""

    leads: int
    counts: Sequence[int]
    newest: bool = False


def lint(
    rules: RuleSet,
    stages: Collection[str],
    held: Held | None = None,
    sight: Sight = Sight(),  # noqa: B008 - never changes
) -> list[Aviso]:
    """What is odd. `stages`: the keys of the equipe's stages; `sight`: of its model."""
    never = list(_never(rules, stages))
    told = {place for each in never for place in each.regras}
    found = [*never, *_bands(rules, stages), *_limits(rules, stages), *_doubles(rules)]
    found += _beyond_sight(rules, sight)
    return [*found, *(_unused(rules, held, told) if held is not None and held.leads else ())]


def _never(rules: RuleSet, stages: Collection[str]) -> Iterable[Aviso]:
    for place, rule in enumerate(rules.regras):
        if not can_hold(rule, known(rule), stages):
            why = _WHY.get(rule.campo)
            codigo = Oddity.INALCANCAVEL if why else Oddity.CONTRADITORIA
            yield Aviso(codigo, (place,), f"{_name(rule)} {why or _NO_VALUE}")


_NO_VALUE = "não vale para nenhum valor que este campo pode ter."
_WHY = {
    "etapa": "não vale em nenhuma etapa da equipe: compare com a chave da etapa.",
    "uf": "não vale em nenhuma UF: compare com a sigla, como SP.",
    "ultimo_resultado": "não vale com nenhum resultado que uma atividade pode ter.",
}


def _bands(rules: RuleSet, stages: Collection[str]) -> Iterable[Aviso]:
    least, most = of_score(rules, stages)
    faixas = rules.faixas
    if most < faixas.quente:
        missed = "quente" if most >= faixas.morno else "quente e a morno"
        yield _band(f"Nenhum lead pode chegar à faixa {missed}: o maior score possível é {most}.")
    if least >= faixas.morno:
        missed = "frio" if least < faixas.quente else "frio nem à morno"
        yield _band(f"Nenhum lead pode descer à faixa {missed}: o menor score possível é {least}.")


def _band(mensagem: str) -> Aviso:
    return Aviso(Oddity.INALCANCAVEL, (), mensagem)


def _limits(rules: RuleSet, stages: Collection[str]) -> Iterable[Aviso]:
    for group in rules.grupos:
        span = of_rules(in_group(rules, group.nome), stages)
        for place, rule in enumerate(rules.regras):
            if rule.grupo == group.nome and (why := _beyond(rule, group, *span)):
                yield Aviso(Oddity.INALCANCAVEL, (place,), f"{_name(rule)} {why}")


def _beyond(rule: Rule, group: Group, least: int, most: int) -> str | None:
    """Which points of a rule its group never lets count, whatever else holds: `least` and `most`
    are what its rules give together."""
    if rule.pontos > 0 and group.maximo is not None:
        room, limit = group.maximo - min(0, least), f"máximo, {group.maximo}"
    elif rule.pontos < 0 and group.minimo is not None:
        room, limit = max(0, most) - group.minimo, f"mínimo, {group.minimo}"
    else:
        return None
    if room <= 0:
        return f"nunca conta: o grupo {group.nome} já está no seu {limit}."
    if abs(rule.pontos) > room:
        return f"nunca conta por inteiro: passa do {limit}, do grupo {group.nome}."
    return None


def _doubles(rules: RuleSet) -> Iterable[Aviso]:
    places: dict[object, list[int]] = {}
    for place, rule in enumerate(rules.regras):
        values = frozenset(named(known(rule), rule))
        places.setdefault((rule.campo, rule.operador, values), []).append(place)
    for same in places.values():
        if len(same) > 1:
            first = _name(rules.regras[same[0]])
            yield Aviso(
                Oddity.DUPLICADA,
                tuple(same),
                f"{first} aparece {len(same)} vezes com a mesma condição: os pontos se somam.",
            )


def _beyond_sight(rules: RuleSet, sight: Sight) -> Iterable[Aviso]:
    for place, rule in enumerate(rules.regras):
        if why := sight.refusal(rule.campo):
            told = f"{_name(rule)} vale no score, mas não entra na probabilidade: {why}"
            yield Aviso(Oddity.FORA_DO_MODELO, (place,), told)


def _unused(rules: RuleSet, held: Held, told: Collection[int]) -> Iterable[Aviso]:
    among = f"dos {held.leads} leads mais novos" if held.newest else f"dos {held.leads} leads"
    if held.leads == 1:
        among = "do único lead"
    for place, (rule, count) in enumerate(zip(rules.regras, held.counts, strict=True)):
        if not count and place not in told:
            yield Aviso(
                Oddity.NUNCA_VALE,
                (place,),
                f"{_name(rule)} não vale para nenhum {among} da equipe.",
            )


def _name(rule: Rule) -> str:
    return f"A regra “{rule.motivo}” ({rule.campo})"
