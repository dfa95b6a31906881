"""Leads that are not scored by what is in force: those that a job was to score which was cancelled,
or failed."""

from dataclasses import dataclass

from models.db.messages.queries import Query
from models.db.statements import fetch_here
from services.scores import current
from services.scores.statement import Versions

# Scores of one look.
MOST = 50_000
_NEXT = Query(
    """
    select max(lead_id), count(*), count(*) filter (
      where (versao, modelo_versao) <> (%(regras)s, %(modelo)s))
    from (
      select lead_id, versao, modelo_versao from lead_pontuacao
      where equipe_id = %(equipe_id)s and lead_id > %(depois_de)s order by lead_id limit %(maximo)s
    ) s
    """,
    {},
)


@dataclass(frozen=True, slots=True)
class Looked:
    """How far this process has looked through a tenant's scores by these versions: behind the lead
    `after`, or to the end. From then on nothing falls behind, since all who write score by them."""

    versions: Versions
    after: int = 0
    done: bool = False


_looked: dict[int, Looked] = {}


def has_looked(equipe_id: int) -> bool:
    """Whether this process has seen that all leads are scored by what is in force."""
    known = _looked.get(equipe_id)
    return known is not None and known.done and known == _now(equipe_id)


def look(equipe_id: int) -> bool:
    """Look at the next scores; whether one of them is by other versions."""
    known = _now(equipe_id)
    asked = {"equipe_id": equipe_id, "depois_de": known.after, "maximo": MOST}
    by = {"regras": known.versions.regras, "modelo": known.versions.modelo}
    ((last, seen, others),) = fetch_here(_NEXT, {**asked, **by})
    if others:
        _looked.pop(equipe_id, None)
        return True
    _looked[equipe_id] = Looked(known.versions, last or known.after, seen < MOST)
    return False


def _now(equipe_id: int) -> Looked:
    versions, known = current.in_force(equipe_id).versions, _looked.get(equipe_id)
    return known if known and known.versions == versions else Looked(versions)
