"""One action on many leads: up to MOST in the caller's transaction, each with the rules that a
single lead has, its own version and its own event.

A filter that matches more becomes a job, which takes MOST of them in each step.
"""

import inspect
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from models.event import EventKind
from models.job import Job
from services import jobService
from services.bulk.actions import ACTIONS
from services.bulk.prepared import Rule
from services.errors import AppError, Code, Invalid, NotFound
from services.history import Change
from services.jobs.steps import Json, Step
from services.leads.reading import picking
from services.leads.reading.asked import resolved
from services.leads.writing.changes import differing
from services.leads.writing.many import Row, read_many, write_many
from services.leads.writing.sending import change_of
from services.policy import require_gestor
from services.principal import Principal
from services.scores import current
from utils.wire.tagged_json import pack, unpack

# Leads of one transaction.
MOST = 1_000
JOB = "lote"
_NOTHING: Json = {"alterados": 0, "iguais": 0, "falharam": 0, "falhas": []}
_KINDS = {"delete": EventKind.LEAD_EXCLUIDO, "restore": EventKind.LEAD_RESTAURADO}
Filters = dict[str, Any]


class Failure(NamedTuple):
    id: int
    codigo: Code


@dataclass(slots=True)
class Outcome:
    """How many leads have changed and how many were so already; those that could not be changed."""

    alterados: int = 0
    iguais: int = 0
    falhas: list[Failure] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Action:
    """What is to be done; `parameters` by their names on the wire (parameters_of)."""

    acao: str
    parameters: Mapping[str, Any]

    @property
    def kind(self) -> EventKind:
        return _KINDS.get(self.acao, EventKind.LEAD_ALTERADO)

    @property
    def deleted(self) -> bool:
        """Whether it is about deleted leads."""
        return self.kind is EventKind.LEAD_RESTAURADO


def parameters_of(acao: str) -> dict[str, bool]:
    """The parameters of an action, and whether each must be given."""
    found = inspect.signature(ACTIONS[acao]).parameters.values()
    named = [each for each in found if each.kind is each.KEYWORD_ONLY]
    return {each.name: each.default is each.empty for each in named}


def apply_to_ids(
    caller: Principal, action: Action, ids: Sequence[int], *, dry_run: bool = False
) -> Outcome:
    """Do it to these leads, at most MOST; an id that comes twice counts once. What a single lead
    cannot take is told of it and leaves the others alone. With `dry_run` nothing is written.

    Raises Forbidden, and Invalid for what no lead could take.
    """
    require_gestor(caller)
    return _apply(caller, action, sorted(set(ids)), None, dry_run=dry_run)


def apply_to_matching(
    caller: Principal, action: Action, filters: Filters, *, dry_run: bool = False
) -> Outcome | Job:
    """The same to all leads that match, of a restore the deleted ones; more than MOST are left to a
    job. Raises QueueFull as well."""
    require_gestor(caller)
    filters = _resolved(caller, filters)
    ids = picking.next_ids(caller, filters, after=0, most=MOST + 1, deleted=action.deleted)
    if len(ids) <= MOST:
        return _apply(caller, action, ids, filters, dry_run=dry_run)
    _apply(caller, action, ids[:MOST], filters, dry_run=True)  # what no lead can take is said now
    asked = {"acao": action.acao, "parametros": action.parameters, "filtros": filters}
    return jobService.enqueue(caller, JOB, pack({**asked, "dry_run": dry_run}))


def job_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
    """The next MOST leads of such a job. Leads that come to match behind its beginning are left."""
    asked = unpack(parametros)
    action, filters = Action(asked["acao"], asked["parametros"]), asked["filtros"]
    place = last.checkpoint if last and last.checkpoint else _beginning(caller, action, filters)
    ids = picking.next_ids(
        caller, filters, after=place["depois_de"], most=MOST, deleted=action.deleted
    )
    ids = [lead_id for lead_id in ids if lead_id <= place["ate"]]
    outcome = _apply(caller, action, ids, filters, dry_run=asked["dry_run"])
    goes_on = len(ids) == MOST
    checkpoint = place | {"depois_de": ids[-1]} if goes_on else None
    feitos = len(ids) + (last.feitos if last else 0)
    return Step(checkpoint, _added(last, outcome), feitos, place["total"])


def _beginning(caller: Principal, action: Action, filters: Filters) -> Json:
    total, ate = picking.extent(caller, filters, deleted=action.deleted)
    return {"depois_de": 0, "ate": ate, "total": total}


def _added(last: Step | None, outcome: Outcome) -> Json:
    """The result of a job so far. It names only the first failures, and counts all."""
    before = last.resultado if last else _NOTHING
    told = [*before["falhas"], *(failure._asdict() for failure in outcome.falhas)]
    return {
        "alterados": before["alterados"] + outcome.alterados,
        "iguais": before["iguais"] + outcome.iguais,
        "falharam": before["falharam"] + len(outcome.falhas),
        "falhas": told[:MOST],
    }


def _resolved(caller: Principal, filters: Filters) -> Filters:
    """Raises Invalid for a stage or user that the tenant does not have."""
    try:
        return resolved(caller, filters)
    except Invalid as error:
        named = [replace(each, campo=f"filtros.{each.campo}") for each in error.fields]
        raise Invalid(fields=named) from error


def _apply(
    caller: Principal,
    action: Action,
    ids: Sequence[int],
    filters: Filters | None,
    *,
    dry_run: bool,
) -> Outcome:
    current.hold(caller.equipe_id)
    prepared = ACTIONS[action.acao](caller, ids, **action.parameters)
    columns = (*prepared.writes, *prepared.beside)
    found = {lead.id: lead for lead in read_many(caller, ids, columns, deleted=action.deleted)}
    if filters is not None:
        ids = picking.still_matching(caller, filters, list(found), deleted=action.deleted)
    outcome, written = _judged(action.kind, prepared.rule, ids, found)
    if written and not dry_run:
        write_many(caller, written, prepared.writes, action.kind)
    return outcome


def _judged(
    kind: EventKind, rule: Rule, ids: Sequence[int], found: Mapping[int, Row]
) -> tuple[Outcome, list[tuple[Change, Mapping[str, Any]]]]:
    """What becomes of each lead, and the changes with the columns after them."""
    outcome = Outcome()
    written: list[tuple[Change, Mapping[str, Any]]] = []
    for lead_id in ids:
        try:
            change = _changed(kind, rule, found, lead_id)
        except AppError as error:
            code = error.fields[0].codigo if error.fields else error.code
            outcome.falhas.append(Failure(lead_id, code))
            continue
        if change is None:
            outcome.iguais += 1
        else:
            written.append((change, found[lead_id].columns))
    outcome.alterados = len(written)
    return outcome, written


def _changed(kind: EventKind, rule: Rule, found: Mapping[int, Row], lead_id: int) -> Change | None:
    """How a lead changes; None: it is so already. Raises AppError."""
    if lead_id not in found:
        raise NotFound()
    lead = found[lead_id]
    before = dict(lead.columns)
    rule(lead)
    fields = differing(before, lead.columns) if kind is EventKind.LEAD_ALTERADO else set()
    if not fields and kind is EventKind.LEAD_ALTERADO:
        return None
    return change_of(lead_id, lead.versao + 1, before, lead.columns, fields, kind)
