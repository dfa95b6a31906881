"""PATCH /users/{id}: capacidade, ausente_ate, and what becomes of the leads of who leaves."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine, NullPool, create_engine, text

from services.jobService import MAX_QUEUED
from tests.ownership.test_assign import assign, change, give, hence, owner
from tests.support.api import Member, Reply, Team, register, sign_in
from tests.support.derived import check
from tests.support.jobs import seen, work
from tests.support.leads import create, events, rows, upload

_OWNERS = "select responsavel_id from leads where equipe_id = :e and etapa = 'novo'"


def patch(team: Team, person: Member, **fields: Any) -> Reply:
    return team.gestor.api.patch(f"/users/{person.id}", fields)


def owners(sql: Engine, team: Team) -> Counter[int | None]:
    """How many leads in the first stage each person has."""
    return Counter(person for (person,) in rows(sql, _OWNERS, e=team.equipe_id))


@pytest.fixture
def third(app: Flask, team: Team) -> Member:
    return sign_in(app, register(team.gestor.api, role="vendedor")["email"])


@pytest.fixture
def elsewhere(sql: Engine) -> Iterator[Connection]:
    """Another transaction, which may hold rows."""
    engine = create_engine(sql.url, poolclass=NullPool)
    with engine.connect() as connection:
        yield connection
        connection.rollback()
    engine.dispose()


# ------------------------------------------------------------- what a person may be given


def test_capacity_and_absence_are_set_shown_and_cleared(team: Team, sql: Engine) -> None:
    until = "2027-02-03T12:30:00Z" if datetime.now(UTC).year < 2027 else hence(days=30)
    reply = change(team, team.vendedor, capacidade=50, ausente_ate=until)
    shown = {"capacidade": 50, "ausente_ate": until}
    assert {name: reply.data[name] for name in shown} == shown
    assert reply.data["trabalho"] is None
    found = team.gestor.api.get(f"/users/{team.vendedor.id}").data
    assert {name: found[name] for name in shown} == shown
    (listed,) = [
        each
        for each in team.gestor.api.get("/users").data["itens"]
        if each["id"] == team.vendedor.id
    ]
    assert listed == found
    change(team, team.vendedor, nome="Bruno")
    assert team.gestor.api.get(f"/users/{team.vendedor.id}").data["capacidade"] == 50
    cleared = change(team, team.vendedor, capacidade=None, ausente_ate=None).data
    assert (cleared["capacidade"], cleared["ausente_ate"]) == (None, None)
    told = "select campos from eventos where equipe_id = :e and tipo = 'usuario_alterado'"
    assert rows(sql, f"{told} order by id", e=team.equipe_id) == [
        (["ausente_ate", "capacidade"],),
        (["nome"],),
        (["ausente_ate", "capacidade"],),
    ]


def test_other_fields_are_not_cleared_by_null(team: Team) -> None:
    before = team.gestor.api.get(f"/users/{team.vendedor.id}").data
    nulls = {"nome": None, "role": None, "ativo": None, "leads": None}
    assert change(team, team.vendedor, **nulls).data == before | {"trabalho": None}


@pytest.mark.parametrize(
    ("fields", "code"),
    [
        ({"capacidade": -1}, "FORA_DA_FAIXA"),
        ({"capacidade": 100_001}, "FORA_DA_FAIXA"),
        ({"capacidade": True}, "TIPO_INVALIDO"),
        ({"capacidade": "10"}, "TIPO_INVALIDO"),
        ({"capacidade": 1.5}, "TIPO_INVALIDO"),
        ({"ausente_ate": "0001-01-01T00:00:00Z"}, "FORA_DA_FAIXA"),
        ({"ausente_ate": "9999-12-31T23:59:59Z"}, "FORA_DA_FAIXA"),
        ({"ausente_ate": "2020-01-01T00:00:00Z"}, "FORA_DA_FAIXA"),
        ({"ausente_ate": "2030-01-01"}, "DATA_INVALIDA"),
        ({"ausente_ate": True}, "DATA_INVALIDA"),
        ({"leads": "AUTO"}, "VALOR_INVALIDO"),
        ({"leads": "liberar "}, "VALOR_INVALIDO"),
        ({"leads": True}, "VALOR_INVALIDO"),
        ({"leads": 0}, "FORA_DA_FAIXA"),
        ({"leads": 2**62}, "USUARIO_INEXISTENTE"),
    ],
    ids=str,
)
def test_what_is_out_of_bounds_is_refused(team: Team, fields: dict[str, Any], code: str) -> None:
    lead = give(team, team.vendedor, 1)[0]
    reply = patch(team, team.vendedor, **fields)
    assert reply.status == 422
    (name,) = fields
    assert reply.data["erros"][0]["campo"] == name
    assert reply.data["erros"][0]["codigo"] == code
    assert owner(team, lead) == team.vendedor.id


def test_a_founder_without_a_gestor_gives_no_leads_away(app: Flask) -> None:
    from tests.support.api import Api

    founder = sign_in(app, register(Api(app), role="vendedor")["email"])
    body = {"role": "gestor", "leads": "liberar"}
    assert founder.api.patch(f"/users/{founder.id}", body).status == 403


# ------------------------------------------------------------------------ what becomes of leads


def test_leads_are_kept_unless_told_otherwise(team: Team, sql: Engine) -> None:
    give(team, team.vendedor, 2)
    for fields in ({"ativo": False}, {"ativo": True, "leads": "manter"}, {"nome": "B"}):
        change(team, team.vendedor, **fields)
    assert owners(sql, team) == {team.vendedor.id: 2}


def test_open_leads_are_freed_and_no_others(team: Team, sql: Engine) -> None:
    opened = give(team, team.vendedor, 2)
    closed = give(team, team.vendedor, 1, etapa="ganho")[0]
    deleted = give(team, team.vendedor, 1)[0]
    others = give(team, team.colleague, 1)[0]
    team.gestor.api.delete(f"/leads/{deleted}")
    reply = change(team, team.vendedor, ativo=False, leads="liberar")
    assert reply.data["trabalho"] is None
    assert [owner(team, lead) for lead in opened] == [None, None]
    assert owner(team, closed) == team.vendedor.id
    assert owner(team, others) == team.colleague.id
    assert team.gestor.api.post(f"/leads/{deleted}/restore").data["responsavel_id"] is not None
    told = "select campos, versao, usuario_id, dados from eventos where lead_id = :id order by id"
    assert rows(sql, told, id=opened[0])[1:] == [
        (["responsavel_id"], 2, team.gestor.id, {"responsavel_id": None})
    ]
    check(sql, team.equipe_id)


def test_somebody_else_gets_them(team: Team, sql: Engine) -> None:
    """On request too: whose they were need not leave."""
    give(team, team.vendedor, 3)
    change(team, team.vendedor, leads=team.colleague.id)
    assert owners(sql, team) == {team.colleague.id: 3}
    change(team, team.colleague, ausente_ate=hence(days=3), leads=team.gestor.id)
    assert owners(sql, team) == {team.gestor.id: 3}


def test_they_are_distributed(team: Team, third: Member, sql: Engine) -> None:
    give(team, team.vendedor, 7)
    give(team, third, 2)
    change(team, team.vendedor, ativo=False, leads="auto")
    assert owners(sql, team) == {team.colleague.id: 5, third.id: 4}


def test_who_gives_them_away_gets_none_back(team: Team, sql: Engine) -> None:
    give(team, team.vendedor, 3)
    give(team, team.colleague, 5)
    change(team, team.vendedor, leads="auto")
    assert owners(sql, team) == {team.colleague.id: 8}


def test_what_nobody_can_take_is_nobodys(team: Team, third: Member, sql: Engine) -> None:
    give(team, team.vendedor, 5)
    change(team, team.colleague, capacidade=2)
    change(team, third, ausente_ate=hence(days=3))
    change(team, team.vendedor, ativo=False, leads="auto")
    assert owners(sql, team) == {team.colleague.id: 2, None: 3}


@pytest.mark.parametrize("who", ["inactive", "foreign", "themselves"])
def test_another_active_user_gets_them_or_nothing_changes(
    team: Team, other_team: Team, who: str
) -> None:
    lead = give(team, team.vendedor, 1)[0]
    change(team, team.colleague, ativo=False)
    ids = {
        "inactive": team.colleague.id,
        "foreign": other_team.vendedor.id,
        "themselves": team.vendedor.id,
    }
    reply = patch(team, team.vendedor, ativo=False, leads=ids[who])
    assert (reply.status, reply.campos) == (422, {"leads": "USUARIO_INEXISTENTE"})
    assert team.gestor.api.get(f"/users/{team.vendedor.id}").data["ativo"] is True
    assert owner(team, lead) == team.vendedor.id


def test_who_is_deactivated_holds_nothing_any_more(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    values = {"e": team.equipe_id, "l": lead, "u": team.vendedor.id}
    with sql.begin() as connection:
        for statement in (
            "update fila set reservado_por = :u, reservado_ate = now() + interval '1 hour' "
            "where equipe_id = :e and lead_id = :l",
            "insert into reservas values (:e, :u, :l, now() + interval '1 hour')",
        ):
            connection.execute(text(statement), values)
    held = "select reservado_por from fila where lead_id = :l"
    change(team, team.vendedor, ausente_ate=hence(days=1))
    assert rows(sql, held, l=lead) == [(team.vendedor.id,)]
    change(team, team.vendedor, ativo=False)
    assert rows(sql, held, l=lead) == [(None,)]
    assert rows(sql, "select * from reservas where equipe_id = :e", e=team.equipe_id) == []


# --------------------------------------------------------------------------------- by a job


def test_a_lead_that_somebody_is_writing_is_left_to_a_job(
    app: Flask, team: Team, sql: Engine, elsewhere: Connection
) -> None:
    """Whoever writes it may be waiting for the gestores, who are held here."""
    busy, free = give(team, team.vendedor, 2)
    lock = text("select id from leads where id = :id for no key update")
    elsewhere.execute(lock, {"id": busy})
    reply = change(team, team.vendedor, ativo=False, leads=team.colleague.id)
    job = reply.data["trabalho"]
    assert job["estado"] == "na_fila"
    assert (owner(team, busy), owner(team, free)) == (team.vendedor.id, team.colleague.id)
    elsewhere.rollback()
    work(app)
    assert owner(team, busy) == team.colleague.id
    done = seen(team.gestor.api, job["id"])
    assert (done["tipo"], done["estado"]) == ("repasse", "concluida")
    assert done["resultado"] == {"repassados": 1, "liberados": 0}
    told = "select trabalho_id from eventos where lead_id = :id order by id desc limit 1"
    assert rows(sql, told, id=busy) == [(job["id"],)]
    (told_last, *_) = team.gestor.api.get(f"/leads/{busy}/timeline").data["itens"]
    assert told_last["frase"].endswith(", em lote.")


@pytest.mark.parametrize("to", ["auto", "liberar", "colleague"])
def test_many_are_given_away_by_a_job(
    app: Flask, team: Team, third: Member, sql: Engine, to: str
) -> None:
    lines = "".join(f"Lead {n},{team.vendedor.id}\n" for n in range(2_100))
    assert upload(team.gestor.api, f"nome,responsavel_id\n{lines}").data["criados"] == 2_100
    leads = team.colleague.id if to == "colleague" else to
    job = change(team, team.vendedor, ativo=False, leads=leads).data["trabalho"]
    assert owners(sql, team) == {team.vendedor.id: 2_100}
    work(app)
    done = seen(team.gestor.api, job["id"])
    assert (done["estado"], done["progresso"]) == ("concluida", {"feitos": 2_100, "total": 2_100})
    expected = {
        "auto": {team.colleague.id: 1_050, third.id: 1_050},
        "liberar": {None: 2_100},
        "colleague": {team.colleague.id: 2_100},
    }
    assert owners(sql, team) == expected[to]
    freed = 2_100 if to == "liberar" else 0
    assert done["resultado"] == {"repassados": 2_100 - freed, "liberados": freed}
    check(sql, team.equipe_id)


def test_a_job_stops_where_who_was_to_get_them_has_left(
    app: Flask, team: Team, elsewhere: Connection
) -> None:
    (busy,) = give(team, team.vendedor, 1)
    elsewhere.execute(text("select id from leads where id = :id for no key update"), {"id": busy})
    job = change(team, team.vendedor, leads=team.colleague.id).data["trabalho"]
    change(team, team.colleague, ativo=False)
    elsewhere.rollback()
    work(app)
    done = seen(team.gestor.api, job["id"])
    assert (done["estado"], done["erro"]["codigo"]) == ("falhou", "VALIDACAO")
    assert owner(team, busy) == team.vendedor.id


def test_without_room_for_a_job_nothing_changes(
    app: Flask, team: Team, sql: Engine, elsewhere: Connection
) -> None:
    (busy,) = give(team, team.vendedor, 1)
    elsewhere.execute(text("select id from leads where id = :id for no key update"), {"id": busy})
    with sql.begin() as connection:
        fill = (
            "insert into trabalhos (equipe_id, role, tipo) "
            "select :e, 'gestor', 'de ninguém' from generate_series(1, :n)"
        )
        connection.execute(text(fill), {"e": team.equipe_id, "n": MAX_QUEUED})
    reply = patch(team, team.vendedor, ativo=False, leads="liberar")
    assert (reply.status, reply.codigo) == (409, "FILA_CHEIA")
    assert team.gestor.api.get(f"/users/{team.vendedor.id}").data["ativo"] is True
    assert events(sql, busy)[1:] == []
    assert assign(team.gestor.api, give(team, team.colleague, 1)[0], None).status == 200
