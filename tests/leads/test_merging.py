"""A line of an import and an upsert that say the same do the same: the rules are those of
services/leads/merging, which are written once for lines and once for single leads.

Two equipes have the same leads. One gets each line as a file, the other as a request.
"""

import csv
import io
import random
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.support import stays
from tests.support.api import Reply, Team, open_team
from tests.support.leads import all_leads, cpf_of, imported, rows

STEPS = 70
POOL = 9
STARTED = 5  # leads
DOCUMENTS = [cpf_of(f"{500_000_000 + n}") for n in range(POOL)]
KEYS = ("documento", "email", "telefone", "id_externo")
INSTANTS = ("criado_em", "fechado_em", "etapa_desde", "ultimo_contato_em", "proximo_contato_em")
# What tells one equipe from the other, or one write from the next.
OWN = ("id", "atualizado_em", "responsavel_id")


class Twins:
    """The two equipes, and who of the one stands for whom of the other."""

    def __init__(self, app: Flask, sql: Engine, seed: int) -> None:
        self.sql, self.dice = sql, random.Random(seed)
        self.by_file, self.by_call = open_team(app), open_team(app)
        self.began = datetime.now(UTC)

    def owner(self, team: Team, place: int | None) -> int | None:
        return None if place is None else (team.gestor, team.vendedor, team.colleague)[place].id

    def create(self) -> None:
        """The same lead for both, if it can be."""
        body = {
            **self.lead(),
            "contatos": [self.contact() for _ in range(self.dice.choice(OTHERS))],
        }
        body["atributos"] = {"a": 1, **dict.fromkeys(map(str, range(self.dice.choice([0, 98]))), 1)}
        body["etiquetas"] = [f"e{n}" for n in range(self.dice.choice([1, 2, 19, 20]))]
        body.pop("criado_em", None)
        body.pop("fechado_em", None)
        if body.get("etapa") != "perdido":
            body.pop("motivo_perda", None)
        place = body.pop("responsavel_id", None)
        statuses = {
            team.gestor.api.post(
                "/leads", {**body, "responsavel_id": self.owner(team, place)}
            ).status
            for team in (self.by_file, self.by_call)
        }
        assert statuses in ({201}, {409}, {422}), statuses

    def lead(self) -> dict[str, Any]:
        """Some fields, as a body has them; `responsavel_id` is a place."""
        dice = self.dice
        etapa = dice.choice(["novo", "contatado", "proposta", "ganho", "perdido", "PERDIDO"])
        fields: dict[str, Any] = {
            "nome": dice.choice(["Ana", "Bia", "Zoë Souza"]),
            "documento": dice.choice(DOCUMENTS),
            "email": self.email(),
            "telefone": self.phone(),
            "id_externo": f"crm-{dice.randrange(POOL)}",
            "empresa": dice.choice(["Padaria", "Açougue"]),
            "uf": dice.choice(["SP", "rj"]),
            "produto": dice.choice(["Seguro", "SEGURO"]),
            "origem": dice.choice(["Site", "indicação"]),
            "valor": dice.choice(["10.00", "20000.00"]),
            "renda_mensal": "5000.00",
            "etiquetas": dice.choice([["vip"], ["e0", "vip"], ["um", "dois"]]),
            "etapa": etapa,
            "motivo_perda": dice.choice(["preço", "prazo"]),
            "fechado_em": self.date(),
            "criado_em": self.date(),
            "ultimo_contato_em": self.date(),
            "previsto_para": dice.choice(["2030-01-01", "2030-02-01"]),
            "responsavel_id": dice.randrange(3),
            "atributos": dice.choice([{"a": 1}, {"a": 2}, {"b": "sim"}, {"c": 1, "d": 2, "e": 3}]),
        }
        rare = {"fechado_em": 0.35, "criado_em": 0.2, "etapa": 0.4, "motivo_perda": 0.3}
        return {
            name: value
            for name, value in fields.items()
            if dice.random() < rare.get(name, 0.4 if name in KEYS else 0.15)
        }

    def email(self) -> str:
        return f"pessoa{self.dice.randrange(POOL)}@exemplo.com.br"

    def phone(self) -> str:
        return f"(11) 9{81_000_000 + self.dice.randrange(POOL)}"

    def contact(self) -> dict[str, str]:
        kind = self.dice.choice(["telefone", "email", "whatsapp_id", "whatsapp_id"])
        free = f"BR.{self.dice.randrange(10**9)}"
        value = {"telefone": self.phone(), "email": self.email(), "whatsapp_id": free}[kind]
        return {"tipo": kind, "valor": value}

    def date(self) -> str:
        """Of two that are there often, or one that is in the future."""
        days = self.dice.choice([10] * 5 + [20] * 6 + [-1])
        return (self.began - timedelta(days=days, seconds=60)).isoformat()

    # ------------------------------------------------------------ the same line twice

    def step(self) -> str:
        said, chave = self.line()
        reopen = self.dice.random() < 0.3
        report = self.file(said, reopen=reopen)
        reply = self.call(said, chave, reopen=reopen)
        outcome = told(report)
        shown = f"{said} by {chave}, reopen {reopen}: {report}, {reply.status} {reply.body}"
        assert answered(reply, outcome), shown
        assert self.leads(self.by_file) == self.leads(self.by_call), shown
        return outcome

    def line(self) -> tuple[dict[str, Any], str]:
        """Mostly of a lead that is there, by some of its keys; and which key is named."""
        said, dice = self.lead(), self.dice
        if dice.random() < 0.7:
            some = dice.choice(all_leads(self.by_file.gestor.api))
            theirs = self.keys_of(some["id"])
            known = dice.sample(sorted(theirs), k=min(len(theirs), dice.choice([1, 1, 2])))
            rest = {} if dice.random() < 0.8 else {n: said[n] for n in KEYS if n in said}
            said = {n: v for n, v in said.items() if n not in KEYS}
            said |= rest | {name: dice.choice(theirs[name]) for name in known}
        if said.get("etapa", "").lower() == "perdido" and dice.random() < 0.8:
            said["motivo_perda"] = "preço"
        named = [name for name in KEYS if name in said]
        said |= {} if named else {"id_externo": f"crm-{dice.randrange(POOL)}"}
        return said, dice.choice(named or ["id_externo"])

    def keys_of(self, lead_id: int) -> dict[str, list[str]]:
        lead = self.by_file.gestor.api.get(f"/leads/{lead_id}").data
        found: dict[str, list[str]] = {name: [lead[name]] for name in KEYS if lead[name]}
        for each in lead["contatos"]:
            if each["tipo"] in KEYS:
                found.setdefault(each["tipo"], []).append(each["valor"])
        return found or {"id_externo": ["crm-0"]}

    def file(self, said: dict[str, Any], *, reopen: bool) -> dict[str, Any]:
        line = dict(said)
        for name, value in line.pop("atributos", {}).items():
            line[f"atributos.{name}"] = value
        if "responsavel_id" in line:
            line["responsavel_id"] = self.owner(self.by_file, line["responsavel_id"])
        if "etiquetas" in line:
            line["etiquetas"] = "|".join(line["etiquetas"])
        blanks = dict.fromkeys(["cidade", "campanha"], "")
        text = io.StringIO()
        writer = csv.DictWriter(text, [*line, *blanks])
        writer.writeheader()
        writer.writerow(line | blanks)
        query = {"duplicados": "atualizar", "reabrir": int(reopen)}
        return imported(self.by_file.gestor.api, text.getvalue(), **query)

    def call(self, said: dict[str, Any], chave: str, *, reopen: bool) -> Reply:
        body = said | {"cidade": None, "campanha": "  "}
        if "responsavel_id" in body:
            body["responsavel_id"] = self.owner(self.by_call, body["responsavel_id"])
        path = f"/leads?chave={chave}&reabrir={int(reopen)}"
        return self.by_call.gestor.api.call("PUT", path, json=body)

    # ------------------------------------------------------------ what is left

    def leads(self, team: Team) -> list[Any]:
        """All leads in the order in which they came, with their contacts and their history."""
        people = {None: None, **{self.owner(team, place): place for place in range(3)}}
        history = stays.kept(self.sql, team.equipe_id)
        assert history == stays.recomputed(self.sql, team.equipe_id)
        contacts, events = self.contacts(team.equipe_id), self.events(team.equipe_id, people)
        found = []
        for lead in sorted(all_leads(team.gestor.api), key=itemgetter("id")):
            kept = {name: value for name, value in lead.items() if name not in OWN}
            kept |= {name: self.when(lead[name]) for name in INSTANTS}
            past = [(each.etapa, self.when(each.entrou_em)) for each in history[lead["id"]]]
            owner = people[lead["responsavel_id"]]
            found.append((kept, owner, past, contacts.get(lead["id"]), events[lead["id"]]))
        return found

    def contacts(self, equipe_id: int) -> dict[int, list[Any]]:
        of = "select lead_id, ordem, tipo, valor from lead_contatos where equipe_id = :e"
        found: dict[int, list[Any]] = {}
        for lead_id, *contact in rows(self.sql, f"{of} order by lead_id, ordem", e=equipe_id):
            found.setdefault(lead_id, []).append(contact)
        return found

    def events(self, equipe_id: int, people: dict[int | None, Any]) -> dict[int, list[Any]]:
        """A creation names its fields only where it came as a request."""
        of = "select lead_id, tipo, campos, de_etapa, para_etapa, dados from eventos"
        where = "where equipe_id = :e and lead_id is not null order by id"
        found: dict[int, list[Any]] = {}
        for lead_id, kind, fields, de, para, dados in rows(self.sql, f"{of} {where}", e=equipe_id):
            told = () if kind == "lead_criado" else fields
            found.setdefault(lead_id, []).append((kind, told, de, para, *self.more(dados, people)))
        return found

    def more(self, dados: dict[str, int] | None, people: dict[int | None, Any]) -> list[Any]:
        """Since when it is in its stage, and to whom it was given."""
        told = dados or {}
        since = (
            self.when(datetime.fromtimestamp(told["desde"] / 1e6, UTC)) if "desde" in told else 0
        )
        return [since, people[told["responsavel_id"]] if "responsavel_id" in told else "nobody new"]

    def when(self, instant: Any) -> str | None:
        """The instant, or that it is of this test."""
        if instant is None:
            return None
        at = datetime.fromisoformat(instant) if isinstance(instant, str) else instant
        return "now" if at > self.began - timedelta(seconds=30) else f"{at:%d.%m. %H:%M:%S.%f}"


OTHERS = [0, 0, 1, 3, 10]


def told(report: dict[str, Any]) -> str:
    """What became of the one line: a code, or what was done."""
    errors = report["erros"] or report["linhas_puladas"]
    if errors:
        return str(errors[0]["codigo"])
    if report["iguais"]:
        return "SEM_MUDANCA"
    return "created" if report["criados"] else "updated"


def answered(reply: Reply, outcome: str) -> bool:
    if outcome in ("created", "updated", "SEM_MUDANCA"):
        return reply.status == (201 if outcome == "created" else 200)
    return reply.status in (409, 422) and outcome in reply.campos.values()


@pytest.mark.parametrize("seed", range(3))
def test_a_line_and_an_upsert_do_the_same(app: Flask, sql: Engine, seed: int) -> None:
    twins = Twins(app, sql, seed)
    while len(all_leads(twins.by_call.gestor.api)) < STARTED:
        twins.create()
    outcomes = {twins.step() for _ in range(STEPS)}
    assert outcomes >= {
        *("created", "updated", "SEM_MUDANCA"),
        *("LEAD_DUPLICADO", "LEAD_FECHADO", "IDENTIDADE_DIVERGENTE"),
    }
