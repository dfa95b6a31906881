"""Activities for the tests: made through the API, looked at through SQL."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import Engine

from tests.support.api import Api, Member, Reply
from tests.support.leads import rows, run
from utils.clock import iso


def at(**ahead: float) -> str:
    """An instant so far ahead of now, or behind it."""
    return iso(datetime.now(UTC) + timedelta(**ahead))


def aged(sql: Engine, lead: dict[str, Any] | int, days: int = 365) -> None:
    """Let a lead have been created so long ago: before that nothing was done about it."""
    lead_id = lead if isinstance(lead, int) else lead["id"]
    run(
        sql,
        "update leads set criado_em = criado_em - :days * interval '1 day' where id = :id",
        days=days,
        id=lead_id,
    )


def post(api: Api, lead: dict[str, Any] | int, tipo: str = "ligacao", **fields: Any) -> Reply:
    lead_id = lead if isinstance(lead, int) else lead["id"]
    return api.post(f"/leads/{lead_id}/activities", {"tipo": tipo, **fields})


def act(
    api: Api, lead: dict[str, Any] | int, tipo: str = "ligacao", **fields: Any
) -> dict[str, Any]:
    """The data of an activity that was recorded."""
    reply = post(api, lead, tipo, **fields)
    assert reply.status == 201, reply.body
    return reply.data


def changed(api: Api, atividade_id: int, **fields: Any) -> dict[str, Any]:
    reply = api.patch(f"/activities/{atividade_id}", fields)
    assert reply.status == 200, reply.body
    return reply.data


def of_lead(api: Api, lead_id: int, **query: Any) -> list[dict[str, Any]]:
    reply = api.get(f"/leads/{lead_id}/activities", query_string={"limite": 100, **query})
    assert reply.status == 200, reply.body
    return reply.data["itens"]


def promises(sql: Engine, lead_id: int) -> list[tuple[str, int | None]]:
    """(prevista_para, responsavel_id) of a lead's open promises, the earliest first."""
    found = rows(
        sql,
        "select prevista_para, responsavel_id from atividades "
        "where lead_id = :id and concluida_em is null order by prevista_para, id",
        id=lead_id,
    )
    return [(iso(due), owner) for due, owner in found]


def kept(sql: Engine, equipe_id: int) -> None:
    """Fail if a lead's next contact is not its earliest promise, or a promise is not the lead's
    responsável's."""
    broken = rows(
        sql,
        "select l.id, l.proximo_contato_em, min(a.prevista_para), l.responsavel_id "
        "from leads l left join atividades a on a.equipe_id = l.equipe_id and a.lead_id = l.id "
        "and a.concluida_em is null where l.equipe_id = :e group by l.equipe_id, l.id "
        "having l.proximo_contato_em is distinct from min(a.prevista_para) "
        "or bool_or(a.id is not null and a.responsavel_id is distinct from l.responsavel_id)",
        e=equipe_id,
    )
    assert broken == []
    dateless = "select id from atividades where concluida_em is null and prevista_para is null"
    assert rows(sql, dateless) == []


def told(sql: Engine, equipe_id: int) -> None:
    """Fail if an activity has not the one event of its beginning, or has changed without one."""
    untold = rows(
        sql,
        "select a.id, count(e.id) filter (where e.tipo = 'atividade_criada'), a.atualizado_em, "
        "max(e.criado_em) from atividades a left join eventos e on e.equipe_id = a.equipe_id "
        "and e.tipo like 'atividade%' and (e.dados->>'atividade_id')::bigint = a.id "
        "where a.equipe_id = :e group by a.equipe_id, a.id "
        "having count(e.id) filter (where e.tipo = 'atividade_criada') <> 1 "
        "or a.atualizado_em > max(e.criado_em)",
        e=equipe_id,
    )
    assert untold == []


def place(sql: Engine, lead_id: int) -> dict[str, Any] | None:
    """The lead's row in the queue."""
    found = rows(sql, "select to_jsonb(f) from fila f where lead_id = :id", id=lead_id)
    return found[0][0] if found else None


def lease(sql: Engine, who: Member, lead_id: int, minutes: int = 20) -> None:
    """Let a person hold a lead that is in the queue."""
    until = {"id": lead_id, "u": who.id, "ate": at(minutes=minutes)}
    run(
        sql,
        "update fila set reservado_por = :u, reservado_ate = cast(:ate as timestamptz) "
        "where lead_id = :id",
        **until,
    )
    run(
        sql,
        "insert into reservas (equipe_id, usuario_id, lead_id, ate) "
        "select equipe_id, :u, :id, cast(:ate as timestamptz) from fila where lead_id = :id "
        "on conflict (equipe_id, usuario_id) do update set lead_id = :id, ate = excluded.ate",
        **until,
    )


def queue_settings(sql: Engine, equipe_id: int, **changes: Any) -> None:
    run(
        sql,
        "update configuracao set fila = fila || cast(:c as jsonb) where equipe_id = :e",
        c=json.dumps(changes),
        e=equipe_id,
    )
