"""Goals as the tests set and read them."""

from typing import Any

from tests.metrics.past import past
from tests.support.api import Api, Member, Reply


def put(member: Member, month: str, *goals: dict[str, Any], **headers: str) -> Reply:
    body = {"metas": list(goals)}
    return member.api.call("PUT", f"/goals/{month}", json=body, headers=headers)


def kept(member: Member, month: str, *goals: dict[str, Any]) -> None:
    reply = put(member, month, *goals)
    assert reply.status == 200, reply.body


def told(member: Member, month: str) -> dict[str, Any]:
    reply = member.api.get(f"/goals/{month}")
    assert reply.status == 200, reply.body
    data: dict[str, Any] = reply.data
    return data


def won(api: Api, moment: str, valor: str, **fields: Any) -> None:
    """A lead that was won at this moment."""
    past(api, moment, etapa="ganho", fechado_em=moment, valor=valor, **fields)


def reached(data: dict[str, Any]) -> dict[tuple[int | None, str | None], tuple[str, int]]:
    return {
        (goal["responsavel_id"], goal["produto"]): (
            goal["realizado"]["valor"],
            goal["realizado"]["ganhos"],
        )
        for goal in data["metas"]
    }
