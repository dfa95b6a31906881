"""Race stages: a stage is archived while sixteen leads are created in it."""

import random
import time
from collections.abc import Callable
from typing import Any

from bench.people import Team
from bench.races.callers import SPREAD, Caller, Reply, Violation, at_once, numbers
from bench.site import Site

ENDS = frozenset({"archived before all", "archived between two", "in use"})
_CREATORS = 16
_WRITTEN = ("chave", "nome", "tipo", "prazo_dias")  # of a stage, by PUT


def missing(site: Site) -> str:
    return "" if "PUT /stages" in site.operations() else "there is no PUT /stages"


def stages(site: Site, team: Team) -> str:
    """No live lead is left in an archived stage; with `mover` the earlier ones have moved on.

    Without `mover` one lead is enough to refuse, so then the creators start later.
    """
    call, moves = Caller(site, team.token), random.random() < 0.5
    chave = _add(call)
    wait = 0.0 if moves else SPREAD / 2
    # One function each: the first reply is the archiver's.
    archived, *created = at_once(
        lambda: _archive(call, chave, moves=moves),
        *[_creator(call, chave, wait) for _ in range(_CREATORS)],
    )
    made = [reply.status for reply in created].count(201)
    _check(site, team, call, chave, archived, [reply.status for reply in created])
    if archived.status == 409:
        _archive(call, chave, moves=True)  # 30 stages are all that an equipe may have
        return "in use"
    return {0: "archived before all", _CREATORS: "archived after all"}.get(
        made, "archived between two"
    )


def _check(
    site: Site, team: Team, call: Caller, chave: str, archived: Reply, statuses: list[int]
) -> None:
    if archived.status not in (200, 409) or set(statuses) - {201, 422}:
        raise Violation(f"archiving {archived.status}, creates {sorted(statuses)}")
    statement = (
        "select count(*) from leads "
        "where equipe_id = :equipe_id and etapa = :etapa and excluido_em is null"
    )
    live = site.sql(statement, equipe_id=team.equipe_id, etapa=chave)[0][0]
    active = chave in {stage["chave"] for stage in _active(call)}
    if active != (archived.status == 409) or (live and not active):
        raise Violation(f"archiving {archived.status}, still active: {active}, {live} live leads")


def _creator(call: Caller, chave: str, wait: float) -> Callable[[], Reply]:
    def create() -> Reply:
        time.sleep(wait)
        return call("POST", "/leads", {"nome": "L", "etapa": chave})

    return create


def _active(call: Caller) -> list[dict[str, Any]]:
    active: list[dict[str, Any]] = call("GET", "/stages").data["itens"]
    return active


def _add(call: Caller) -> str:
    """A new stage behind the first one; its `chave`."""
    nome = f"Etapa {next(numbers)}"
    added = {"nome": nome, "tipo": "aberta"}
    reply = _put(call, lambda itens: [itens[0], added, *itens[1:]])
    if reply.status != 200:
        raise Violation(f"a stage was not added: {reply.status} {reply.data}")
    return next(str(stage["chave"]) for stage in _active(call) if stage["nome"] == nome)


def _archive(call: Caller, chave: str, *, moves: bool) -> Reply:
    """Leave it out; with `moves` its leads go to the first stage."""
    target = {chave: _active(call)[0]["chave"]} if moves else None
    return _put(call, lambda itens: [item for item in itens if item["chave"] != chave], target)


def _put(
    call: Caller,
    change: Callable[[list[dict[str, Any]]], list[dict[str, Any]]],
    mover: dict[str, str] | None = None,
) -> Reply:
    """The stages as they are, changed; again where somebody has changed them meanwhile."""
    while True:
        found = call("GET", "/stages")
        body = {"itens": change([_written(item) for item in found.data["itens"]])}
        body |= {"mover": mover} if mover else {}
        reply = call("PUT", "/stages", body, match=found.etag)
        if reply.status != 412:
            return reply


def _written(item: dict[str, Any]) -> dict[str, Any]:
    return {name: item[name] for name in _WRITTEN if item.get(name) is not None}
