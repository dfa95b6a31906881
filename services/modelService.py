"""The probability of winning a lead: learned from the equipe's own closed leads, and shown with how
good it is."""

from collections.abc import Mapping
from typing import Any

import orjson

from models.db.messages.queries import Query
from models.db.statements import fetch
from models.job import Job
from models.scoring.win_model import ModelState
from services import jobService, scoreService
from services.errors import Conflict
from services.jobs.steps import Json, Step
from services.model import adopting, material, store
from services.policy import require_gestor
from services.principal import Principal
from services.scores import current

JOB = "treinar"
# Closed leads that are given a snapshot in one step, where they have none.
KEPT = 2_500
# How often a training begins again where what it goes by has changed meanwhile.
ANEW = 3
# The model in use, else the last one that was trained; and the last one.
_SHOWN = Query(
    """
    select m.versao, m.treinado_em, cast(m.relatorio as text), m.versao = c.modelo_versao,
      u.estado, u.relatorio->>'motivo'
    from configuracao c
    join modelos m on m.equipe_id = c.equipe_id
    join lateral (
      select estado, relatorio from modelos where equipe_id = c.equipe_id
      order by versao desc limit 1) u on true
    where c.equipe_id = %(equipe_id)s
    order by m.versao = c.modelo_versao desc, m.versao desc limit 1
    """,
    {},
)
_NONE = "A equipe ainda não treinou um modelo."
_NOTHING: Mapping[str, Any] = {
    "versao": 0,
    "estado": "sem_modelo",
    "treinado_em": None,
    "n": 0,
    "ganhos": 0,
    **dict.fromkeys(("janela", "taxa_base", "auc", "brier", "log_loss", "ece")),
    "calibracao": [],
    "base": None,
    "campos": [],
    "excluidos": [],
    "deriva": [],
    "ultimos": None,
    "grupos": [],
    "posteriores": 0,
    "parametros": {},
    "motivo": _NONE,
}


class AlwaysChanging(Conflict):
    message = "As regras, os campos permitidos ou a taxa mudaram a cada vez durante o treino."


def train(caller: Principal, *, janela: bool, guarda_calendario: bool) -> Job:
    """Ask for a model learned from the leads that have closed until then. Raises Forbidden,
    QueueFull."""
    require_gestor(caller)
    asked = {"janela": janela, "guarda_calendario": guarda_calendario}
    return jobService.enqueue(caller, JOB, asked)


def train_step(caller: Principal, parametros: Json, last: Step | None) -> Step:
    """A step of that job: leads without a snapshot are given one, all are read, what was learned
    from them aside is put into use, and all leads are scored by it."""
    phase = _phase(last)
    if last and is_decided(last):
        return _rescored(caller, last)
    if phase == "completar" and store.keep_missing(caller.equipe_id, KEPT):
        return Step({"fase": "completar"}, {}, 0)
    job_id = caller.trabalho_id or 0
    again = (last.checkpoint or {}).get("de_novo", 0) if last else 0
    if last and phase == "aprender" and (found := material.taken(job_id)):
        if _holds(caller, parametros, found):
            return _kept(caller, found)
        again = _once_more(again)
    read = material.read(caller.equipe_id, job_id, parametros)
    return Step({"fase": "aprender", "de_novo": again}, {}, read, read, aside=True)


def is_decided(last: Step | None) -> bool:
    """Whether all that is left after this step of that job is to score by what is in use now."""
    return _phase(last) == "repontuar"


def _phase(last: Step | None) -> str:
    return last.checkpoint["fase"] if last and last.checkpoint else "completar"


def _holds(caller: Principal, parametros: Json, found: material.Trained) -> bool:
    """Whether a model would still be made by what this one was, until this step commits: a gestor
    may have withdrawn a permission, or published rules, while it was learned."""
    store.hold_settings(caller.equipe_id)
    return material.basis_of(caller.equipe_id, parametros) == found.basis


def _once_more(times: int) -> int:
    """How often it is now learned anew. Raises AlwaysChanging."""
    if times == ANEW:
        raise AlwaysChanging()
    return times + 1


learn_aside = material.learn_aside


def _kept(caller: Principal, trained: material.Trained) -> Step:
    model = adopting.keep(caller, trained)
    adopted = model.estado == ModelState.EM_USO
    told = {"modelo": model.versao, "adotado": adopted, "n": model.n, "ganhos": model.ganhos}
    changes = adopted or trained.drops
    return Step({"fase": "repontuar"} if changes else None, told, model.n, model.n)


def _rescored(caller: Principal, last: Step) -> Step:
    """All leads by what is in use now; those of the first step are scored after it has committed,
    so that no writer waits for it."""
    current.hold(caller.equipe_id)
    inner = (last.checkpoint or {}).get("pontos")
    before = Step(inner, {}, last.feitos, last.total) if inner else None
    step = scoreService.next_step(caller.equipe_id, before)
    goes_on = {"fase": "repontuar", "pontos": step.checkpoint} if step.checkpoint else None
    return Step(goes_on, last.resultado | step.resultado, step.feitos, step.total)


def card(caller: Principal) -> dict[str, Any]:
    """The model in use, or what the last training came to, with how good it is on leads that it had
    not seen; where the last training was not adopted, it says why."""
    return card_of(caller.equipe_id)


def card_of(equipe_id: int) -> dict[str, Any]:
    """The same for whoever runs the server."""
    rows = fetch(_SHOWN, {"equipe_id": equipe_id}, equipe_id=equipe_id)
    if not rows:
        return dict(_NOTHING)
    versao, treinado_em, relatorio, used, state, why = rows[0]
    shown = orjson.loads(relatorio)
    if used and state == ModelState.RECUSADO:
        shown["motivo"] = why
    # What no snapshot keeps is named without it; a model of before says less.
    shown["excluidos"] = [{"permitivel": False, **each} for each in shown["excluidos"]]
    return {**_NOTHING, **shown, "versao": versao, "treinado_em": treinado_em}


def ensure_trained(equipe_id: int) -> None:
    """Ask for a training if there is something new to learn. Called again and again."""
    if store.is_due(equipe_id):
        jobService.ensure_queued(equipe_id, JOB)
