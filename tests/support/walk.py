"""A person of an equipe who does anything that may be done to leads, in any order."""

import random
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.support import walk_values as values
from tests.support.api import Reply, Team
from tests.support.jobs import ask, work
from tests.support.leads import all_leads, upload

# By action, the replies that it may get. 409 of a move or an activity: a lease that is over. 503:
# another writer of the equipe takes too long.
_EXPECTED = {
    "create": {201, 403, 409, 422},
    "change": {200, 403, 404, 409, 412, 422},
    "move": {200, 404, 409, 412, 422},
    "recount": {200, 404, 409, 412, 422},
    "act": {201, 404, 409, 422},
    "correct": {200, 403, 404, 409, 422},
    "delete": {200, 403, 404, 412},
    "restore": {200, 403, 404, 409, 412},
    "load": {200, 409},
    "upsert": {200, 201, 403, 409, 412, 422},
    "bulk": {200, 422},
    "refit": {200, 409, 412, 422},
    "rescore": {200},
    "trespass": {404},
}
# What is done how often; a refit changes the funnel.
OFTEN = {
    "create": 5,
    "change": 7,
    "move": 6,
    "recount": 2,
    "act": 6,
    "correct": 4,
    "delete": 2,
    "restore": 2,
    "load": 2,
    "upsert": 5,
    "bulk": 8,
    "refit": 1,
    "rescore": 1,
}


class Walk:
    """`mark` is in the names of the equipe's leads, `foreign` in those of the other equipe.

    What is done depends on `seed` and on the replies alone. `log` is for who reads a failure.
    """

    def __init__(self, team: Team, seed: int, mark: str, foreign: str) -> None:
        self.team, self.mark, self.foreign = team, mark, foreign
        self.random = random.Random(seed)
        self.live: list[int] = []
        self.deleted: list[int] = []
        self.seen: set[int] = set()
        self.strangers: list[int] = []
        self.stages: dict[str, str] = {}
        self.activities: list[int] = []
        self.succeeded: Counter[str] = Counter()
        # Leads that bulks have changed, by action.
        self.done: Counter[str] = Counter()
        self._deck: list[str] = []
        self.log: list[str] = []

    def steps(self, count: int) -> None:
        self._look()
        names = list(OFTEN)
        for _ in range(count):
            (name,) = self.random.choices(names, OFTEN.values())
            getattr(self, name)()

    def create(self) -> None:
        body = values.lead(self.random, self.mark, self._stage, self._owner)
        path = self.random.choice(["/leads", "/leads", "/leads?permitir_duplicado=1"])
        who = self.team.gestor if "?" in path else self._anyone()
        reply = self._send("create", who.api.post, path, body)
        if reply.status == 201:
            self.live.append(reply.data["id"])

    def change(self) -> None:
        fields = values.lead(self.random, self.mark, self._stage, self._owner)
        names = self.random.sample(sorted(fields), k=min(len(fields), self.random.randint(1, 4)))
        body = {name: fields[name] for name in names}
        if self.random.random() < 0.3:
            body[self.random.choice(values.EMPTIED)] = None
        if self.random.random() < 0.1:
            body["fechado_em"] = self._date()
        self._of_lead("change", "patch", "", body)

    def move(self) -> None:
        etapa = self._stage()
        if self.random.random() < 0.3 and self.live:  # to where it is
            found = self.team.gestor.api.get(f"/leads/{self.live[-1]}")
            etapa = found.data["etapa"] if found.status == 200 else etapa
        body: dict[str, Any] = {"etapa": etapa}
        kind = self.stages.get(etapa, "aberta")
        if kind == "perdida" and self.random.random() < 0.9:
            body["motivo_perda"] = self.random.choice(values.REASONS)
        if kind != "aberta" and self.random.random() < 0.3:
            body["fechado_em"] = self._date()
        if self.random.random() < 0.4:
            body["etapa_desde"] = self._date()
        self._of_lead("move", "post", "/move", body, last=True)

    def recount(self) -> None:
        """Somebody tells the way of a lead through the stages, and corrects the last date."""
        lead_id, days = self.random.choice(self.live or [0]), (40, 20, 10)
        found = self.team.gestor.api.get(f"/leads/{lead_id}")
        etapa = found.data["etapa"] if found.status == 200 else "novo"
        opened = [key for key, kind in self.stages.items() if kind == "aberta"]
        other = self.random.choice(opened)
        for said, ago in zip((etapa, other, other), days, strict=True):
            since = (datetime.now(UTC) - timedelta(days=ago)).isoformat()
            body = {"etapa": said, "etapa_desde": since}
            path = f"/leads/{lead_id}/move"
            self._send("recount", self.team.gestor.api.post, path, body)

    def act(self) -> None:
        """Something is done about a lead, or promised."""
        body = values.activity(self.random, self._stage)
        _, reply = self._of_lead("act", "post", "/activities", body, last=True)
        if reply.status == 201:
            self.activities.append(reply.data["atividade"]["id"])

    def correct(self) -> None:
        """What was said is said otherwise, or taken back."""
        activity = self.random.choice(self.activities or [0])
        who, path = self._anyone(), f"/activities/{activity}"
        if self.random.random() < 0.2:
            self._send("correct", who.api.delete, path)
            return
        body = values.activity(self.random, self._stage)
        names = self.random.sample(sorted(body), k=min(len(body), 2))
        said = {name: body[name] for name in names if name != "contato"}
        self._send("correct", who.api.patch, path, said)

    def delete(self) -> None:
        lead_id, reply = self._of_lead("delete", "delete", "", None)
        if reply.status == 200 and lead_id in self.live:
            self.live.remove(lead_id)
            self.deleted.append(lead_id)

    def restore(self) -> None:
        lead_id, reply = self._of_lead("restore", "post", "/restore", None, which=self.deleted)
        if reply.status == 200 and lead_id in self.deleted:
            self.deleted.remove(lead_id)
            self.live.append(lead_id)

    def load(self) -> None:
        """A file is imported."""
        csv = values.csv(self.random, self.mark, self._stage, self._owner, self._date)
        query = {"duplicados": self.random.choice(["pular", "atualizar", "atualizar", "erro"])}
        if query["duplicados"] == "atualizar" and self.random.random() < 0.5:
            query["reabrir"] = "1"
        reply = self._send("load", upload, self.team.gestor.api, csv, **query)
        if reply.status == 200:
            self._look()

    def upsert(self) -> None:
        fields = values.lead(self.random, self.mark, self._stage, self._owner)
        fields |= {name: self._date() for name in values.HISTORY if self.random.random() < 0.1}
        chave = self.random.choice([name for name in values.KEYS if name in fields] or ["email"])
        who = self._anyone()
        if who is not self.team.gestor:
            fields.pop("responsavel_id", None)
        path = f"/leads?chave={chave}&reabrir={self.random.randint(0, 1)}"
        sent = {"headers": {"If-Match": '"v1"'}} if self.random.random() < 0.05 else {}
        how = {"json": fields, **sent}
        reply = self._send("upsert", lambda: who.api.call("PUT", path, **how), shown=(path, how))
        if reply.status == 201:
            self.live.append(reply.data["id"])

    def bulk(self) -> None:
        # Each of them comes before one comes again.
        self._deck = self._deck or self.random.sample(values.BULKS, k=len(values.BULKS))
        body = values.bulk(self._deck.pop(), self.random, self._stage, self._owner, self._date)
        acao = body["acao"]
        body |= self._chosen(self.deleted if acao == "restore" else self.live)
        reply = self._send("bulk", self.team.gestor.api.post, "/leads/bulk", body)
        if reply.status != 200:
            return
        failed = {each["id"]: each["codigo"] for each in reply.data["falhas"]}
        foreign = set(self.strangers) & set(body.get("ids", ()))
        assert all(failed.get(lead_id) == "NAO_ENCONTRADO" for lead_id in foreign), reply.data
        self.done[acao] += reply.data["alterados"]
        if acao in ("delete", "restore"):
            self._look()

    def _chosen(self, some: list[int]) -> dict[str, Any]:
        """Filters, or the ids of some leads, and among them one that is deleted, one of the other
        equipe and one of nobody."""
        if self.random.random() < 0.3:
            return {"filtros": values.filters(self.random)}
        ids = self.random.sample(some, k=min(len(some), self.random.choice([1, 3, 8])))
        for others in (self.deleted, self.strangers):
            ids += self.random.sample(others, k=min(len(others), 1))
        return {"ids": [*ids, 2**62]}

    def refit(self) -> None:
        """The equipe changes its stages and its reasons of loss."""
        api = self.team.gestor.api
        body = values.funnel(self.random, api.get("/stages").data)
        self._send("refit", lambda: api.call("PUT", "/stages", json=body), shown=body)
        self._look()

    def rescore(self) -> None:
        """A job scores all leads again; a writer beside it may do it for another one."""
        api = self.team.gestor.api
        job_id = ask(api)
        work(api.app)
        reply = self._send("rescore", api.get, f"/jobs/{job_id}")
        assert reply.data["erro"] is None

    def trespass(self) -> None:
        """A lead of the other equipe is not there, whatever is done to it."""
        lead_id, api = self.random.choice(self.strangers), self._anyone().api
        path = f"/leads/{lead_id}"
        for method, at, body in (
            ("GET", path, None),
            ("GET", f"{path}/score", None),
            ("PATCH", path, {"nome": "Tomado"}),
            ("POST", f"{path}/move", {"etapa": "ganho"}),
        ):
            self._send("trespass", lambda m=method, p=at, b=body: api.call(m, p, json=b))

    def _of_lead(
        self,
        action: str,
        method: str,
        suffix: str,
        body: Any,
        *,
        which: list[int] | None = None,
        last: bool = False,
    ) -> tuple[int, Reply]:
        ids = (self.live if which is None else which) or [0]
        lead_id = ids[-1] if last and self.random.random() < 0.5 else self.random.choice(ids)
        who = self.team.gestor if self.random.random() < 0.8 else self._anyone()
        path = f"/leads/{lead_id}{suffix}"
        sent = {"json": body} if body is not None else {}
        if self.random.random() < 0.1:
            sent["headers"] = {"If-Match": '"v1"'}
        return lead_id, self._send(action, getattr(who.api, method), path, **sent, shown=body)

    def _send(self, action: str, call: Callable[..., Reply], *sent: Any, **how: Any) -> Reply:
        shown = how.pop("shown", how)
        reply = call(*sent, **how)
        self.log.append(f"{action} {sent} {shown}: {reply.status} {self._told(reply)}")
        assert reply.status in _EXPECTED[action] | {503}, self.log[-1]
        self.look_at(reply)
        self.succeeded[action] += reply.status < 300
        return reply

    def look_at(self, reply: Reply) -> None:
        """Nothing of another equipe is in a reply; ids are kept to be looked up."""
        assert self.foreign.encode() not in reply.raw, reply.raw
        data = reply.data or {}
        found = [data, *data.get("itens", ())]
        self.seen.update(item["id"] for item in found if "versao" in item and "id" in item)
        self.seen.update(data.get("ids", ()))

    def _look(self) -> None:
        """Which leads and stages there are."""
        api = self.team.gestor.api
        self.live = [lead["id"] for lead in all_leads(api)]
        self.deleted = [lead["id"] for lead in all_leads(api, excluidos=1)]
        self.stages = {each["chave"]: each["tipo"] for each in api.get("/stages").data["itens"]}

    @staticmethod
    def _told(reply: Reply) -> Any:
        data = reply.data or {}
        return data.get("erros") or {n: data[n] for n in ("id", "versao", "etapa") if n in data}

    def _anyone(self) -> Any:
        team = self.team
        return self.random.choice([team.gestor, team.gestor, team.vendedor, team.colleague])

    def _stage(self) -> str:
        return self.random.choice([*self.stages, "novo"])

    def _owner(self) -> int:
        team = self.team
        return self.random.choice([team.gestor, team.vendedor, team.colleague]).id

    def _date(self) -> str:
        ago = timedelta(days=self.random.choice([0, 0, 1, 30]), seconds=self.random.randint(0, 60))
        return (datetime.now(UTC) - ago).isoformat()
