"""Every operation that names no row: its reply neither shows nor depends on rows of others.

Not every table is under row-level security, and no policy separates a vendedor from a colleague:
these tests find a forgotten condition by the rows that it lets through.
"""

import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, get_args

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support.actors import WHO, Actor, actor
from tests.support.api import Member, Team, new_email, open_team, register, sign_in
from tests.support.follower import settle
from tests.support.jobs import ask
from tests.support.leads import create, new_cpf, new_phone, rows, run, upload
from tests.support.owned import (
    Row,
    found_in,
    make_ids_recognisable,
    rows_of,
    tables,
    values,
)
from tests.support.previews import previewed
from tests.support.reviews import asked, put
from tests.support.routes import FUNNEL, declared, lets_in, prepare, success

# The rows are many: one worker makes them.
pytestmark = pytest.mark.xdist_group("nothing foreign")
OPERATIONS = [r for r, c in declared().items() if "{" not in r and c.output is not None]
# A POST only to keep personal data out of the URL.
READS = [r for r in OPERATIONS if r.startswith("GET ") or r == "POST /leads/search"]
ORDERS = get_args(declared()["GET /leads"].query.model_fields["ordenar"].annotation)
# Each column has a statement of its own, whichever way it goes.
COLUMNS = [order for order in ORDERS if not order.startswith("-")]
# Counts by day or month alone: nothing of a single row is in them.
COUNTS = {f"GET /metrics/{view}" for view in ("cohorts", "forecast", "series")}
# Reads that have more than one way to ask.
VARIANTS: dict[str, list[dict[str, Any]]] = {
    "GET /leads": [{"query_string": {"ordenar": order, "limite": 100}} for order in COLUMNS]
}
KEYS = ("documento", "email", "telefone", "id_externo")
MEETS_DUPLICATES = ("POST /leads", "PUT /leads", "PATCH /leads/{lead_id}")
MEASURES = ("auc", "brier", "log_loss", "ece")
_SCORED = (
    "insert into importacao_chaves (equipe_id, importacao_id, chave, lead_id, dita, tinha) "
    "values (:e, 1, 1, 1, true, true)",
    "insert into cargas (equipe_id, usuario_id, etapa, n) values (:e, :u, 'novo', 0)",
    "update regras set estado = 'publicada', publicada_em = now() where equipe_id = :e",
    "update configuracao set regras_versao = 1 where equipe_id = :e",
    "insert into modelos "
    "(equipe_id, versao, estado, treinado_em, n, ganhos, parametros, relatorio) "
    "values (:e, 1, 'recusado', now(), 0, 0, '{}', cast(:r as jsonb))",
    # Folded, and what is not folded yet.
    "select metricas_dobrar(:e, null)",
    "update leads set valor_centavos = valor_centavos + 1 where equipe_id = :e",
)
_CLOCK = re.compile(rb'"gerado_em":"[^"]+"')


@dataclass
class Stage:
    """Four callers of one equipe, and what each was told before others had rows and after."""

    callers: dict[str, Actor]
    victim: Team
    victims: list[Row]
    hidden_leads: dict[str, list[dict[str, Any]]]
    hidden: dict[str, set[str]]
    before: dict[tuple[str, str], bytes]
    after: dict[tuple[str, str], bytes]


def fill_leads(owner: Member, word: str) -> None:
    """An open, a won and a lost lead, whose every text says whose they are, with a review each."""
    texts = "nome empresa cidade produto origem campanha".split()
    for etapa in ("proposta", "ganho", "perdido"):
        lead = create(
            owner.api,
            **{name: f"{name} {word}" for name in texts},
            **{"documento": new_cpf(), "telefone": new_phone(), "email": new_email(word)},
            **{"id_externo": f"{word}-{etapa}", "etiquetas": [word], "atributos": {word: word}},
            **{"etapa": etapa, "valor": "71377.31", "renda_mensal": "9173.19"},
            responsavel_id=owner.id,
            motivo_perda=word if etapa == "perdido" else None,
        )
        asked(owner.api, lead["id"], f"contestado {word}")


def fill(team: Team, word: str) -> None:
    """Rows in every table of an equipe."""
    gestor = team.gestor.api
    fill_leads(team.gestor, f"{word}-do-gestor")
    fill_leads(team.vendedor, f"{word}-do-vendedor")
    key = {"Idempotency-Key": word}
    lead = {"nome": f"lead {word}", "responsavel_id": team.gestor.id}
    new = gestor.post("/leads", lead, headers=key)
    assert new.status == 201
    path, due = f"/leads/{new.data['id']}/activities", "2031-05-02T12:00:00Z"
    task = {"tipo": "tarefa", "texto": f"prometido {word}", "prevista_para": due}
    assert gestor.post(path, task).status == 201
    put(gestor, new.data["id"], motivo=f"ajustado {word}")
    assert gestor.post("/queue/next", {}).data["situacao"] == "lead"
    assert gestor.post("/queue/skip", {"motivo": f"pulado {word}"}).status == 200
    csv = f"nome,uf,valor\nimportado {word},SP,1\nrejeitado {word},XX,2\nrecusado {word},SP,nada\n"
    assert upload(gestor, csv).data["criados"] == 1
    assert upload(gestor, csv, headers={"Prefer": "respond-async"}).status == 202
    previewed(gestor, f"nome\nvisto {word}\n")
    assert gestor.post("/auth/keys", {"nome": f"chave {word}", "role": "gestor"}).status == 201
    assert gestor.patch("/equipe", {"nome": f"equipe {word}"}).status == 200
    funnel = {"itens": [*FUNNEL, {"nome": f"etapa {word}", "tipo": "aberta"}]}
    assert gestor.call("PUT", "/stages", json=funnel).status == 200
    register(gestor, "vendedor", nome=f"pessoa {word}", email=new_email(word))
    sign_in(gestor.app, team.gestor.email)
    goal = {"produto": f"meta {word}", "ganhos": 20}
    assert gestor.call("PUT", "/goals/2026-08", json={"metas": [goal]}).status == 200
    rule = {"campo": "email", "operador": "preenchido", "pontos": 1, "motivo": f"regra {word}"}
    assert gestor.post("/scores/rules/drafts", {"regras": [rule]}).status == 201
    ask(gestor)


def score(sql: Engine, team: Team, word: str) -> None:
    """What jobs and the sweep would have written by now: rules in force, a model, loads."""
    report = {name: None for name in ("janela", "taxa_base", "base", *MEASURES)}
    report |= {name: [] for name in ("calibracao", "campos", "excluidos", "deriva")}
    report |= {"n": 0, "ganhos": 0, "parametros": {}, "motivo": f"modelo {word}"}
    report |= {"estado": "regras", "posteriores": 0}
    for statement in _SCORED:
        known = {"e": team.equipe_id, "u": team.gestor.id, "r": json.dumps(report)}
        run(sql, statement, **{name: known[name] for name in known if f":{name}" in statement})


def told(callers: dict[str, Actor], who: Iterable[str]) -> dict[tuple[str, str], bytes]:
    return {(read, name): answer(read, callers[name]) for name in who for read in READS}


def answer(read: str, caller: Actor) -> bytes:
    """Everything that one read says, but for the time it was asked."""
    method, path = read.split(" ")
    replies = [prepare(read, caller).by(caller.api)]
    replies += [caller.api.call(method, path, **how) for how in VARIANTS.get(read, [])]
    admitted = lets_in(read, caller.role, machine=caller.machine)
    assert {reply.status for reply in replies} == {200 if admitted else 403}
    raw = b"\n".join(reply.raw for reply in replies if admitted)
    return _CLOCK.sub(b"", raw)


def leads_closed_to(caller: Actor, mine: list[Row]) -> list[dict[str, Any]]:
    """Leads of the caller's equipe that the caller may not see."""
    leads = [json.loads(row) for table, row in mine if table == "leads"]
    others = [lead for lead in leads if lead["responsavel_id"] != caller.person.id]
    return others if caller.role == "vendedor" else []


def values_closed_to(caller: Actor, mine: list[Row], leads: list[dict[str, Any]]) -> set[str]:
    """The texts that only those leads have, and the ids of others' sessions and jobs."""
    ids = {lead["id"] for lead in leads}
    sides: dict[bool, list[Row]] = {True: [], False: []}
    for table, row in mine:
        if table in ("leads", "lead_pontuacao", "revisoes", "ajustes"):
            lead = json.loads(row)
            sides[lead.get("lead_id", lead.get("id")) in ids].append((table, row))
    sessions = [json.loads(row) for table, row in mine if table == "sessoes"]
    others = {str(s["id"]) for s in sessions if s["usuario_id"] != caller.person.id}
    jobs = [json.loads(row) for table, row in mine if table == "trabalhos"]
    asked = (caller.person.id, caller.machine)
    others |= {
        str(job["id"])
        for job in jobs
        if caller.role == "vendedor" and (job["usuario_id"], job["chave_id"] is not None) != asked
    }
    return values(sides[True]) - values(sides[False]) | others


@pytest.fixture(scope="module")
def stage(app: Flask, sql: Engine) -> Stage:
    make_ids_recognisable(sql)
    team = open_team(app)
    callers = {who: actor(app, team, who) for who in WHO}
    fill(team, "kwmeu")
    score(sql, team, "kwmeu")
    settle(sql, team.equipe_id)
    before = told(callers, [who for who in WHO if callers[who].role == "vendedor"])
    fill_leads(team.colleague, "kwcolega")
    settle(sql, team.equipe_id)
    before |= told(callers, [who for who in WHO if callers[who].role == "gestor"])
    victim = open_team(app)
    fill(victim, "kwalheio")
    score(sql, victim, "kwalheio")
    settle(sql, victim.equipe_id)
    after = told(callers, WHO)
    mine, victims = rows_of(sql, team.equipe_id), rows_of(sql, victim.equipe_id)
    leads = {who: leads_closed_to(callers[who], mine) for who in WHO}
    foreign = values(victims) - values(mine)
    hidden = {who: foreign | values_closed_to(callers[who], mine, leads[who]) for who in WHO}
    return Stage(callers, victim, victims, leads, hidden, before, after)


def test_the_other_equipe_has_rows_in_every_table(stage: Stage, sql: Engine) -> None:
    filled = {table for table, _ in stage.victims}
    assert filled == {*tables(sql), "equipes", "sessoes"}
    # Its own gestor is shown them: they would be recognised.
    own = actor(stage.victim.gestor.api.app, stage.victim, "gestor")
    for read in set(READS) - COUNTS:
        assert found_in(answer(read, own), stage.hidden["gestor"]), read


@pytest.mark.parametrize("operation", OPERATIONS)
@pytest.mark.parametrize("who", WHO)
def test_no_reply_holds_data_of_another_user_or_equipe(
    stage: Stage, sql: Engine, operation: str, who: str
) -> None:
    caller = stage.callers[who]
    reply = prepare(operation, caller).by(caller.api)
    admitted = lets_in(operation, caller.role, machine=caller.machine)
    assert reply.status == (success(operation) if admitted else 403), reply.body
    said = reply.raw + stage.after.get((operation, who), b"")
    shown = shown_by_queue(stage, sql, operation, who) | shown_by_rules(stage, operation)
    assert found_in(said, stage.hidden[who] - shown) == []
    assert rows_of(sql, stage.victim.equipe_id) == stage.victims


def shown_by_queue(stage: Stage, sql: Engine, operation: str, who: str) -> set[str]:
    """Of leads without a responsável the queue shows the ids, and whoever takes one all of it: also
    one that the same person, or a key of theirs, has taken in a test before this one."""
    if "/queue" not in operation:
        return set()
    free = [lead for lead in stage.hidden_leads[who] if lead["responsavel_id"] is None]
    if operation == "GET /queue":
        person = stage.callers[who].person.id
        held = rows(sql, "select lead_id from fila where reservado_por = :u", u=person)
        taken = [lead for lead in free if (lead["id"],) in held]
        ids = {str(lead["id"]) for lead in free}
        return ids | values(("leads", json.dumps(lead)) for lead in taken)
    return values(("leads", json.dumps(lead)) for lead in free)


def shown_by_rules(stage: Stage, operation: str) -> set[str]:
    """All of the equipe may know who published its rules."""
    publisher = stage.callers["gestor"].team.gestor.id
    return {str(publisher)} if operation == "GET /scores/rules" else set()


@pytest.mark.parametrize("read", READS)
@pytest.mark.parametrize("who", WHO)
def test_no_count_or_sum_changes_with_rows_of_others(stage: Stage, read: str, who: str) -> None:
    """Counts and sums show no row; they must not have changed either."""
    assert stage.after[read, who] == stage.before[read, who]


@pytest.mark.parametrize("who", WHO)
def test_no_search_finds_leads_of_others_by_their_keys(stage: Stage, who: str) -> None:
    leads = [json.loads(row) for table, row in stage.victims if table == "leads"]
    leads += stage.hidden_leads[who]
    asked = [{key: lead[key]} for lead in leads for key in KEYS[:3] if lead[key]]
    assert len(asked) >= 18
    for body in asked:
        reply = stage.callers[who].api.post("/leads/search", {**body, "total": True})
        assert (reply.status, reply.data["itens"], reply.data["total"]) == (200, [], 0)


# ------------------------------------------------ refusals that name the leads they are about


def test_every_operation_that_meets_duplicates_is_tried() -> None:
    """A file's lines are answered by codes alone."""
    keyed = {r for r, c in declared().items() if c.body and set(KEYS) <= set(c.body.model_fields)}
    assert keyed == set(MEETS_DUPLICATES)


@pytest.mark.parametrize("operation", MEETS_DUPLICATES)
@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("who", [who for who in WHO if "vendedor" in who])
def test_a_duplicate_names_no_lead_of_a_colleague(
    stage: Stage, sql: Engine, operation: str, key: str, who: str
) -> None:
    caller = stage.callers[who]
    theirs = next(lead[key] for lead in stage.hidden_leads[who] if lead[key])
    own = create(caller.person.api, email=new_email("proprio"), responsavel_id=caller.person.id)
    call = prepare(operation, caller)
    before = rows_of(sql, caller.team.equipe_id)
    # One lead that the vendedor may read and one that they may not: only the first is named.
    call.how["json"] = {"nome": "Lead", "email": own["email"], key: theirs}
    reply = call.by(caller.api)
    assert reply.status == 409
    named = [] if key == "email" else [own["id"]]
    assert reply.data.get("ids", named) == named
    assert found_in(reply.raw, stage.hidden[who]) == []
    assert rows_of(sql, caller.team.equipe_id) == before
