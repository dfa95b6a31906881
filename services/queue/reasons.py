"""Why a lead is called next, in words: its promise or its place, and what speaks for it."""

from datetime import datetime
from typing import NamedTuple

from models.derived.lead_score import SCORES
from models.derived.queue_entry import NO_OWNER, QUEUE
from services.principal import Principal
from services.scores.current import rules_of
from utils.clock import in_zone, local_day

PLACE = (
    QUEUE.c.dono,
    QUEUE.c.retorno_em,
    QUEUE.c.tentativas,
    SCORES.c.score,
    SCORES.c.faixa,
    SCORES.c.pontos,
    SCORES.c.versao,
)


class Place(NamedTuple):
    """What a lead's reasons follow from: PLACE, of its row of the queue and its score."""

    dono: int
    retorno_em: datetime | None
    tentativas: int
    score: int
    faixa: str
    pontos: list[int]
    versao: int


def reasons(caller: Principal, place: Place, moment: datetime) -> list[str]:
    """Why this lead, at this moment, for the caller; the most pressing reason first."""
    return [_why(caller, place, moment), *_raised(caller, place)]


def _raised(caller: Principal, place: Place) -> list[str]:
    """The reasons that raised its score, by the rules that it was scored by."""
    rules = rules_of(caller.equipe_id, place.versao).regras
    return [rule.motivo for rule, each in zip(rules, place.pontos, strict=False) if each > 0]


def _why(caller: Principal, place: Place, moment: datetime) -> str:
    if place.retorno_em is not None:
        return _promise(caller, place.dono, place.retorno_em, moment)
    if place.tentativas:
        times = "1 vez" if place.tentativas == 1 else f"{place.tentativas} vezes seguidas"
        return f"Ninguém atendeu {times}: é hora de tentar de novo"
    if place.dono == NO_OWNER:
        return "Lead novo sem responsável"
    return "Lead seu à espera de contato" if place.dono == caller.usuario_id else "Lead da equipe"


def _promise(caller: Principal, dono: int, promised: datetime, moment: datetime) -> str:
    local = in_zone(promised, caller.fuso)
    today = local.date() == local_day(moment, caller.fuso)
    others = dono not in (NO_OWNER, caller.usuario_id)
    if today and not (others and promised <= moment):
        return f"Retorno combinado para {local:%H:%M}"
    when = f"hoje às {local:%H:%M}" if today else f"{local:%d/%m/%Y às %H:%M}"
    if promised > moment:
        return f"Retorno combinado para {when}"
    if others:
        return f"Retorno que outra pessoa deixou para trás desde {when}"
    return f"Retorno que ficou para trás desde {when}"
