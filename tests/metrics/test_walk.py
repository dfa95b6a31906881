"""Random writes over HTTP: after every few of them each figure of each view is what a plain count
of the leads gives, before and after a fold, and a recount finds nothing to correct."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.metrics.views import Checker
from tests.support.api import Api, Team
from tests.support.leads import create, rows, run, upload

STAGES = ("novo", "contatado", "qualificado", "proposta", "ganho", "pago", "perdido")
# A stage of lost leads that is archived and taken up again.
CLOSED = {"chave": "sem_perfil", "nome": "Sem perfil", "tipo": "perdida"}
FUNNEL = [
    *({"nome": stage, "tipo": "aberta"} for stage in STAGES[:4]),
    *({"nome": stage, "tipo": "ganha"} for stage in STAGES[4:6]),
    {"nome": "perdido", "tipo": "perdida"},
]
SOURCES = ("Site", "site", "Feira", "indicação", None)
PRODUCTS = ("Consórcio", "seguro", None)
ZONES = ("America/Sao_Paulo", "America/Manaus", "America/Noronha")


class Walk:
    fine: tuple[int, ...] = (200,)  # what a write may be answered with

    def __init__(self, team: Team, sql: Engine, seed: int) -> None:
        self.team, self.sql = team, sql
        self.api: Api = team.gestor.api
        self.chance = random.Random(seed)
        self.live: list[int] = []
        self.deleted: list[int] = []
        self.stages = [*STAGES, "sem_perfil"]
        first = {"nome": CLOSED["nome"], "tipo": CLOSED["tipo"]}
        assert self._funnel([*FUNNEL, first]) == 200

    def _funnel(self, itens: list[dict[str, Any]], **more: Any) -> int:
        return self.api.call("PUT", "/stages", json={"itens": itens, **more}).status

    def step(self) -> None:
        write = self.chance.choice(
            [self._create] * 3
            + [self._patch] * 3
            + [self._move] * 4
            + [self._delete, self._restore, self._activity, self._import, self._bulk, self._score]
            + [self._archive]
        )
        write()

    def _lead(self) -> int:
        if not self.live:
            self._create()
        return self.chance.choice(self.live)

    def _fields(self) -> dict[str, Any]:
        chance = self.chance
        owners = (None, self.team.vendedor.id, self.team.colleague.id)
        return {
            "origem": chance.choice(SOURCES),
            "produto": chance.choice(PRODUCTS),
            "valor": chance.choice((None, "0.01", "1234.56", "999999.99")),
            "responsavel_id": chance.choice(owners),
            "previsto_para": chance.choice((None, "2027-01-31", "2027-02-01")),
            "proximo_contato_em": chance.choice((None, self._moment(30), self._moment(-30))),
        }

    def _moment(self, days: int) -> str:
        """Up to so many days ago, sometimes within moments of a midnight."""
        ago = timedelta(seconds=self.chance.uniform(0, days * 86_400))
        moment = datetime.now(UTC) - ago
        if self.chance.random() < 0.3:
            near = timedelta(microseconds=self.chance.choice((-1, 0, 1)))
            hour = self.chance.choice((2, 3, 4))
            moment = moment.replace(hour=hour, minute=0, second=0, microsecond=0) + near
        return min(moment, datetime.now(UTC)).isoformat() if days > 0 else moment.isoformat()

    def _create(self) -> None:
        stage = self._stage()
        lead = create(self.api, **stage, **self._fields())
        self.live.append(lead["id"])
        if self.chance.random() < 0.5:
            self._date(lead["id"], closed=stage["etapa"] not in STAGES[:4])

    def _stage(self) -> dict[str, str]:
        stage = self.chance.choice(self.stages)
        lost = stage in ("perdido", "sem_perfil")
        return {"etapa": stage} | ({"motivo_perda": "preço"} if lost else {})

    def _archive(self) -> None:
        """The second stage of lost leads, or take it up again."""
        if "sem_perfil" in self.stages:
            self.stages.remove("sem_perfil")
            assert self._funnel(FUNNEL, mover={"sem_perfil": "perdido"}) in self.fine
        else:
            self.stages.append("sem_perfil")
            assert self._funnel([*FUNNEL, CLOSED]) in self.fine

    def _date(self, lead: int, *, closed: bool) -> None:
        """As an import of what happened before would."""
        closing = ", fechado_em = :f" if closed else ""
        moments = {"c": self._moment(90)} | ({"f": self._moment(40)} if closed else {})
        statement = f"update leads set criado_em = :c{closing} where id = :id"
        run(self.sql, statement, id=lead, **moments)

    def _patch(self) -> None:
        fields = self._fields()
        chosen = self.chance.sample(sorted(fields), self.chance.randint(1, 3))
        path = f"/leads/{self._lead()}"
        assert self.api.patch(path, {name: fields[name] for name in chosen}).status in self.fine

    def _move(self) -> None:
        assert self.api.patch(f"/leads/{self._lead()}", self._stage()).status in self.fine

    def _delete(self) -> None:
        lead = self._lead()
        assert self.api.delete(f"/leads/{lead}").status in self.fine
        self.live.remove(lead)
        self.deleted.append(lead)

    def _restore(self) -> None:
        if self.deleted:
            lead = self.deleted.pop()
            assert self.api.post(f"/leads/{lead}/restore").status in self.fine
            self.live.append(lead)

    def _activity(self) -> None:
        note = {"tipo": "ligacao", "resultado": "atendeu"}
        self.api.post(f"/leads/{self._lead()}/activities", note)

    def _import(self) -> None:
        lines = [
            f"Lead,{self.chance.choice(self.stages)},{n}.50,preço,Feira,{self._moment(500)}"
            for n in range(5)
        ]
        header = "nome,etapa,valor,motivo_perda,origem,criado_em\n"
        assert upload(self.api, header + "\n".join(lines)).status in self.fine
        self._look()

    def _bulk(self) -> None:
        ids = self.chance.sample(self.live, min(4, len(self.live)))
        if ids:
            asked = {"ids": ids, "acao": "move", **self._stage()}
            assert self.api.post("/leads/bulk", asked).status in self.fine

    def _score(self) -> None:
        """What a training and a publication leave: other probabilities, other bands. They hold the
        leads, as whoever writes anything of a lead does: figures count on that."""
        run(
            self.sql,
            "with presos as materialized (select id from leads where equipe_id = :e order by id "
            "for no key update) update lead_pontuacao p "
            "set probabilidade = case when e.tipo = 'aberta' "
            "then round(random()::numeric, 6)::float8 end, "
            "faixa = (array['quente', 'morno', 'frio'])[1 + floor(random() * 3)::int] "
            "from etapas e where p.equipe_id = :e and e.equipe_id = :e and e.chave = p.etapa "
            "and p.lead_id in (select id from presos) and random() < 0.5",
            e=self.team.equipe_id,
        )

    def _look(self) -> None:
        found = rows(
            self.sql,
            "select id from leads where equipe_id = :e and excluido_em is null",
            e=self.team.equipe_id,
        )
        self.live = [lead for (lead,) in found]


def fold(sql: Engine, equipe_id: int) -> None:
    assert rows(sql, "select metricas_dobrar(:e, null)", e=equipe_id)


def recount(sql: Engine, equipe_id: int, zone: str) -> int | None:
    law = "(select lei from metricas_base where equipe_id = :e)"
    ((wrong,),) = rows(sql, f"select metricas_recontar(:e, :z, {law})", e=equipe_id, z=zone)
    return wrong


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_figure_is_that_of_a_plain_count(
    app: Flask, team: Team, sql: Engine, seed: int
) -> None:
    zone = ZONES[seed % len(ZONES)]
    team.gestor.api.patch("/equipe", {"fuso": zone})
    walk = Walk(team, sql, seed)
    api = team.gestor.api
    for turn in range(6):
        for _ in range(12):
            walk.step()
        if turn % 2:
            fold(sql, team.equipe_id)
        Checker(api, sql, team.equipe_id).check()
        Checker(api, sql, team.equipe_id, origem="site").check()
        Checker(api, sql, team.equipe_id, responsavel_id=team.vendedor.id).check()
        Checker(api, sql, team.equipe_id, responsavel_id=None, produto="seguro").check()
        Checker(team.vendedor.api, sql, team.equipe_id, responsavel_id=team.vendedor.id).check()
    assert recount(sql, team.equipe_id, zone) == 0
