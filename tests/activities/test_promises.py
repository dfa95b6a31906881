"""A lead's next contact is its earliest promise, whoever writes which of the two."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from tests.support.activities import act, at, kept, of_lead, post, promises
from tests.support.api import Reply, Team
from tests.support.leads import create, imported, new_cpf, rows

FIRST, SECOND, THIRD = (f"2031-05-0{day}T12:00:00Z" for day in (1, 2, 3))


def dates(sql: Engine, lead_id: int) -> list[str]:
    return [due.replace(".000000", "") for due, _ in promises(sql, lead_id)]


@pytest.fixture(autouse=True)
def all_kept(sql: Engine, team: Team) -> Any:
    yield
    kept(sql, team.equipe_id)


def test_a_new_lead_brings_its_promise(team: Team, sql: Engine) -> None:
    lead = create(team.vendedor.api, proximo_contato_em=FIRST)
    (task,) = of_lead(team.vendedor.api, lead["id"])
    assert (task["tipo"], task["prevista_para"], task["usuario_id"]) == ("tarefa", FIRST, None)
    assert promises(sql, lead["id"])[0][1] == team.vendedor.id
    assert of_lead(team.gestor.api, create(team.gestor.api)["id"]) == []


def test_a_date_makes_moves_and_ends_promises(team: Team, sql: Engine) -> None:
    api, lead = team.vendedor.api, create(team.vendedor.api)
    path = f"/leads/{lead['id']}"

    def says(due: str | None) -> list[str]:
        assert api.patch(path, {"proximo_contato_em": due}).data["proximo_contato_em"] == due
        return dates(sql, lead["id"])

    assert says(SECOND) == [SECOND]
    act(api, lead, "reuniao", prevista_para=THIRD)
    assert says(FIRST) == [FIRST, THIRD]
    assert says(SECOND) == [SECOND, THIRD]
    assert says("2031-06-01T12:00:00Z") == ["2031-06-01T12:00:00Z"]
    assert says(None) == []
    assert len(of_lead(api, lead["id"])) == 2  # moved, not made anew
    assert says(FIRST) == [FIRST]
    assert len(of_lead(api, lead["id"])) == 3


def test_files_upserts_and_bulks_make_and_move_promises(team: Team, sql: Engine) -> None:
    document, api = new_cpf(), team.gestor.api
    imported(api, f"nome,documento,proximo_contato_em\nAna,{document},{FIRST}\n")
    (lead,) = api.post("/leads/search", {"documento": document}).data["itens"]
    assert [lead["proximo_contato_em"]] == dates(sql, lead["id"])
    file = f"nome,documento,proximo_contato_em\nAna,{document},{SECOND}\n"
    assert imported(api, file, duplicados="atualizar")["atualizados"] == 1
    found = api.get(f"/leads/{lead['id']}").data
    assert [found["proximo_contato_em"]] == dates(sql, lead["id"]) != [lead["proximo_contato_em"]]
    told = {"documento": document, "proximo_contato_em": THIRD}
    assert api.call("PUT", "/leads?chave=documento", json=told).status == 200
    assert dates(sql, lead["id"]) == [THIRD]
    other = create(api, proximo_contato_em=FIRST)
    ids = [lead["id"], other["id"], create(api)["id"]]
    for due in (SECOND, None):
        body = {"acao": "set", "ids": ids, "campos": {"proximo_contato_em": due}}
        assert api.post("/leads/bulk", body).data["alterados"] == 3
        assert [dates(sql, each) for each in ids] == [[due] if due else []] * 3


@pytest.mark.parametrize("how", ["patch", "bulk", "upsert", "file"])
def test_promises_follow_the_responsavel(team: Team, sql: Engine, how: str) -> None:
    api, to, document = team.gestor.api, team.colleague.id, new_cpf()
    lead = create(api, responsavel_id=team.vendedor.id, documento=document)
    done = act(api, lead, "tarefa", prevista_para=FIRST)["atividade"]["id"]
    act(api, lead, "tarefa", prevista_para=SECOND)
    api.patch(f"/activities/{done}", {"concluida_em": at()})
    body = {"acao": "assign", "ids": [lead["id"]], "responsavel_id": to}
    told = {"documento": document, "responsavel_id": to}
    file = f"nome,documento,responsavel_id\nAna,{document},{to}\n"
    calls: dict[str, Callable[[], Any]] = {
        "patch": lambda: api.patch(f"/leads/{lead['id']}", {"responsavel_id": to}),
        "bulk": lambda: api.post("/leads/bulk", body),
        "upsert": lambda: api.call("PUT", "/leads?chave=documento", json=told),
        "file": lambda: imported(api, file, duplicados="atualizar"),
    }
    calls[how]()
    assert [owner for _, owner in promises(sql, lead["id"])] == [to]
    assert len(team.colleague.api.get("/tasks").data["itens"]) == 1
    assert team.vendedor.api.get("/tasks").data["itens"] == []


def test_a_deleted_lead_keeps_its_promises_to_itself(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    lead = create(api, responsavel_id=team.vendedor.id, proximo_contato_em=FIRST)
    assert api.delete(f"/leads/{lead['id']}").status == 200
    found = team.vendedor.api.get("/tasks").data
    assert (found["itens"], found["contagem"]["dias_7"]) == ([], 0)
    assert api.post(f"/leads/{lead['id']}/restore").status == 200
    assert len(team.vendedor.api.get("/tasks").data["itens"]) == 1


# Of the property: what may be done, by which numbers.
DUE = [None, *(timedelta(days=days) for days in (-30, -2, 1, 2, 3, 30))]
TOLD = st.fixed_dictionaries(
    {},
    optional={
        "tipo": st.sampled_from(["ligacao", "whatsapp", "email", "reuniao", "nota", "tarefa"]),
        "resultado": st.sampled_from([None, "atendeu", "nao_atendeu", "agendou", "outro"]),
        "texto": st.sampled_from([None, "Um texto seu"]),
        "prevista_para": st.sampled_from(DUE),
        "concluida_em": st.sampled_from([None, timedelta(days=-1), timedelta(minutes=-1)]),
        "etapa": st.sampled_from(["novo", "contatado", "ganho"]),
    },
)
STEP = st.tuples(
    st.sampled_from(["post", "post", "change", "change", "delete", "date", "owner", "bulk"]),
    st.integers(0, 30),
    TOLD,
)


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(steps=st.lists(STEP, min_size=1, max_size=12))
def test_whatever_is_done_the_next_contact_is_the_earliest_promise(
    app: Flask, sql: Engine, team: Team, steps: list[Any]
) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)
    for what, number, told in steps:
        before = _open(sql, lead["id"])
        reply = DO[what](team, lead["id"], number, dict(told))
        assert reply.status in (200, 201, 422), reply.body
        kept(sql, team.equipe_id)
        # A promise ends in no other way than by being done, deleted, moved by a date, or with a
        # lead that is closed.
        gone = set(before) - set(_open(sql, lead["id"]))
        if what in ("owner",):
            assert not gone
        later = [id for id in gone if before[id] > datetime.now(UTC)]
        if what == "post" and later:
            assert told.get("etapa") or (told.get("resultado") and told.get("prevista_para"))


def _open(sql: Engine, lead_id: int) -> dict[int, datetime]:
    found = "select id, prevista_para from atividades where lead_id = :id and concluida_em is null"
    return dict(rows(sql, found, id=lead_id))


def _instants(told: dict[str, Any]) -> dict[str, Any]:
    now = datetime.now(UTC)
    return {
        name: (now + value).isoformat() if isinstance(value, timedelta) else value
        for name, value in told.items()
    }


def _post(team: Team, lead_id: int, _: int, told: dict[str, Any]) -> Reply:
    return post(team.vendedor.api, lead_id, **{"tipo": "ligacao", **_instants(told)})


def _change(team: Team, lead_id: int, number: int, told: dict[str, Any]) -> Reply:
    known = of_lead(team.gestor.api, lead_id)
    if not known:
        return _post(team, lead_id, number, told)
    path = f"/activities/{known[number % len(known)]['id']}"
    return team.gestor.api.patch(path, _instants(told))


def _delete(team: Team, lead_id: int, number: int, told: dict[str, Any]) -> Reply:
    known = of_lead(team.gestor.api, lead_id)
    if not known:
        return _post(team, lead_id, number, told)
    return team.gestor.api.delete(f"/activities/{known[number % len(known)]['id']}")


def _due(number: int) -> str | None:
    due = DUE[number % len(DUE)]
    return due and (datetime.now(UTC) + due).isoformat()


def _date(team: Team, lead_id: int, number: int, _: Any) -> Reply:
    body = {"proximo_contato_em": _due(number)}
    return team.vendedor.api.patch(f"/leads/{lead_id}", body)


def _bulk(team: Team, lead_id: int, number: int, _: Any) -> Reply:
    fields = {"proximo_contato_em": _due(number)}
    return team.gestor.api.post("/leads/bulk", {"acao": "set", "ids": [lead_id], "campos": fields})


def _owner(team: Team, lead_id: int, number: int, _: Any) -> Reply:
    to = team.vendedor.id
    for owner in (None, team.colleague.id, to):
        reply = team.gestor.api.patch(f"/leads/{lead_id}", {"responsavel_id": owner})
        kept_owner = reply.data["responsavel_id"]
        assert kept_owner == owner
    return reply


DO: dict[str, Callable[[Team, int, int, Any], Reply]] = {
    "post": _post,
    "change": _change,
    "delete": _delete,
    "date": _date,
    "owner": _owner,
    "bulk": _bulk,
}
