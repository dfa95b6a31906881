"""Of a tenant's leads those whose score or place in the queue is another than what they follow
from: found by reading alone, without a lock, for who then holds these few and writes them.

Nothing escapes it. Whoever changes a lead, or what is beside it, writes in the same transaction
what follows from it, by the versions in force (services/scores/current), which whoever looks here
holds too. So a lead that is right when it is looked at stays right; one that is not is found, or
was put right meanwhile.
"""

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Subquery,
    and_,
    bindparam,
    func,
    literal,
    or_,
    select,
    union_all,
)

from models.activity import ACTIVITIES
from models.db.messages.queries import Query, compile_query
from models.db.statements import fetch_here
from models.derived.lead_score import SCORES
from models.derived.queue_entry import QUEUE
from models.event import EVENTS
from models.lead import LEADS
from services.leads.deriving import queueing, resting
from services.scores.statement import COMPARED, Scoring, scored

_KEPT = 256
# Columns of a lead that its place and its rest follow from.
_READ = frozenset(
    "etapa_desde proximo_contato_em valor_centavos produto_chave nao_contatar_em".split()
)


@cache
def _stretch() -> Query:
    ids = (
        select(LEADS.c.id)
        .where(LEADS.c.equipe_id == bindparam("equipe_id"), LEADS.c.excluido_em.is_(None))
        .where(LEADS.c.id > bindparam("depois_de"))
        .order_by(LEADS.c.id)
        .limit(bindparam("quantos"))
        .subquery()
    )
    ends: list[Any] = [func.count(), func.max(ids.c.id)]
    return compile_query(select(*ends))


def stretch(equipe_id: int, after: int, most: int) -> tuple[int, int]:
    """How many live leads come next, so many at most, and the id of the last."""
    asked = {"equipe_id": equipe_id, "depois_de": after, "quantos": most}
    ((count, last),) = fetch_here(_stretch(), asked)
    return count, last or after


def count_live(equipe_id: int, after: int, until: int) -> int:
    """Live leads behind one id and up to another."""
    asked = {"equipe_id": equipe_id, "depois_de": after, "ate": until}
    return int(fetch_here(_live(), asked)[0][0])


@cache
def _live() -> Query:
    return compile_query(select(func.count()).select_from(LEADS).where(_within(LEADS)))


def differing(scoring: Scoring, equipe_id: int, after: int, until: int) -> list[int]:
    """Those behind one id and up to another."""
    asked = {"equipe_id": equipe_id, "depois_de": after, "ate": until}
    return [lead_id for (lead_id,) in fetch_here(_differing(scoring), asked)]


@lru_cache(maxsize=_KEPT)
def _differing(scoring: Scoring) -> Query:
    leads = scored(scoring, LEADS, _within(LEADS), _READ).subquery("leads")
    rest = _rests()
    offered = queueing.offered(leads, func.coalesce(rest.c.esgotado, literal(False)))
    score = or_(SCORES.c.lead_id.is_(None), _other(SCORES, leads, COMPARED))
    place = or_(
        _other(QUEUE, queueing.place_of(leads, bindparam("equipe_id")), queueing.PLACE),
        _other(QUEUE, rest, ("livre_em", "nao_antes_de")),
        QUEUE.c.tentativas != func.coalesce(rest.c.tentativas, 0),
    )
    queued = QUEUE.c.lead_id.is_not(None)
    found = (
        select(leads.c.id)
        .select_from(
            leads.outerjoin(SCORES, _of(SCORES, leads))
            .outerjoin(QUEUE, _of(QUEUE, leads))
            .outerjoin(rest, rest.c.id == leads.c.id)
        )
        .where(or_(score, queued.is_distinct_from(offered), and_(queued, place)))
        .order_by(leads.c.id)
    )
    return compile_query(found)


def _rests() -> Subquery:
    """How long those rest that anything may let rest: of most tenants few."""
    found = resting.rest_of_lead()
    columns = [found.c[name] for name in (*resting.COLUMNS, "esgotado")]
    rests = select(LEADS.c.id, *columns).select_from(LEADS.join(found, literal(True)))
    return rests.where(_within(LEADS), LEADS.c.id.in_(_worked())).offset(0).subquery("descansos")


def _worked() -> Any:
    attempts = select(ACTIVITIES.c.lead_id).where(
        _range(ACTIVITIES.c.equipe_id, ACTIVITIES.c.lead_id),
        ACTIVITIES.c.resultado.is_not(None),
        ACTIVITIES.c.concluida_em.is_not(None),
    )
    pauses = select(EVENTS.c.lead_id).where(
        _range(EVENTS.c.equipe_id, EVENTS.c.lead_id),
        or_(*(EVENTS.c.tipo == kind for kind in resting.PAUSES)),
    )
    return union_all(attempts, pauses)


def _within(leads: FromClause) -> ColumnElement[bool]:
    return and_(_range(leads.c.equipe_id, leads.c.id), leads.c.excluido_em.is_(None))


def _range(equipe_id: ColumnElement[Any], lead_id: ColumnElement[Any]) -> ColumnElement[bool]:
    """Said of each table by itself: PostgreSQL concludes no range from an equality."""
    ours = equipe_id == bindparam("equipe_id")
    return and_(ours, lead_id > bindparam("depois_de"), lead_id <= bindparam("ate"))


def _of(table: FromClause, leads: Subquery) -> ColumnElement[bool]:
    same = (table.c.equipe_id == leads.c.equipe_id) & (table.c.lead_id == leads.c.id)
    return and_(same, _range(table.c.equipe_id, table.c.lead_id))


def _other(old: Any, new: Any, names: Any) -> ColumnElement[bool]:
    kept = func.row(*(old.c[name] for name in names))
    now = new if isinstance(new, list) else [new.c[name] for name in names]
    differs: ColumnElement[bool] = kept.is_distinct_from(func.row(*now))
    return differs
