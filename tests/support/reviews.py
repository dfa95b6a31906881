"""Reviews and overrides, asked for as callers do."""

from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support.api import Api, Reply

WHY = "Já pagou a dívida que constava."


def until(**ahead: float) -> str:
    """An instant so far ahead, as it is sent and shown."""
    return (datetime.now(UTC) + timedelta(**ahead)).isoformat().replace("+00:00", "Z")


def ask(api: Api, lead_id: int, motivo: str = WHY, **how: Any) -> Reply:
    return api.post(f"/leads/{lead_id}/score/review", {"motivo": motivo}, **how)


def asked(api: Api, lead_id: int, motivo: str = WHY) -> dict[str, Any]:
    """The data of a review that was taken."""
    reply = ask(api, lead_id, motivo)
    assert reply.status == 201, reply.body
    return reply.data


def decide(api: Api, review_id: int, estado: str = "mantida", **more: Any) -> Reply:
    body = {"estado": estado, "resposta": "Conferido.", **more}
    return api.patch(f"/scores/reviews/{review_id}", body)


def listed(api: Api, **query: Any) -> list[int]:
    """The ids of one page."""
    reply = api.get("/scores/reviews", query_string=query)
    assert reply.status == 200, reply.body
    return [each["id"] for each in reply.data["itens"]]


def override(api: Api, lead_id: int, **said: Any) -> Reply:
    body = {"score": 80, "motivo": "Tem limite aprovado.", "ate": until(days=30), **said}
    return api.call("PUT", f"/leads/{lead_id}/score/override", json=body)


def put(api: Api, lead_id: int, **said: Any) -> dict[str, Any]:
    """The data of an override that was taken."""
    reply = override(api, lead_id, **said)
    assert reply.status == 200, reply.body
    return reply.data


def score_of(api: Api, lead_id: int) -> dict[str, Any]:
    reply = api.get(f"/leads/{lead_id}/score")
    assert reply.status == 200, reply.body
    return reply.data


def remove(api: Api, lead_id: int) -> Reply:
    return api.delete(f"/leads/{lead_id}/score/override")
