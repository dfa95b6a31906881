"""Whatever two equipes do at once, each queue is what it follows from, and nobody holds what is not
theirs."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.queue.test_next import followed
from tests.support.api import Member, Team, open_team
from tests.support.jobs import work
from tests.support.leads import rows, run
from tests.support.queue_check import check_queue
from tests.support.queues import attempt
from tests.support.walk import OFTEN, Walk

ROUNDS, STEPS = 5, 40
MORE = {
    "claim": 12,
    "skip": 3,
    "give_back": 3,
    "promised": 5,
    "tried": 4,
    "expire": 2,
    "absent": 3,
    "given": 3,
    "tuned": 2,
}


class QueueWalk(Walk):
    """A walk whose people also take leads, skip them and give them back."""

    def __init__(self, sql: Engine, team: Team, seed: int, mark: str, foreign: str) -> None:
        super().__init__(team, seed, mark, foreign)
        self.sql = sql
        self.people = [team.gestor, team.vendedor, team.colleague]
        self.taken = 0
        self.gone = 0

    def steps(self, count: int) -> None:
        self._look()
        names = OFTEN | MORE
        for _ in range(count):
            (name,) = self.random.choices(list(names), list(names.values()))
            getattr(self, name)()

    def claim(self) -> None:
        who = self.random.choice(self.people)
        reply = who.api.post("/queue/next", {})
        assert reply.status == 200
        if reply.data["situacao"] == "lead":
            self.taken += 1
            self.holds(who, reply.data["lead"]["id"])

    def holds(self, who: Member, lead_id: int) -> None:
        """Whoever was given a lead sees it, a colleague only if they are its responsável, and
        nobody of the other equipe."""
        assert lead_id not in self.strangers
        shown = who.api.get(f"/leads/{lead_id}")
        assert shown.status == 200, shown.body
        for other in (self.team.vendedor, self.team.colleague):
            if other is not who and shown.data["responsavel_id"] != other.id:
                assert other.api.get(f"/leads/{lead_id}").status == 404

    def skip(self) -> None:
        who = self.random.choice(self.people)
        assert who.api.post("/queue/skip", {"motivo": "depois"}).status in (200, 409)

    def give_back(self) -> None:
        who = self.random.choice(self.people)
        lead_id = self.random.choice([*self.live, *self.strangers, 1])
        reply = who.api.post(f"/leads/{lead_id}/release")
        assert reply.status in (200, 404, 409)
        assert reply.status == 404 or lead_id not in self.strangers

    def promised(self) -> None:
        """Somebody promises to call, or says that they will not; or hands the lead over."""
        due = datetime.now(UTC) + timedelta(hours=self.random.choice([-80, -20, -1, 1, 30]))
        body: dict[str, Any] = {
            "proximo_contato_em": self.random.choice([due.isoformat(), due.isoformat(), None])
        }
        if self.random.random() < 0.3:
            body["responsavel_id"] = self.random.choice([None, *(who.id for who in self.people)])
        lead_id = self.random.choice(self.live or [1])
        assert self.team.gestor.api.patch(f"/leads/{lead_id}", body).status in (200, 404, 412)

    def tried(self) -> None:
        lead_id = self.random.choice(self.live or [1])
        for ago in range(self.random.choice([1, 1, 7])):
            result = self.random.choice(["nao_atendeu", "nao_atendeu", "nao_atendeu", "atendeu"])
            attempt(self.sql, self.team.vendedor.id, lead_id, result, ago=ago)
        followed(self.team.gestor.api.app, lead_id, self.team.equipe_id)

    def absent(self) -> None:
        """A vendedor is away for a while, or leaves and comes back; their leads go to others, to
        nobody, or stay."""
        who = self.random.choice([self.team.vendedor, self.team.colleague])
        until = datetime.now(UTC) + timedelta(days=2)
        body: dict[str, Any] = {
            "ausente_ate": self.random.choice([until.isoformat(), None]),
            "leads": self.random.choice(["manter", "liberar", "auto", self.team.gestor.id]),
        }
        reply = self.team.gestor.api.patch(f"/users/{who.id}", body)
        assert reply.status == 200, reply.body
        self.gone += body["ausente_ate"] is not None
        if reply.data["trabalho"]:
            work(self.team.gestor.api.app)

    def given(self) -> None:
        """A lead goes to whoever is there and has the fewest, if anybody is."""
        lead_id = self.random.choice(self.live or [1])
        body = {"responsavel_id": "auto"}
        reply = self.team.gestor.api.post(f"/leads/{lead_id}/assign", body)
        assert reply.status in (200, 404, 409), reply.body

    def tuned(self) -> None:
        """The gestor changes how the queue works."""
        fila = {
            "tentativas": self.random.choice([2, 3, 6]),
            "gama": self.random.choice([0, 1, 1.5]),
            "esperas_h": {"nao_atendeu": [self.random.choice([0, 1, 100])]},
        }
        assert self.team.gestor.api.patch("/equipe", {"fila": fila}).status == 200
        work(self.team.gestor.api.app)

    def expire(self) -> None:
        """Time passes: leases lapse, and what rests has rested."""
        run(
            self.sql,
            "update fila set livre_em = livre_em - interval '5 hours', "
            "nao_antes_de = nao_antes_de - interval '5 hours', "
            "reservado_ate = reservado_ate - interval '10 min' where equipe_id = :e",
            e=self.team.equipe_id,
        )


@pytest.mark.parametrize("seed", range(3))
def test_of_two_equipes_at_once_the_queue_follows(app: Flask, sql: Engine, seed: int) -> None:
    marks = ("alfaum", "betadois")
    walks = [QueueWalk(sql, open_team(app), seed * 2 + n, marks[n], marks[1 - n]) for n in range(2)]
    with ThreadPoolExecutor(len(walks)) as pool:
        for _ in range(ROUNDS):
            list(pool.map(lambda walk: walk.steps(STEPS), walks))
            ids = [
                [lead for (lead,) in rows(sql, "select id from leads where equipe_id = :e", e=each)]
                for each in (walk.team.equipe_id for walk in walks)
            ]
            for walk, strangers in zip(walks, ids[::-1], strict=True):
                check_queue(sql, walk.team.equipe_id)
                walk.strangers = strangers
    assert all(walk.taken and walk.gone for walk in walks)
