"""How long a lead rests after an attempt to reach the person: by its result, and by how often in a
row nobody answered. The settings are the tenant's (configuracao.fila)."""

from typing import Any

from sqlalchemy import (
    ColumnElement,
    Float,
    FromClause,
    Integer,
    Interval,
    Lateral,
    SmallInteger,
    Text,
    case,
    cast,
    func,
    literal,
    null,
    select,
    text,
    update,
)
from sqlalchemy.sql.dml import Update

from models.activity import ACTIVITIES, Result
from models.lead import LEADS
from models.queue_entry import QUEUE
from models.team_settings import SETTINGS
from services.scores.statement import Among

COLUMNS = ("livre_em", "nao_antes_de", "tentativas")
_LONG_AGO = text("'-infinity'::timestamptz")


def rest_of(leads: FromClause) -> Lateral:
    """COLUMNS for each row of `leads`; a rest that is over is none."""
    last = _last_attempt(leads)
    rest = (
        select(
            _ahead(last.c.concluida_em + _hours(leads, last.c.resultado, last.c.tentativas)).label(
                "livre_em"
            ),
            _ahead(last.c.concluida_em + _interval(leads)).label("nao_antes_de"),
            cast(last.c.tentativas, SmallInteger).label("tentativas"),
        )
        .select_from(last)
        .offset(0)
    )
    return rest.lateral("descanso")


def tried_enough(leads: FromClause, tentativas: ColumnElement[int]) -> ColumnElement[bool]:
    """Whether nobody has answered so often that the lead is not offered any more, unless somebody
    promised to call."""
    most = cast(setting(leads, "tentativas"), Integer)
    enough: ColumnElement[bool] = (tentativas >= most) & leads.c.proximo_contato_em.is_(None)
    return enough


def rest(among: Among) -> Update:
    """Let these leads rest as their last attempts say; a result ends the lease on a lead."""
    computed = rest_of(LEADS)
    rows = (
        select(LEADS.c.equipe_id, LEADS.c.id, *(computed.c[name] for name in COLUMNS))
        .select_from(LEADS.join(computed, literal(True)))
        .where(among(LEADS.c.equipe_id, LEADS.c.id))
        .cte("descansos")
    )
    return (
        update(QUEUE)
        .where(QUEUE.c.equipe_id == rows.c.equipe_id, QUEUE.c.lead_id == rows.c.id)
        .values(**{name: rows.c[name] for name in COLUMNS}, reservado_por=None, reservado_ate=None)
    )


def setting(leads: FromClause, *path: Any) -> ColumnElement[str]:
    """A value of the tenant's settings, as text."""
    found = func.jsonb_extract_path_text(SETTINGS.c.fila, *path)
    return (
        select(cast(found, Text)).where(SETTINGS.c.equipe_id == leads.c.equipe_id).scalar_subquery()
    )


def _last_attempt(leads: FromClause) -> Lateral:
    """The last attempt of each lead, and how often nobody has answered since somebody did."""
    last, before = ACTIVITIES.alias("ultima"), ACTIVITIES.alias("antes")
    answered = (
        select(func.coalesce(func.max(before.c.concluida_em), _LONG_AGO))
        .where(_attempts_of(leads, before), before.c.resultado != Result.NAO_ATENDEU.value)
        .scalar_subquery()
    )
    since = ACTIVITIES.alias("desde")
    unanswered = (
        select(func.count())
        .where(
            _attempts_of(leads, since),
            since.c.resultado == Result.NAO_ATENDEU.value,
            since.c.concluida_em > answered,
        )
        .scalar_subquery()
    )
    found = (
        select(last.c.concluida_em, last.c.resultado, unanswered.label("tentativas"))
        .where(_attempts_of(leads, last))
        .order_by(last.c.concluida_em.desc(), last.c.id.desc())
        .limit(1)
    )
    return found.correlate(leads).lateral("tentativa")


def _attempts_of(leads: FromClause, of: FromClause) -> ColumnElement[bool]:
    return (
        (of.c.equipe_id == leads.c.equipe_id)
        & (of.c.lead_id == leads.c.id)
        & of.c.resultado.is_not(None)
        & of.c.concluida_em.is_not(None)
    )


def _hours(
    leads: FromClause, resultado: ColumnElement[str], tentativas: ColumnElement[int]
) -> ColumnElement[Any]:
    """The last of the waits for this result counts for all later attempts too."""
    waits = (
        select(func.jsonb_extract_path(SETTINGS.c.fila, "esperas_h", resultado))
        .where(SETTINGS.c.equipe_id == leads.c.equipe_id)
        .scalar_subquery()
    )
    place = func.least(func.greatest(tentativas, 1), func.jsonb_array_length(waits)) - 1
    hours = func.jsonb_array_element_text(waits, cast(place, Integer))
    return func.make_interval(0, 0, 0, 0, 0, 0, cast(hours, Float) * 3_600, type_=Interval)


def _interval(leads: FromClause) -> ColumnElement[Any]:
    minutes = cast(setting(leads, "intervalo_min"), Float)
    return func.make_interval(0, 0, 0, 0, 0, 0, minutes * 60, type_=Interval)


def _ahead(instant: ColumnElement[Any]) -> ColumnElement[Any]:
    return case((instant > func.now(), instant))
