"""Whatever two equipes do to their leads, what follows from a lead is what it follows from.

Each walk does many things in a random order, the same one in every run; see tests/support/walk for
what, and tests/support/derived for what is computed again.
"""

import random
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.bulk.actions import ACTIONS
from tests.support.api import Team, open_team
from tests.support.derived import Tables, check
from tests.support.leads import all_leads, rows
from tests.support.walk import OFTEN, Walk
from utils.brazil.phones import normalize_phone, phone_match_key
from utils.text import fold, fold_name

ROUNDS, STEPS = 5, 50


@pytest.fixture
def teams(app: Flask) -> list[Team]:
    return [open_team(app) for _ in range(2)]


@pytest.mark.parametrize("seed", range(4))
def test_of_two_equipes_at_once_all_follows(sql: Engine, teams: list[Team], seed: int) -> None:
    marks = ("alfaum", "betadois")
    walks = [Walk(team, seed * 2 + n, marks[n], marks[1 - n]) for n, team in enumerate(teams)]
    with ThreadPoolExecutor(len(walks)) as pool:
        for _ in range(ROUNDS):
            told(walks, lambda: list(pool.map(walked, walks)))
            tables = [told([walk], lambda w=walk: looked_at(sql, w)) for walk in walks]
            for walk, other in zip(walks, tables[::-1], strict=True):
                walk.strangers = [lead["id"] for lead in other.leads]
                walk.trespass()
    done = walks[0].succeeded + walks[1].succeeded
    assert set(done) == set(OFTEN)
    assert set(walks[0].done + walks[1].done) == set(ACTIONS)


def test_of_several_writers_of_one_equipe_all_follows(sql: Engine, team: Team) -> None:
    """They write the same few leads at once, and none waits for one who waits for it."""
    deadlocks = "select deadlocks from pg_stat_database where datname = current_database()"
    before = rows(sql, deadlocks)
    walks = [Walk(team, 100 + n, "alfaum", "betadois") for n in range(3)]
    with ThreadPoolExecutor(len(walks)) as pool:
        for _ in range(ROUNDS):
            told(walks, lambda: list(pool.map(walked, walks)))
            told(walks, lambda: check(sql, team.equipe_id))
    assert rows(sql, deadlocks) == before


def walked(walk: Walk) -> None:
    walk.steps(STEPS)


def told(walks: list[Walk], what: Callable[[], Any]) -> Any:
    """Do it; if it fails, say what the walks have done."""
    try:
        return what()
    except BaseException as error:
        for walk in walks:
            error.add_note("\n".join(walk.log[-60:]))
        raise


def looked_at(sql: Engine, walk: Walk) -> Tables:
    """The equipe's tables, after all was computed again and lists were held against them."""
    tables = check(sql, walk.team.equipe_id)
    assert walk.seen <= {lead["id"] for lead in tables.leads}
    live = [lead for lead in tables.leads if lead["excluido_em"] is None]
    for field, value, matches in filters(walk.random, live, walk.team):
        query = {field: value}
        for who in (walk.team.gestor, walk.team.vendedor):
            mine = [lead for lead in live if sees(walk.team, who.id, lead)]
            expected = {lead["id"] for lead in mine if matches(lead)}
            assert {lead["id"] for lead in all_leads(who.api, **query)} == expected, query
    hold_searches(walk, tables, live)
    return tables


def sees(team: Team, usuario_id: int, lead: dict[str, Any]) -> bool:
    return usuario_id in (team.gestor.id, lead["responsavel_id"])


def filters(
    dice: random.Random, live: list[dict[str, Any]], team: Team
) -> list[tuple[str, Any, Callable[[dict[str, Any]], bool]]]:
    """Some filters, each with what it means for a row of the table."""
    some = dice.choice(live)
    etapa, uf, word = some["etapa"], some["uf"] or "SP", fold_name(some["nome"]).split()[-1]
    folded = {name: (some[name] or "Site").upper() for name in ("origem", "produto")}
    return [
        ("etapa", etapa.upper(), lambda lead: lead["etapa"] == etapa),
        ("uf", uf.lower(), lambda lead: lead["uf"] == uf),
        *(
            (name, said, lambda lead, n=name, s=said: fold(lead[n] or "") == fold(s))
            for name, said in folded.items()
        ),
        (
            "responsavel_id",
            team.vendedor.id,
            lambda lead: lead["responsavel_id"] == team.vendedor.id,
        ),
        ("responsavel_id", "nenhum", lambda lead: lead["responsavel_id"] is None),
        ("q", word, lambda lead: word in fold_name(f"{lead['nome']} {lead['empresa'] or ''}")),
    ]


def hold_searches(walk: Walk, tables: Tables, live: list[dict[str, Any]]) -> None:
    """A contact, or its end or beginning, finds every live lead that has it, and no other."""
    of_live = [row for lead in live for row in tables.contacts.get(lead["id"], {}).values()]
    for tipo in ("telefone", "email"):
        known = [row for row in of_live if row["tipo"] == tipo]
        if not known:
            continue
        some = walk.random.choice(known)
        key = some["chave"] if tipo == "email" else phone_match_key(normalize_phone(some["valor"]))
        for body, fits in (
            ({tipo: some["valor"]}, lambda chave, k=key: chave == k),
            ({"telefone_final": key[-6:]}, lambda chave, k=key: chave.endswith(k[-6:])),
            ({"email_inicio": key[:9]}, lambda chave, k=key: chave.startswith(k[:9])),
        ):
            if not next(iter(body)).startswith(tipo):
                continue
            reply = walk.team.gestor.api.post("/leads/search", {**body, "limite": 100})
            walk.look_at(reply)
            expected = {
                row["lead_id"] for row in of_live if row["tipo"] == tipo and fits(row["chave"])
            }
            assert {lead["id"] for lead in reply.data["itens"]} == expected, body
