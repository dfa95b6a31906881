"""Simulating a draft of rules: at once, or as a job where there are many leads. Writes nothing but
that job."""

from sqlalchemy import func, select

from models.db import db
from models.db.messages.queries import ALL_AT_ONCE, Query, Row
from models.db.statements import fetch_here
from models.job import Job
from models.lead import LEADS
from models.user import User
from services import jobService
from services.auth.authority import hold_gestor
from services.jobs.steps import Json, Step
from services.leads.deriving.queueing import order
from services.principal import Principal
from services.rules import versions
from services.rules.definition import RuleSet, from_json, to_json
from services.rules.looking import computed
from services.scores import current
from services.scores.simulating import Effect, places, shown, simulate, stretch
from services.scores.statement import Scoring, Versions

JOB = "simular"
AT_ONCE = 50_000  # leads
# Leads of one step of the job, fewer where there are many rules.
_MOST, _FEWEST = 20_000, 1_000
_EVALUATED = 500_000  # rules of leads
# What is worked out of leads for their rules, at once; with 50,000 leads, 40 things of each.
_WORKED_OUT = 2_000_000
_LAST = 2**63 - 1


def simulate_draft(caller: Principal, n: int) -> Json | Job:
    """What publishing the draft `n` would do, or the job that finds it out. Raises Forbidden,
    NotFound, AlreadyPublished, QueueFull."""
    found = _simulated(caller, n)
    hold_gestor(caller)
    return found


def _simulated(caller: Principal, n: int) -> Json | Job:
    rules = versions.drafted(caller.equipe_id, n)
    leads = _count(caller.equipe_id)
    if leads > AT_ONCE or leads * len(computed(rules.regras, LEADS)) > _WORKED_OUT:
        asked = {"rascunho": n, "regras": to_json(rules)}
        return jobService.enqueue(caller, JOB, asked)
    found = _effect(_scoring(caller.equipe_id, n, rules), caller.equipe_id, 0, _LAST)
    return _shown(caller.equipe_id, found)


def simulate_step(caller: Principal, asked: Json, last: Step | None) -> Step:
    """A step of the job: the next stretch of leads. The draft is as it was when the job was asked
    for."""
    team, rules = caller.equipe_id, from_json(asked["regras"])
    total = last.total if last else _count(team)
    after, known = _stand(last)
    most = max(_FEWEST, min(_MOST, _EVALUATED // max(1, len(rules.regras))))
    n, end = _next(team, after, most)
    if n:
        found = _effect(_scoring(team, asked["rascunho"], rules), team, after, end)
        known = known.and_also(found)
    goes_on = {"depois_de": end, "efeito": known.kept()} if n == most else None
    # The whole queue is ranked once, at the end.
    told = shown(known, [], []) if goes_on else _shown(team, known)
    return Step(goes_on, told, n + (last.feitos if last else 0), total)


def _stand(last: Step | None) -> tuple[int, Effect]:
    """Behind which lead it goes on, and what is known until there."""
    if last is None or last.checkpoint is None:
        return 0, Effect([], [], [])
    return last.checkpoint["depois_de"], Effect(**last.checkpoint["efeito"])


def _scoring(equipe_id: int, n: int, rules: RuleSet) -> Scoring:
    """By the draft, and by the model in force."""
    now = current.in_force(equipe_id)
    return Scoring.of(Versions(n, now.versions.modelo), rules, now.card)


def _effect(scoring: Scoring, equipe_id: int, after: int, until: int) -> Effect:
    query = simulate(scoring, order)
    values = {"equipe_id": equipe_id, "depois_de": after, "ate": until}
    return Effect.of(fetch_here(Query(ALL_AT_ONCE + query.sql, {}), values)[0])


def _next(equipe_id: int, after: int, most: int) -> Row:
    return fetch_here(stretch(), {"equipe_id": equipe_id, "depois_de": after, "quantos": most})[0]


def _shown(equipe_id: int, effect: Effect) -> Json:
    ids = [lead_id for lead_id, _ in effect.fila]
    before = fetch_here(places(), {"equipe_id": equipe_id, "ids": ids})
    people = {person for _, _, person, *_ in effect.contagens if person is not None}
    ours = (User.equipe_id == equipe_id, User.id.in_(people))
    names = db.session.execute(select(User.id, User.nome).where(*ours)).all()
    return shown(effect, before, [tuple(each) for each in names])


def _count(equipe_id: int) -> int:
    live = (LEADS.c.equipe_id == equipe_id, LEADS.c.excluido_em.is_(None))
    return db.session.scalar(select(func.count()).select_from(LEADS).where(*live)) or 0
