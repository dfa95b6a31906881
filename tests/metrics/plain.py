"""The figures counted plainly in Python, from the rows of leads: what every reply is held against.

It shares no code with the product: zones by zoneinfo, sums by Decimal, buckets by its own rule.
"""

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Engine

from tests.support.leads import rows

_LEADS = """
select l.id, l.etapa, e.tipo, p.faixa, l.responsavel_id, l.origem_chave, l.produto_chave,
  coalesce(l.valor_centavos, 0), p.probabilidade::numeric, l.criado_em, l.fechado_em,
  l.previsto_para, l.primeira_resposta_em, l.proximo_contato_em
from leads l
join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa
left join lead_pontuacao p on p.equipe_id = l.equipe_id and p.lead_id = l.id
where l.equipe_id = :e and l.excluido_em is null
"""
_STAYS = """
select s.lead_id, s.etapa, e.tipo, s.entrou_em, s.saiu_em, s.primeira from permanencias s
join etapas e on e.equipe_id = s.equipe_id and e.chave = s.etapa
where s.equipe_id = :e order by s.lead_id, s.n
"""


@dataclass(frozen=True)
class PlainLead:
    id: int
    etapa: str
    tipo: str
    faixa: str | None
    responsavel_id: int | None
    origem: str | None
    produto: str | None
    valor: int
    p: Decimal | None
    criado_em: datetime
    fechado_em: datetime | None
    previsto_para: date | None
    respondido_em: datetime | None
    proximo_contato_em: datetime | None


@dataclass(frozen=True)
class PlainStay:
    lead: PlainLead
    etapa: str
    tipo: str
    entrou_em: datetime
    saiu_em: datetime | None
    primeira: bool


def money(cents: Decimal | int) -> str:
    return f"{Decimal(cents).quantize(Decimal(1), ROUND_HALF_UP) / 100:.2f}"


def rate(won: int, lost: int) -> float | None:
    return won / (won + lost) if won + lost else None


class Plain:
    """The leads of a tenant at one moment, or those of them that filters leave."""

    def __init__(self, sql: Engine, equipe_id: int, zone: str, now: datetime, **only: Any) -> None:
        self.zone, self.now = ZoneInfo(zone), now
        everybody = [PlainLead(*row) for row in rows(sql, _LEADS, e=equipe_id)]
        self.leads = [
            lead
            for lead in everybody
            if all(getattr(lead, name) == value for name, value in only.items())
        ]
        known = {lead.id: lead for lead in self.leads}
        self.stays = [
            PlainStay(known[row[0]], *row[1:])
            for row in rows(sql, _STAYS, e=equipe_id)
            if row[0] in known
        ]

    def day(self, moment: datetime) -> date:
        return moment.astimezone(self.zone).date()

    @property
    def today(self) -> date:
        return self.day(self.now)

    def open(self) -> list[PlainLead]:
        return [lead for lead in self.leads if lead.tipo == "aberta"]

    def closed(self, tipo: str, de: date | None = None, ate: date | None = None) -> list[PlainLead]:
        found = [lead for lead in self.leads if lead.tipo == tipo and lead.fechado_em]
        if de is None or ate is None:
            return found
        return [lead for lead in found if de <= self.day(lead.fechado_em or self.now) <= ate]

    # ------------------------------------------------------------------ /metrics

    def outcome(self, leads: list[PlainLead]) -> dict[str, Any]:
        won = [lead for lead in leads if lead.tipo == "ganha"]
        lost = [lead for lead in leads if lead.tipo == "perdida"]
        return {
            "quantidade": len(leads),
            "valor": money(sum(lead.valor for lead in leads)),
            "ganhos": len(won),
            "perdidos": len(lost),
            "conversao": rate(len(won), len(lost)),
            "valor_ganho": money(sum(lead.valor for lead in won)),
        }

    def totals(self) -> dict[str, Any]:
        told = self.outcome(self.leads)
        weighed = [lead for lead in self.open() if lead.p is not None]
        expected = sum((lead.valor * (lead.p or 0) for lead in weighed), Decimal(0))
        due = [
            lead
            for lead in self.open()
            if lead.proximo_contato_em and lead.proximo_contato_em < self.now
        ]
        return {
            "total": len(self.leads),
            "abertos": len(self.open()),
            "ganhos": told["ganhos"],
            "perdidos": told["perdidos"],
            "conversao": told["conversao"],
            "valor_ganho": told["valor_ganho"],
            "valor_aberto": money(sum(lead.valor for lead in self.open())),
            "valor_ponderado": money(expected) if weighed else None,
            "promessas_vencidas": len(due),
        }

    def groups(self, field: str) -> dict[Any, dict[str, Any]]:
        found: dict[Any, list[PlainLead]] = defaultdict(list)
        for lead in self.leads:
            found[getattr(lead, field)].append(lead)
        return {key: self.outcome(leads) for key, leads in found.items()}

    def stages(self) -> dict[str, tuple[int, str]]:
        found: dict[str, list[PlainLead]] = defaultdict(list)
        for lead in self.leads:
            found[lead.etapa].append(lead)
        return {
            etapa: (len(leads), money(sum(lead.valor for lead in leads)))
            for etapa, leads in found.items()
        }

    def movement(self, de: date, ate: date) -> dict[str, Any]:
        won = self.closed("ganha", de, ate)
        return {
            "novos": sum(de <= self.day(lead.criado_em) <= ate for lead in self.leads),
            "ganhos": len(won),
            "perdidos": len(self.closed("perdida", de, ate)),
            "valor_ganho": money(sum(lead.valor for lead in won)),
        }

    def compared(self, de: date, ate: date) -> dict[str, Any]:
        length = ate - de + timedelta(days=1)
        return self.movement(de, ate) | {"anterior": self.movement(de - length, ate - length)}

    def won_by(self, de: date, ate: date) -> dict[int | None, tuple[int, str]]:
        found: dict[int | None, list[int]] = defaultdict(list)
        for lead in self.closed("ganha", de, ate):
            found[lead.responsavel_id].append(lead.valor)
        return {owner: (len(values), money(sum(values))) for owner, values in found.items()}

    def until_won(self, de: date, ate: date) -> dict[str, Any]:
        first, last = _months(de, ate)
        return told(
            [
                _elapsed(lead.criado_em, lead.fechado_em)
                for lead in self.closed("ganha")
                if lead.fechado_em and first <= _month(self.day(lead.fechado_em)) <= last
            ]
        )

    def first_response(self, de: date, ate: date) -> dict[str, Any]:
        first, last = _months(de, ate)
        return told(
            [
                _elapsed(lead.criado_em, lead.respondido_em)
                for lead in self.leads
                if lead.respondido_em and first <= _month(self.day(lead.respondido_em)) <= last
            ]
        )

    # ------------------------------------------------------------------ the other views

    def funnel(self, de: date, ate: date) -> dict[str, tuple[int, int, int]]:
        """By stage: entered, won of these, lost on leaving it."""
        entered, won, lost = Counter[str](), Counter[str](), Counter[str]()
        for stay in self.stays:
            lead = stay.lead
            if not de <= self.day(lead.criado_em) <= ate:
                continue
            if stay.primeira:
                entered[stay.etapa] += 1
                won[stay.etapa] += lead.tipo == "ganha"
        # From one stage of lost leads they may go on to the next.
        lost_from = {
            stay.lead: stay.etapa
            for stay in self.stays
            if stay.lead.tipo == "perdida" and stay.tipo != "perdida"
        }
        lost.update(
            etapa for lead, etapa in lost_from.items() if de <= self.day(lead.criado_em) <= ate
        )
        return {etapa: (n, won[etapa], lost[etapa]) for etapa, n in entered.items()} | {
            etapa: (entered[etapa], won[etapa], n) for etapa, n in lost.items() if n
        }

    def cohorts(self) -> dict[str, tuple[int, dict[int, int]]]:
        """By month of creation: how many came, and how many were won how many months later."""
        new, won = Counter[int](), defaultdict[int, Counter[int]](Counter)
        for lead in self.leads:
            month = _month(self.day(lead.criado_em))
            new[month] += 1
            if lead.tipo == "ganha" and lead.fechado_em:
                won[month][max(_month(self.day(lead.fechado_em)) - month, 0)] += 1
        return {_text(month): (n, dict(won[month])) for month, n in new.items()}

    def forecast(self) -> dict[str | None, tuple[int, str | None, str | None]]:
        found: dict[str | None, list[PlainLead]] = defaultdict(list)
        for lead in self.open():
            month = lead.previsto_para and _text(_month(lead.previsto_para))
            found[month].append(lead)
        return {month: _expected(leads) for month, leads in found.items()}

    def time_in_stage(self, de: date, ate: date) -> dict[str, dict[str, Any]]:
        first, last = _months(de, ate)
        found: dict[str, list[int]] = defaultdict(list)
        for stay in self.stays:
            if stay.saiu_em and first <= _month(self.day(stay.saiu_em)) <= last:
                found[stay.etapa].append(_elapsed(stay.entrou_em, stay.saiu_em))
        return {etapa: told(durations) for etapa, durations in found.items()}


def _expected(leads: list[PlainLead]) -> tuple[int, str | None, str | None]:
    weighed = [(Decimal(lead.valor), lead.p) for lead in leads if lead.p is not None]
    if not weighed:
        return len(leads), None, None
    total = sum((v * p for v, p in weighed), Decimal(0))
    variance = sum((v * v * p * (1 - p) for v, p in weighed), Decimal(0))
    return len(leads), money(total), money(variance.sqrt())


def _elapsed(begin: datetime, end: datetime | None) -> int:
    assert end is not None
    return max((end - begin) // timedelta(microseconds=1), 0)


def told(durations: list[int]) -> dict[str, Any]:
    """How many, their median and the one that nine of ten do not exceed: the middle of its
    bucket, in seconds. Microseconds come in."""
    ordered = sorted(durations)

    def within(tenths: int) -> float | None:
        return middle(ordered[math.ceil(len(ordered) * tenths / 10) - 1]) if ordered else None

    return {"n": len(ordered), "mediana": within(5), "p90": within(9)}


def middle(duration: int) -> float:
    low, high = 0, 1_000_000
    while duration >= high:
        low, high = high, high * 11 // 10
    return (low + high) / 2 / 1_000_000


def _month(day: date) -> int:
    return day.year * 12 + day.month - 1


def _months(de: date, ate: date) -> tuple[int, int]:
    return _month(de), _month(ate)


def _text(month: int) -> str:
    return f"{month // 12}-{month % 12 + 1:02}"


def utc_now() -> datetime:
    return datetime.now(UTC)
