"""The stays of leads in their stages: as the table has them, and as the history tells them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from tests.support.leads import rows

# Leads of an import that was undone: only the history has them. Parameter: e.
GONE = (
    "select lead_id from eventos where equipe_id = :e and tipo = 'lead_excluido' "
    "and importacao_id is not null"
)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Stay:
    etapa: str
    entrou_em: datetime
    saiu_em: datetime | None
    primeira: bool
    informada: bool
    perdida: bool = False


def kept(sql: Engine, equipe_id: int) -> dict[int, list[Stay]]:
    """The stays of an equipe's leads in their order, which has no gap."""
    found: dict[int, list[Stay]] = {}
    for lead_id, n, *stay in rows(
        sql,
        "select lead_id, n, etapa, entrou_em, saiu_em, primeira, informada, perdida "
        "from permanencias "
        "where equipe_id = :e order by lead_id, n",
        e=equipe_id,
    ):
        stays = found.setdefault(lead_id, [])
        stays.append(Stay(*stay))
        assert n == len(stays), (lead_id, n)
    return found


def recomputed(sql: Engine, equipe_id: int) -> dict[int, list[Stay]]:
    """The same from `eventos` alone."""
    events: dict[int, list[Any]] = {}
    for lead_id, *event in rows(
        sql,
        "select lead_id, para_etapa, criado_em, dados, tipo = 'lead_desfeito' from eventos "
        f"where equipe_id = :e and para_etapa is not null and lead_id not in ({GONE}) "
        "order by lead_id, id",
        e=equipe_id,
    ):
        events.setdefault(lead_id, []).append(event)
    lost = {
        etapa
        for (etapa,) in rows(
            sql, "select chave from etapas where equipe_id = :e and tipo = 'perdida'", e=equipe_id
        )
    }
    return {lead_id: _marked(_told(told), lost) for lead_id, told in events.items()}


def of(sql: Engine, equipe_id: int, lead_id: int) -> list[Stay]:
    """The stays of a lead, once they are what the history of all leads tells."""
    stays = kept(sql, equipe_id)
    assert stays == recomputed(sql, equipe_id)
    return stays[lead_id]


def _marked(stays: list[Stay], lost: set[str]) -> list[Stay]:
    """Of a lost lead, the last stay that was not in a stage of lost leads is marked."""
    if stays[-1].etapa in lost:
        for n in [n for n, stay in enumerate(stays) if stay.etapa not in lost][-1:]:
            stays[n] = replace(stays[n], perdida=True)
    return stays


def _told(events: Iterable[Any]) -> list[Stay]:
    """An event that names the stage a lead is in corrects since when, any other begins a stay, and
    none begins before the one that it ends. A move that is undone was none."""
    stays: list[Stay] = []
    for etapa, recorded, dados, undone in events:
        if undone:
            stays[-2:] = [replace(stays[-2], saiu_em=None)]
            continue
        desde = (dados or {}).get("desde")
        since = _EPOCH + timedelta(microseconds=desde or 0)
        if desde is None:
            since = max([recorded, *(stay.entrou_em for stay in stays[-1:])])
        told = {"entrou_em": since, "informada": desde is not None}
        if stays and stays[-1].etapa == etapa:
            stays[-1] = replace(stays[-1], **told)
        else:
            first = all(stay.etapa != etapa for stay in stays)
            stays.append(Stay(etapa, saiu_em=None, primeira=first, **told))
        if len(stays) > 1:
            stays[-2] = replace(stays[-2], saiu_em=since)
    return stays
