"""The queue for the tests: claims through the API, its rows through SQL."""

from typing import Any

from sqlalchemy import Engine

from tests.support.api import Api, Team
from tests.support.leads import rows, run

_ATTEMPT = (
    "insert into atividades (equipe_id, lead_id, usuario_id, tipo, resultado, concluida_em) "
    "select equipe_id, id, :u, 'ligacao', :r, now() - :ago * interval '1 hour' from leads "
    "where id = :id"
)


def claim(api: Api, **body: Any) -> dict[str, Any]:
    """The data of a claim."""
    reply = api.post("/queue/next", body)
    assert reply.status == 200, reply.body
    return reply.data


def claimed(api: Api, **body: Any) -> int:
    """The id of the lead that a claim gives."""
    found = claim(api, **body)
    assert found["situacao"] == "lead", found
    return found["lead"]["id"]


def release(api: Api, lead_id: int) -> None:
    assert api.post(f"/leads/{lead_id}/release").status == 200


def drained(api: Api) -> list[int]:
    """All leads that one person is given, each skipped for the next."""
    found = []
    while (given := claim(api))["situacao"] == "lead":
        found.append(given["lead"]["id"])
        assert api.post("/queue/skip", {"motivo": "próximo"}).status == 200
    return found


def lapse(sql: Engine, lead_id: int) -> None:
    """Let the lease on a lead have ended a moment ago."""
    run(
        sql, "update fila set reservado_ate = now() - interval '1s' where lead_id = :id", id=lead_id
    )


def promise(sql: Engine, lead_id: int, due: str) -> None:
    """Let the promise of a lead have been made for this moment, an SQL expression."""
    run(
        sql,
        f"with l as (update leads set proximo_contato_em = {due} where id = :id) "
        f"update fila set retorno_em = {due} where lead_id = :id",
        id=lead_id,
    )


def attempt(sql: Engine, who: int, lead_id: int, resultado: str, *, ago: float = 0) -> None:
    """Somebody has tried to reach a lead, some hours ago; nothing has followed from it yet."""
    run(sql, _ATTEMPT, u=who, r=resultado, ago=ago, id=lead_id)


def entry(sql: Engine, lead_id: int) -> dict[str, Any] | None:
    """A lead's row of the queue."""
    found = rows(sql, "select to_jsonb(f) from fila f where lead_id = :id", id=lead_id)
    return found[0][0] if found else None


def best_first(sql: Engine, team: Team, usuario_id: int) -> list[int]:
    """The leads without a promise that this person would be given, best first."""
    query = (
        "select lead_id from fila where equipe_id = :e and dono in (0, :u) and retorno_em is null "
        "and livre_em is null order by ordem desc, lead_id"
    )
    return [each for (each,) in rows(sql, query, e=team.equipe_id, u=usuario_id)]
