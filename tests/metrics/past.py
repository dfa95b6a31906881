"""Leads of the past, as a file and then moves tell them, and the moment that figures are of."""

from datetime import UTC, datetime
from typing import Any

import pytest

from services.metrics.reading import telling
from tests.support.api import Api
from tests.support.leads import all_leads, imported


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """What figures take for now."""
    monkeypatch.setattr(telling, "now", lambda: datetime.fromisoformat(moment).astimezone(UTC))


def past(api: Api, criado_em: str, *moves: tuple[str, str], **fields: Any) -> int:
    """A lead that was created then, and moved since: (etapa, moment). Its id."""
    row = {"nome": "Lead Exemplo", "criado_em": criado_em, **fields}
    header, line = (",".join(map(str, each)) for each in (row, row.values()))
    assert imported(api, f"{header}\n{line}\n")["criados"] == 1
    lead = max(each["id"] for each in all_leads(api))
    for etapa, moment in moves:
        move(api, lead, etapa, moment)
    return int(lead)


def move(api: Api, lead: int, etapa: str, moment: str) -> None:
    reason = {"motivo_perda": "preço"} if etapa == "perdido" else {}
    body = {"etapa": etapa, "etapa_desde": moment, **reason}
    reply = api.post(f"/leads/{lead}/move", body)
    assert reply.status == 200, reply.body
