"""Who is given which lead, and for how long it is theirs."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from models.db import db, transaction
from services.leads.deriving import queueing, resting
from tests.support.activities import at
from tests.support.api import Api, Member, Team
from tests.support.leads import create, imported, rows, run
from tests.support.queues import (
    attempt,
    best_first,
    claim,
    claimed,
    drained,
    entry,
    lapse,
    promise,
    release,
)

CLAIMERS = 32
# The team's day may have begun a minute ago: earlier is then yesterday.
TODAY = "now() - interval '1 second'"


def many(team: Team, count: int) -> None:
    lines = [f"Lead {n},{n * 7919 % 100_000}" for n in range(count)]
    imported(team.gestor.api, "\n".join(["nome,valor", *lines]))


def people(app: Flask, team: Team, count: int) -> list[Member]:
    """More vendedores of the equipe, signed in."""
    from services.auth.accounts import add_user
    from services.principal import Principal
    from tests.support.api import _signed_in, new_email

    with app.app_context(), transaction() as session:
        caller = Principal(team.gestor.id, team.equipe_id, None, "gestor", "America/Sao_Paulo")
        made = [
            add_user(caller, "Vendedor", new_email("fila"), None, "vendedor", None)
            for _ in range(count)
        ]
        session.flush()
        return [_signed_in(app, person) for person in made]


def test_an_empty_queue_says_so(team: Team) -> None:
    assert claim(team.vendedor.api) == {
        "situacao": "vazia",
        "lead": None,
        "motivos": [],
        "reserva_ate": None,
        "tentar_em": None,
    }


def test_a_claim_shows_the_whole_lead_and_why(team: Team) -> None:
    created = create(team.gestor.api, telefone="(11) 98765-4321", origem="indicação")
    found = claim(team.vendedor.api)
    shown = team.vendedor.api.get(f"/leads/{created['id']}").data
    assert found["lead"] == shown
    assert found["motivos"] == [
        "Lead novo sem responsável",
        "Tem telefone para contato",
        "Veio por indicação",
    ]
    assert found["reserva_ate"] > shown["criado_em"]


def test_asked_again_the_same_lead_is_given_and_no_longer(team: Team) -> None:
    for n in range(3):
        create(team.gestor.api, nome=f"Lead {n}")
    first = claim(team.vendedor.api)
    assert claim(team.vendedor.api) == first
    assert claimed(team.colleague.api) != first["lead"]["id"]


def test_one_person_who_asks_at_once_gets_one_lead(app: Flask, team: Team) -> None:
    many(team, 20)
    with ThreadPoolExecutor(8) as pool:
        found = set(pool.map(lambda _: claimed(team.vendedor.api), range(24)))
    assert len(found) == 1


def test_many_claimers_get_different_leads_of_the_best(app: Flask, team: Team, sql: Engine) -> None:
    many(team, 300)
    callers = people(app, team, CLAIMERS)
    best = best_first(sql, team, 0)
    held: dict[int, int] = {}
    with ThreadPoolExecutor(CLAIMERS) as pool:
        for turn in range(1, 5):
            given = list(pool.map(lambda member: claimed(member.api), callers))
            assert not held.keys() & set(given)
            held |= dict.fromkeys(given, turn)
            assert Counter(held.values())[turn] == CLAIMERS
            # Of 32 who ask at once each gets one of the best 32 that are free.
            assert set(given) == set(best[(turn - 1) * CLAIMERS : turn * CLAIMERS])
            run(
                sql,
                "update fila set livre_em = now() + interval '1 day', reservado_ate = null "
                "where lead_id = any(:ids)",
                ids=given,
            )


def test_one_claimer_sees_the_order(team: Team, sql: Engine) -> None:
    many(team, 40)
    for n in range(10):
        create(team.gestor.api, valor=str(n * 9_000), responsavel_id=team.vendedor.id)
        create(team.gestor.api, valor=str(n * 9_000), responsavel_id=team.colleague.id)
    expected = best_first(sql, team, team.vendedor.id)
    assert len(expected) == 50
    assert drained(team.vendedor.api) == expected


def test_a_lease_that_has_lapsed_gives_the_lead_to_the_next(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    busy = claim(team.colleague.api)
    assert (busy["situacao"], busy["lead"]) == ("ocupada", None)
    assert busy["tentar_em"] == claim(team.vendedor.api)["reserva_ate"]
    lapse(sql, lead)
    assert claimed(team.colleague.api) == lead
    assert claim(team.vendedor.api)["situacao"] == "ocupada"


def test_a_move_of_the_holder_lets_a_lead_rest_whose_promise_is_overdue(
    team: Team, sql: Engine
) -> None:
    api, lead = team.vendedor.api, create(team.gestor.api, proximo_contato_em=at(hours=-1))["id"]
    assert claimed(api) == lead
    assert api.post(f"/leads/{lead}/move", {"etapa": "contatado"}).status == 200
    found = claim(api)
    assert (found["situacao"], found["tentar_em"] is not None) == ("ocupada", True)


def test_who_held_a_lead_last_is_told_that_the_time_is_over(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    lapse(sql, lead)
    path = f"/leads/{lead}/release"
    assert team.vendedor.api.post(path).codigo == "SEM_RESERVA"
    assert team.colleague.api.post(path).status == 404


def rights(api: Api, lead_id: int) -> list[int]:
    """Statuses of what a responsável may do."""
    return [
        api.get(f"/leads/{lead_id}").status,
        api.get(f"/leads/{lead_id}/score").status,
        api.patch(f"/leads/{lead_id}", {"cidade": "Santos"}).status,
    ]


def test_a_lease_gives_the_rights_of_the_responsavel(
    team: Team, other_team: Team, sql: Engine
) -> None:
    lead = create(team.gestor.api)["id"]
    assert rights(team.vendedor.api, lead) == [404, 404, 404]
    assert claimed(team.vendedor.api) == lead
    assert rights(team.vendedor.api, lead) == [200, 200, 200]
    for stranger in (team.colleague.api, other_team.vendedor.api, other_team.gestor.api):
        assert rights(stranger, lead) == [404, 404, 404]
    lapse(sql, lead)
    assert rights(team.vendedor.api, lead) == [404, 404, 404]
    assert claimed(team.vendedor.api) == lead
    release(team.vendedor.api, lead)
    assert rights(team.vendedor.api, lead) == [404, 404, 404]


def test_a_lead_that_is_given_to_another_is_held_no_longer(team: Team) -> None:
    lead = create(team.gestor.api)["id"]
    assert claimed(team.vendedor.api) == lead
    given = {"responsavel_id": team.colleague.id}
    assert team.gestor.api.patch(f"/leads/{lead}", given).status == 200
    assert rights(team.vendedor.api, lead) == [404, 404, 404]
    assert team.vendedor.api.post("/queue/skip", {"motivo": "x"}).codigo == "SEM_RESERVA"
    assert claimed(team.colleague.api) == lead


def test_a_move_by_its_holder_ends_the_lease(team: Team) -> None:
    lead, other = (create(team.gestor.api)["id"] for _ in range(2))
    held = claimed(team.vendedor.api)
    assert held in (lead, other)
    moved = team.vendedor.api.post(f"/leads/{held}/move", {"etapa": "contatado"})
    assert (moved.status, moved.data["etapa"]) == (200, "contatado")
    assert claimed(team.vendedor.api) == lead + other - held


@pytest.mark.parametrize("closing", [{"etapa": "ganho"}, {"etapa": "perdido", "motivo_perda": "x"}])
def test_closed_and_deleted_leads_are_not_given(
    team: Team, sql: Engine, closing: dict[str, Any]
) -> None:
    closed, deleted = (create(team.gestor.api)["id"] for _ in range(2))
    assert team.gestor.api.post(f"/leads/{closed}/move", closing).status == 200
    assert team.gestor.api.delete(f"/leads/{deleted}").status == 200
    assert claim(team.vendedor.api)["situacao"] == "vazia"
    assert team.gestor.api.post(f"/leads/{deleted}/restore").status == 200
    assert claimed(team.vendedor.api) == deleted


# ------------------------------------------------------------------- promises


def test_promises_come_first_today_s_oldest_then_the_newest(team: Team, sql: Engine) -> None:
    own = [create(team.gestor.api, responsavel_id=team.vendedor.id)["id"] for _ in range(6)]
    free = [create(team.gestor.api)["id"] for _ in range(4)]
    hot = create(team.gestor.api, valor="900000.00", origem="indicação")["id"]
    for lead, due in (
        (own[0], f"{TODAY} - interval '1 s'"),
        (own[1], f"{TODAY} - interval '2 s'"),
        (own[2], "now() - interval '30 hours'"),
        (own[3], "now() - interval '50 hours'"),
        (own[4], "now() + interval '1 hour'"),
        (free[0], TODAY),
        (free[1], "now() - interval '31 hours'"),
        (free[2], "now() - interval '32 hours'"),
        (free[3], "now() + interval '1 minute'"),
    ):
        promise(sql, lead, due)
    given = drained(team.vendedor.api)
    assert given == [own[1], own[0], own[2], own[3], *free[:3], hot, own[5]]
    later = claim(team.vendedor.api)
    assert later["situacao"] == "ocupada"
    soonest = rows(sql, "select retorno_em from fila where lead_id = :id", id=free[3])[0][0]
    assert later["tentar_em"][:19] == soonest.strftime("%Y-%m-%dT%H:%M:%S")


def test_a_promise_says_when_it_was_due(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, responsavel_id=team.vendedor.id)["id"]
    promise(sql, lead, TODAY)
    assert claim(team.vendedor.api)["motivos"][0].startswith("Retorno combinado para ")
    promise(sql, lead, "timestamptz '2026-01-05 12:30-03'")
    expected = "Retorno que ficou para trás desde 05/01/2026 às 12:30"
    assert claim(team.vendedor.api)["motivos"][0] == expected


def test_a_promise_that_its_owner_missed_is_offered_to_others(team: Team, sql: Engine) -> None:
    older, newer, fresh = (
        create(team.gestor.api, responsavel_id=team.colleague.id)["id"] for _ in range(3)
    )
    promise(sql, older, "now() - interval '72 hours'")
    promise(sql, newer, "now() - interval '25 hours'")
    promise(sql, fresh, "now() - interval '23 hours'")
    free = create(team.gestor.api)["id"]
    assert drained(team.vendedor.api) == [older, newer, free]
    assert team.gestor.api.patch("/equipe", {"fila": {"retomada_min": 60}}).status == 200
    given = claim(team.vendedor.api)
    assert given["lead"]["id"] == fresh
    assert given["motivos"][0].startswith("Retorno que outra pessoa deixou para trás desde ")
    # It is still the colleague's, who is given it once it is free.
    assert team.colleague.api.get(f"/leads/{fresh}").status == 200
    release(team.vendedor.api, fresh)
    assert claimed(team.colleague.api) == fresh


# ----------------------------------------------------------------------- rest


def followed(app: Flask, lead_id: int, equipe_id: int) -> None:
    """What follows from an attempt, as the write of an activity derives it."""

    def among(equipe: Any, lead: Any) -> Any:
        return (equipe == equipe_id) & (lead == lead_id)

    from models.db import enter_tenant

    with app.app_context(), transaction():
        enter_tenant(equipe_id)
        db.session.execute(resting.rest(among))
        db.session.execute(queueing.enter(among))


def test_after_an_attempt_a_lead_rests_and_wakes(app: Flask, team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    for hours in (4, 24, 72, 72):
        assert claimed(team.vendedor.api) == lead
        attempt(sql, team.vendedor.id, lead, "nao_atendeu")
        followed(app, lead, team.equipe_id)
        waiting = claim(team.vendedor.api)
        assert waiting["situacao"] == "ocupada"
        rested = (
            "select livre_em = a.concluida_em + :h * interval '1 hour' from fila f "
            "join atividades a using (equipe_id, lead_id) where f.lead_id = :id "
            "order by a.id desc limit 1"
        )
        assert rows(sql, rested, h=hours, id=lead) == [(True,)]
        run(sql, "update fila set livre_em = now() - interval '1s' where lead_id = :id", id=lead)
    given = claim(team.vendedor.api)
    assert given["motivos"][0] == "Ninguém atendeu 4 vezes seguidas: é hora de tentar de novo"


def test_after_the_last_attempt_a_lead_leaves_the_queue(
    app: Flask, team: Team, sql: Engine
) -> None:
    assert team.gestor.api.patch("/equipe", {"fila": {"tentativas": 2}}).status == 200
    lead = create(team.gestor.api)["id"]
    for ago in (9, 5):
        attempt(sql, team.vendedor.id, lead, "nao_atendeu", ago=ago)
    followed(app, lead, team.equipe_id)
    assert entry(sql, lead) is None
    assert claim(team.vendedor.api)["situacao"] == "vazia"
    # A promise brings it back.
    due = {"proximo_contato_em": "2031-01-01T12:00:00Z"}
    assert team.gestor.api.patch(f"/leads/{lead}", due).status == 200
    assert claim(team.vendedor.api)["tentar_em"] == "2031-01-01T12:00:00Z"


def test_nobody_is_called_again_before_the_pause_is_over(
    app: Flask, team: Team, sql: Engine
) -> None:
    fila = {"intervalo_min": 600, "esperas_h": {"outro": [0]}}
    assert team.gestor.api.patch("/equipe", {"fila": fila}).status == 200
    lead = create(team.gestor.api)["id"]
    attempt(sql, team.vendedor.id, lead, "outro", ago=1)
    followed(app, lead, team.equipe_id)
    assert claim(team.colleague.api)["situacao"] == "ocupada"
    # Not even where it was promised.
    promise(sql, lead, TODAY)
    assert claim(team.colleague.api)["situacao"] == "ocupada"
    run(sql, "update fila set nao_antes_de = now() - interval '1s' where lead_id = :id", id=lead)
    assert claimed(team.colleague.api) == lead


def test_a_lead_that_may_not_be_called_yet_rests_on(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)["id"]
    run(
        sql,
        "update fila set livre_em = now() - interval '1s', nao_antes_de = now() + interval '1h' "
        "where lead_id = :id",
        id=lead,
    )
    assert claim(team.vendedor.api)["situacao"] == "ocupada"
    assert rows(sql, "select livre_em = nao_antes_de from fila where lead_id = :id", id=lead) == [
        (True,)
    ]
