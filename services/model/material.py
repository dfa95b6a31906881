"""One training: what it reads in a transaction, and what it learns outside of any.

What is between the two is kept in the worker's memory, by the job's number: a worker that finds
nothing there reads once more. NumPy, which takes memory, is loaded by workers alone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from services.model import store
from services.model.comparing import InUse, latest_of, refusal, unseen_losses
from services.model.learning import Learned, Options, Sample, learn
from services.model.snapshots import LATER, lead_of
from services.model.store import Closed
from services.rules.definition import RuleSet
from services.rules.evaluating import by_field, points_of, told_of
from services.rules.ready import is_of_the_team
from services.scores import current
from utils.clock import now

# Leads that all closed within a day were imported so.
_SPREAD = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Basis:
    """What a training is made by, beside the leads: where any of it has changed, the model is
    another one."""

    janela: bool
    guarda_calendario: bool
    regras_versao: int
    permitidos: list[str]
    taxa_ganho: float | None


@dataclass(frozen=True, slots=True)
class Material:
    """`known`: how many leads have closed, of which the newest are learned from; `old`: the model
    in use; `points`: what the rules give the tenant's leads; `names`: of all attributes, also of
    those that no snapshot keeps."""

    basis: Basis
    known: int
    closed: list[Closed]
    rules: RuleSet
    old: InUse | None
    points: store.Spread
    names: list[str]
    moment: datetime


@dataclass(frozen=True, slots=True)
class Trained:
    """`refusal`: why the card is not to be used, None where it is. `drops`: whether the one in use
    must not be used any more, whatever comes instead. `later`: leads that closed when no snapshots
    were kept, of which later ones tell. `newest`, `losses`: as of InUse."""

    basis: Basis
    known: int
    moment: datetime
    learned: Learned
    refusal: str | None
    drops: bool
    later: int
    newest: int
    losses: dict[int, float]


_read: dict[int, Material] = {}
_trained: dict[int, Trained] = {}


def basis_of(equipe_id: int, asked: Mapping[str, Any]) -> Basis:
    """What a training is to be made by now; what nobody has asked for is as it was the last
    time."""
    settings, last = store.settings_of(equipe_id), store.newest(equipe_id)
    said = {"janela": True, "guarda_calendario": True, **(last.parametros if last else {}), **asked}
    return Basis(
        said["janela"],
        said["guarda_calendario"],
        settings.regras_versao,
        sorted(settings.campos_permitidos),
        settings.taxa_ganho,
    )


def read(equipe_id: int, job_id: int, asked: Mapping[str, Any]) -> int:
    """Read what a training is made from; how many leads."""
    basis = basis_of(equipe_id, asked)
    scoring = current.in_force(equipe_id)
    used = store.in_use(equipe_id)
    _read.clear()
    _read[job_id] = Material(
        basis,
        store.count_kept(equipe_id),
        _closed(equipe_id, basis),
        scoring.rules,
        InUse.of(used) if used else None,
        store.spread_of_points(equipe_id, scoring.versions.regras, scoring.rules),
        store.names_of_attributes(equipe_id),
        now(),
    )
    return len(_read[job_id].closed)


def _closed(equipe_id: int, basis: Basis) -> list[Closed]:
    """The recent ones, if they have an order of time that could be gone by."""
    newest = store.newest_closed(equipe_id, store.MOST)
    closed = list(islice(newest, store.RECENT))
    dated = closed and closed[0].registrado_em - closed[-1].registrado_em >= _SPREAD
    return closed if basis.janela and dated else [*closed, *newest]


def learn_aside(job_id: int) -> bool:
    """Learn from what was read for this job; whether anything was."""
    material = _read.pop(job_id, None)
    if material is None:
        return False
    _trained.clear()
    _trained[job_id] = train(material)
    return True


def taken(job_id: int) -> Trained | None:
    """What was learned for this job, if it was here: also for one that is tried again."""
    return _trained.get(job_id)


def train(material: Material) -> Trained:
    basis = material.basis
    samples = samples_of(material)
    options = Options(
        basis.janela,
        basis.guarda_calendario,
        frozenset(basis.permitidos),
        basis.taxa_ganho,
        material.moment,
        material.points,
        is_of_the_team(material.rules),
        material.names,
    )
    learned = learn(samples, options)
    old, latest = material.old, latest_of(samples)
    drops = old is not None and old.looks_beyond(basis.permitidos, material.rules)
    return Trained(
        basis,
        material.known,
        material.moment,
        learned,
        refusal(None if drops else old, learned, latest),
        drops,
        later=sum(LATER in each.campos for each in material.closed),
        newest=max((each.lead_id for each in samples), default=0),
        losses=unseen_losses(learned, latest),
    )


def samples_of(material: Material) -> list[Sample]:
    rules = material.rules
    told = told_of(rules)
    samples = []
    for each in material.closed:
        lead = lead_of(each.campos)
        points = by_field(told, points_of(rules, lead))
        prior = float(sum(points.values())) if any(told) else None
        samples.append(Sample(each.lead_id, each.ganho, each.registrado_em, lead, prior, points))
    return samples
