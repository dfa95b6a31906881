"""What a file comes to does not depend on how it is parted: batches of one line, of a few, or the
whole file in one transaction give the same reply, the same lines and the same leads."""

from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.imports import stepping
from tests.imports.test_import import COUNTS, TOLD
from tests.support.api import Api, Team, open_team
from tests.support.derived import check
from tests.support.jobs import work
from tests.support.leads import all_leads, cpf_of, create, imported, rows, upload

DOCUMENTS = [cpf_of(f"{n:09d}") for n in (701, 702, 703)]
EMAILS = [f"pessoa-inventada-{n}@exemplo.com.br" for n in range(4)]
PHONES = [f"+551198765000{n}" for n in range(4)]
IDS = ["crm-1", "crm-2"]
KEYS = {"documento": DOCUMENTS, "email": EMAILS, "telefone": PHONES, "id_externo": IDS}
SHOWN = ["nome", *KEYS, "cidade", "etapa", "etiquetas", "versao"]
HEADER = ["nome", *KEYS, "contatos", "cidade", "etapa", "motivo_perda", "etiquetas", "uf"]


def cells(**more: list[str]) -> st.SearchStrategy[dict[str, str]]:
    """Few values, so that lines meet leads and each other; the empty one is the likeliest."""
    choices = {name: ["", "", *values] for name, values in KEYS.items()} | more
    return st.fixed_dictionaries({name: st.sampled_from(v) for name, v in choices.items()})


LINES = st.lists(
    cells(
        nome=["", "Ana Fictícia", "Bia Fictícia"],
        cidade=["", "Lins"],
        etapa=["", "", "novo", "ganho", "proposta"],
        motivo_perda=["", "", "Preço"],
        etiquetas=["", "vip", "frio"],
        uf=["", "", "", "SP", "XX"],
        contatos=["", "", EMAILS[2], f"{PHONES[3]} | {EMAILS[3]}", f"{EMAILS[1]} | {PHONES[0]}"],
    ),
    min_size=2,
    max_size=12,
)
# Each key is one lead's at the most, but for what a lead has beside its principal contacts.
LEADS = st.permutations(range(3)).map(
    lambda order: [
        {name: values[n] for name, values in KEYS.items() if n < len(values)} for n in order[:2]
    ]
)
KEPT = st.lists(
    st.fixed_dictionaries(
        {name: st.booleans() for name in KEYS} | {"etapa": st.sampled_from(["novo", "ganho"])}
    ),
    min_size=2,
    max_size=2,
)


def csv_of(lines: list[dict[str, str]]) -> str:
    rows_ = [";".join(line[name] for name in HEADER) for line in lines]
    return "\n".join([";".join(HEADER), *rows_, ""])


def filled(app: Flask, leads: list[dict[str, str]], kept: list[dict[str, Any]]) -> Team:
    team = open_team(app)
    for lead, keeps in zip(leads, kept, strict=True):
        fields = {name: value for name, value in lead.items() if keeps[name]}
        other = (
            [{"tipo": "email", "valor": EMAILS[3]}]
            if keeps["email"] and keeps["id_externo"]
            else []
        )
        allowed = {"query_string": {"permitir_duplicado": 1}}
        body = {"nome": "Lead", "etapa": keeps["etapa"], "contatos": other, **fields}
        assert team.gestor.api.post("/leads", body, **allowed).status == 201
    return team


def outcome(sql: Engine, team: Team, report: dict[str, Any]) -> dict[str, Any]:
    """Everything that an import has come to; a lead is its place among the equipe's."""
    leads = all_leads(team.gestor.api, ordenar="criado_em")
    ids = sorted(lead["id"] for lead in leads)
    place = {lead_id: n for n, lead_id in enumerate(ids)} | {None: None}
    lines = rows(
        sql,
        "select linha, n, resultado, lead_id, versao, campo, codigo, mensagem, celulas "
        "from importacao_linhas where importacao_id = :id order by linha, n",
        id=report["id"],
    )
    contacts = rows(
        sql,
        "select lead_id, ordem, tipo, chave from lead_contatos where equipe_id = :e "
        "order by lead_id, ordem",
        e=team.equipe_id,
    )
    made = sorted(leads, key=lambda lead: lead["id"])
    return {
        "report": {name: report[name] for name in (*COUNTS, "avisados", *TOLD)},
        "lines": [(*line[:3], place[line[3]], *line[4:]) for line in lines],
        "contacts": [(place[contact[0]], *contact[1:]) for contact in contacts],
        "leads": [[lead[name] for name in SHOWN] for lead in made],
    }


def in_batches(app: Flask, api: Api, csv: str, size: int, query: dict[str, Any]) -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as within:
        within.setattr(stepping, "FIRST", size)
        within.setattr(stepping, "next_size", lambda size, _: size)
        reply = upload(api, csv, headers={"Prefer": "respond-async"}, **query)
        assert reply.status == 202, reply.body
        work(app)
    done = api.get(f"/imports/{reply.data['id']}").data
    assert done["estado"] == "concluida", done
    return done


@given(
    leads=LEADS,
    kept=KEPT,
    lines=LINES,
    duplicados=st.sampled_from(["pular", "atualizar", "atualizar", "erro"]),
    reabrir=st.sampled_from(["0", "1"]),
)
@settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_size_of_batches_changes_nothing(
    app: Flask,
    sql: Engine,
    leads: list[dict[str, str]],
    kept: list[dict[str, Any]],
    lines: list[dict[str, str]],
    duplicados: str,
    reabrir: str,
) -> None:
    csv, query = csv_of(lines), {"duplicados": duplicados, "reabrir": reabrir}
    team = filled(app, leads, kept)
    whole = outcome(sql, team, imported(team.gestor.api, csv, **query))
    assert sum(whole["report"][name] for name in COUNTS[1:]) == whole["report"]["linhas"]
    for size in (1, 3, 100):
        team = filled(app, leads, kept)
        report = in_batches(app, team.gestor.api, csv, size, query)
        assert outcome(sql, team, report) == whole, f"batches of {size}"
        check(sql, team.equipe_id)


def test_that_a_line_repeats_another_is_said_before_what_the_other_made_wrong(
    app: Flask, sql: Engine
) -> None:
    """The first line gives the lead a document, which the second one contradicts."""
    csv = f"email;telefone;documento\n{EMAILS[0]};;{DOCUMENTS[0]}\n;{PHONES[0]};{DOCUMENTS[1]}\n"
    query = {"duplicados": "atualizar"}
    for size in (None, 1):
        api = (team := open_team(app)).gestor.api
        create(api, email=EMAILS[0], telefone=PHONES[0])
        report = in_batches(app, api, csv, size, query) if size else imported(api, csv, **query)
        assert (report["atualizados"], report["rejeitados"]) == (1, 1)
        (error,) = report["erros"]
        assert (error["campo"], error["codigo"]) == ("telefone", "DUPLICADO_NO_ARQUIVO")
        check(sql, team.equipe_id)
