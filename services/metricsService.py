"""The dashboard's figures, counted from the leads that the caller sees.

Every figure is defined once, here:
- abertos, ganhos, perdidos: live leads by the kind of their stage; total is their sum.
- conversao: ganhos / (ganhos + perdidos), null while nothing has closed.
- valor_aberto: sum of `valor` over open leads. valor_ponderado: sum of valor × probabilidade over
  the open leads that have a probability; null while none has.
- por_*: live leads by that field, with the sum of their `valor`; null is a value like another. Of
  origem and produto the 50 largest groups are named; por_origem_outros and por_produto_outros have
  the rest together and how many groups (`grupos`) they are, null where there is no rest.
- serie: the last 30 days of the team's calendar, today last: leads created, won and lost that
  day, and the `valor` won. hoje, dias_7 and dias_30 add up its last 1, 7 and 30 days.
"""

from collections.abc import Iterable
from typing import Any

from services.metrics.figures import NO_LEADS, Counts, Movement, count, people, stage_keys
from services.principal import Principal
from utils.clock import local_day, now
from utils.money import to_money


def dashboard(caller: Principal) -> dict[str, Any]:
    """All the figures. Money is text with two decimals."""
    instant = now()
    counted = count(caller, local_day(instant, caller.fuso))
    groups, others = counted.groups, counted.others
    movements = [movement for _, movement in counted.days]
    return {
        "gerado_em": instant,
        **_totals(groups[""][0]),
        "por_etapa": _per_stage(caller, groups["etapa"]),
        "por_responsavel": _per_owner(caller, groups["responsavel_id"]),
        "por_origem": [_group("origem", counts) for counts in groups["origem"]],
        "por_origem_outros": _others(others["origem"]),
        "por_produto": [_group("produto", counts) for counts in groups["produto"]],
        "por_produto_outros": _others(others["produto"]),
        "por_faixa": [_group("faixa", counts) for counts in groups["faixa"]],
        "hoje": _movement(_sum(movements[-1:])),
        "dias_7": _movement(_sum(movements[-7:])),
        "dias_30": _movement(_sum(movements)),
        "serie": [{"dia": day, **_movement(movement)} for day, movement in counted.days],
    }


def _totals(counts: Counts) -> dict[str, Any]:
    return {
        "total": counts.quantidade,
        "abertos": counts.quantidade - counts.ganhos - counts.perdidos,
        "ganhos": counts.ganhos,
        "perdidos": counts.perdidos,
        "conversao": _rate(counts),
        "valor_aberto": to_money(counts.valor_aberto),
        "valor_ponderado": None
        if counts.valor_ponderado is None
        else to_money(counts.valor_ponderado),
    }


def _group(name: str, counts: Counts) -> dict[str, Any]:
    return {name: counts.key, **_outcome(counts)}


def _others(counts: Counts | None) -> dict[str, Any] | None:
    """What the groups that are not named come to, None where all are."""
    return counts and {"grupos": counts.grupos, **_outcome(counts)}


def _outcome(counts: Counts) -> dict[str, Any]:
    return {
        "quantidade": counts.quantidade,
        "valor": to_money(counts.valor),
        "ganhos": counts.ganhos,
        "perdidos": counts.perdidos,
        "conversao": _rate(counts),
    }


def _per_stage(caller: Principal, groups: Iterable[Counts]) -> list[dict[str, Any]]:
    """Every stage of the funnel in its order, the empty ones too."""
    found = {counts.key: counts for counts in groups}
    stages = [found.get(chave, Counts(1, chave, *NO_LEADS)) for chave in stage_keys(caller)]
    return [
        {"etapa": counts.key, "quantidade": counts.quantidade, "valor": to_money(counts.valor)}
        for counts in stages
    ]


def _per_owner(caller: Principal, groups: Iterable[Counts]) -> list[dict[str, Any]]:
    names = people(caller)
    owners = []
    for counts in groups:
        owner = int(counts.key) if counts.key else None
        group = _group("responsavel_id", counts)
        owners.append(group | {"responsavel_id": owner, "nome": names.get(owner)})
    return owners


def _sum(movements: Iterable[Movement]) -> Movement:
    return Movement(*(sum(column) for column in zip(*movements, strict=True)))


def _movement(movement: Movement) -> dict[str, Any]:
    return movement._asdict() | {"valor_ganho": to_money(movement.valor_ganho)}


def _rate(counts: Counts) -> float | None:
    closed = counts.ganhos + counts.perdidos
    return counts.ganhos / closed if closed else None
