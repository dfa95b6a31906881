"""Who is in the queue, whose, and in which order: derived from the leads and their scores.

The order is ln(p × value^γ) + t/τ: what a lead is expected to be worth, and how long ago it last
gave a signal. All fade at one rate, so the stored number keeps its order as time passes (Cobham's
"forward decay": Cormode et al., 2009). Without a model p is guessed from the score; it ranks, and
is never shown.

Only leads that are open, live and may be contacted are in it. A lead all of whose contacts turned
out wrong is not; one of whom none was ever known is.
"""

from typing import Any

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Double,
    FromClause,
    Interval,
    Select,
    and_,
    case,
    cast,
    delete,
    exists,
    func,
    literal,
    literal_column,
    null,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects.postgresql import Insert, insert
from sqlalchemy.sql.dml import Update

from models.derived.lead_score import SCORES
from models.derived.queue_entry import NO_OWNER, QUEUE, TYPICAL
from models.event import EVENTS, EventKind
from models.lead import LEADS
from models.lead_contact import CONTACTS
from models.team_settings import SETTINGS
from models.types import StageKind
from services.history import CAUSE, causes
from services.leads.deriving.resting import COLUMNS, rest_of_lead
from services.leads.stages import is_of_kind
from services.scores.statement import Among

# What lets a lead in or takes it out, what gives it its place, and what ends a lease on it.
ENTERS = frozenset({"etapa", "excluido_em", "nao_contatar_em", "proximo_contato_em"})
REACHED = frozenset({"telefone", "email", "contatos"})
# Beside what its score follows from.
ORDERED = frozenset(
    {"valor_centavos", "produto_chave", "responsavel_id", "proximo_contato_em", "etapa_desde"}
)
LEFT = frozenset({"etapa"})
_TAU = 7 * 86_400.0  # seconds in which a lead's weight falls to 1/e
_SLOPE, _MIDDLE, _SPREAD = 0.8, 50.0, 25.0  # of a guess from the score
_LEAST = 0.001
PLACE = ("dono", "ordem", "retorno_em")
_TARGET = ("equipe_id", "lead_id", *PLACE)


def fresh(leads: FromClause, condition: ColumnElement[bool]) -> Insert:
    """The places of new leads.

    The score of each is looked up by itself (OFFSET 0 keeps it so): of an equipe that nobody has
    counted yet the planner expects one row, and would compare each lead with every score.
    """
    theirs = (SCORES.c.equipe_id == leads.c.equipe_id) & (SCORES.c.lead_id == leads.c.id)
    looked_up = select(SCORES.c.score, SCORES.c.probabilidade).where(theirs).offset(0)
    score = looked_up.correlate(leads).lateral("pontuado")
    columns = [leads.c.equipe_id, leads.c.id, *place_of(leads, scores=score)]
    placed = select(*columns).select_from(leads.join(score, true()))
    placed = placed.where(condition, _open(leads), leads.c.nao_contatar_em.is_(None))
    return insert(QUEUE).from_select(list(_TARGET), placed)


def enter(among: Among) -> Insert:
    """Take out those of these leads that may not be offered any more, and let in those that may. A
    lead that comes back rests as its last attempt says."""
    rest = rest_of_lead()
    rows = (
        _placed(LEADS)
        .add_columns(*(rest.c[name] for name in COLUMNS))
        .join(rest, literal(True))
        .where(among(LEADS.c.equipe_id, LEADS.c.id), LEADS.c.excluido_em.is_(None))
        .where(offered(LEADS, rest.c.esgotado))
        .cte("entram")
    )
    # NOT IN is hashed. The planner expects one row to enter, and for NOT EXISTS would compare each
    # lead with all of them.
    left = QUEUE.c.lead_id.not_in(select(rows.c.id))
    gone = delete(QUEUE).where(among(QUEUE.c.equipe_id, QUEUE.c.lead_id), left).cte("saem")
    entered = insert(QUEUE).from_select([*_TARGET, *COLUMNS], select(rows))
    return entered.on_conflict_do_nothing().add_cte(gone)


def offered(leads: FromClause, exhausted: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether a live lead is one of the queue. `exhausted`: whether it was tried too often."""
    return and_(leads.c.nao_contatar_em.is_(None), _open(leads), _reachable(leads), ~exhausted)


def reach(among: Among) -> Insert:
    """The same after other contacts were given: it matters to those who had a wrong one."""

    def astray(equipe: ColumnElement[int], lead: ColumnElement[int]) -> ColumnElement[bool]:
        theirs = (CONTACTS.c.equipe_id == equipe) & (CONTACTS.c.lead_id == lead)
        return among(equipe, lead) & exists().where(theirs, CONTACTS.c.retirado_em.is_not(None))

    return enter(astray)


def place(among: Among) -> Update:
    """Put these leads into their places. A lead that was given to another person is held no
    longer."""
    return _place(_placed(LEADS).where(among(LEADS.c.equipe_id, LEADS.c.id)))


def place_many(among: Among) -> Update:
    """The same of thousands. Each table is told which: PostgreSQL would read all of a tenant's
    scores and places to find those of the leads."""
    scored = among(SCORES.c.equipe_id, SCORES.c.lead_id)
    wanted = _placed(LEADS).where(among(LEADS.c.equipe_id, LEADS.c.id), scored)
    return _place(wanted).where(among(QUEUE.c.equipe_id, QUEUE.c.lead_id))


def _place(placed: Select[tuple[object, ...]]) -> Update:
    wanted = placed.cte("lugares")
    taken = and_(wanted.c.dono != QUEUE.c.dono, wanted.c.dono != QUEUE.c.reservado_por)
    old, new = ([columns[name] for name in PLACE] for columns in (QUEUE.c, wanted.c))
    return (
        update(QUEUE)
        .where(
            QUEUE.c.equipe_id == wanted.c.equipe_id,
            QUEUE.c.lead_id == wanted.c.id,
            func.row(*old).is_distinct_from(func.row(*new)),
        )
        .values(
            **{name: wanted.c[name] for name in PLACE},
            reservado_por=case((taken, null()), else_=QUEUE.c.reservado_por),
            reservado_ate=case((taken, null()), else_=QUEUE.c.reservado_ate),
        )
    )


def end_lease(among: Among) -> Insert:
    """A move ends the lease on a lead, which then rests as after a result of no kind of its own. It
    does so where a promise is overdue too, or its holder would be given it again at once. The
    event tells it: this rest follows from nothing else."""
    hours = cast(_setting(QUEUE.c.equipe_id, "esperas_h", "outro", "0"), Double)
    rest = func.now() + hours * literal_column("interval '1 hour'", Interval)
    ended = (
        update(QUEUE)
        .where(among(QUEUE.c.equipe_id, QUEUE.c.lead_id), QUEUE.c.reservado_ate > func.now())
        .values(
            reservado_por=null(),
            reservado_ate=null(),
            livre_em=rest,
            nao_antes_de=case((QUEUE.c.retorno_em <= func.now(), rest), else_=QUEUE.c.nao_antes_de),
        )
        .returning(QUEUE.c.equipe_id, QUEUE.c.lead_id)
        .cte("encerradas")
    )
    kind = literal(EventKind.RESERVA_ENCERRADA.value)
    told = select(ended.c.equipe_id, *causes(), kind, ended.c.lead_id)
    columns = ["equipe_id", *CAUSE, "tipo", "lead_id"]
    return insert(EVENTS).from_select(columns, told, include_defaults=False)


def _open(leads: FromClause) -> ColumnElement[bool]:
    return is_of_kind(leads.c.equipe_id, leads.c.etapa, StageKind.ABERTA)


def _reachable(leads: FromClause) -> ColumnElement[bool]:
    """Whether not every contact that was known has turned out wrong."""
    known = (CONTACTS.c.equipe_id == leads.c.equipe_id) & (CONTACTS.c.lead_id == leads.c.id)
    wrong = exists().where(known, CONTACTS.c.retirado_em.is_not(None))
    return or_(~wrong, exists().where(known, CONTACTS.c.retirado_em.is_(None)))


def _placed(leads: FromClause) -> Select[tuple[object, ...]]:
    of_lead = (SCORES.c.equipe_id == leads.c.equipe_id) & (SCORES.c.lead_id == leads.c.id)
    columns = [leads.c.equipe_id, leads.c.id, *place_of(leads)]
    return select(*columns).select_from(leads.join(SCORES, of_lead))


def place_of(
    leads: FromClause, equipe: ColumnElement[int] | None = None, *, scores: FromClause = SCORES
) -> list[ColumnElement[Any]]:
    """PLACE of a lead that is joined with its score. `equipe`: whose all the leads are, if it is
    known: its settings are read once then, not per lead."""
    theirs = leads.c.equipe_id if equipe is None else equipe
    return [
        func.coalesce(leads.c.responsavel_id, cast(NO_OWNER, BigInteger)).label("dono"),
        order(leads, scores, theirs).label("ordem"),
        leads.c.proximo_contato_em.label("retorno_em"),
    ]


def order(
    leads: FromClause, scores: FromClause, equipe: ColumnElement[int]
) -> ColumnElement[float]:
    """Of a lead, by its columns and by those of its score; `equipe`: whose it is."""
    away = (_literal(_MIDDLE) - cast(scores.c.score, Double)) * _literal(_SLOPE / _SPREAD)
    guess = func.power(_literal(1) + func.exp(away), _literal(-1))
    chance = func.greatest(func.coalesce(scores.c.probabilidade, guess), _literal(_LEAST))
    gama = cast(_setting(equipe, "gama"), Double)
    worth = func.ln(chance) + gama * func.ln(func.greatest(_value(leads), _literal(1)))
    signal = func.date_part("epoch", leads.c.etapa_desde) * _literal(1 / _TAU)
    place: ColumnElement[float] = worth + signal
    return place


def _value(leads: FromClause) -> ColumnElement[Any]:
    """In reais. Of a lead without one what others of its product are worth, or all others."""
    typical = (
        select(TYPICAL.c.valor_centavos)
        .where(
            TYPICAL.c.equipe_id == leads.c.equipe_id,
            TYPICAL.c.produto_chave.in_([func.coalesce(leads.c.produto_chave, ""), ""]),
        )
        .order_by(TYPICAL.c.produto_chave.desc())
        .limit(1)
        .correlate(leads)
        .scalar_subquery()
    )
    cents = func.coalesce(leads.c.valor_centavos, typical, 100)
    return cast(cents, Double) * _literal(0.01)


def _literal(number: float) -> ColumnElement[float]:
    """In double precision; PostgreSQL would take it for a numeric, which is many times slower."""
    return cast(literal(number), Double)


def _setting(equipe: ColumnElement[int], *path: str) -> ColumnElement[str]:
    """A value of a tenant's settings, as text."""
    found = func.jsonb_extract_path_text(SETTINGS.c.fila, *path)
    of_tenant = select(found).where(SETTINGS.c.equipe_id == equipe)
    return of_tenant.correlate_except(SETTINGS).scalar_subquery()
