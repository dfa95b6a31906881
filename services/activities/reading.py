"""Reading activities: those of a lead, and the promises of people."""

from dataclasses import replace
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    DateTime,
    bindparam,
    cast,
    func,
    literal_column,
    select,
    true,
    tuple_,
)

from models.activity import ACTIVITIES
from models.db.messages.prepared import BY_INDEX
from models.db.messages.queries import Query, compile_query
from models.derived.lead_score import SCORES
from models.lead import LEADS
from services.activities.rows import COLUMNS, is_one
from services.leads.fields import DEFAULT_PAGE
from services.policy import Whose, promised, visible_by_id
from services.scores.statement import OF_LEAD

# Rows asked for by a page of the usual size.
_USUAL = DEFAULT_PAGE + 1


class Shape(NamedTuple):
    """`continues`: the page begins behind a row; `usual`: it asks for _USUAL rows."""

    continues: bool
    usual: bool

    @classmethod
    def of(cls, cursor: str | None, limite: int) -> "Shape":
        return cls(cursor is not None, limite == DEFAULT_PAGE)

    @property
    def limit(self) -> ColumnElement[int]:
        # Not knowing the number, PostgreSQL would plan for a tenth of all rows.
        return literal_column(str(_USUAL)) if self.usual else bindparam("limite")


@cache
def lead_query() -> Query:
    """Which lead an activity is about, and who wrote it. Parameters: equipe_id, atividade_id."""
    columns = [ACTIVITIES.c[name] for name in ("lead_id", "usuario_id", "chave_id")]
    return compile_query(select(*columns).where(is_one()), hot=True)


@cache
def page_query(gestor: bool, shape: Shape) -> Query:
    """Activities of the lead `id`, newest first; a row of nothing but nulls where it has none, and
    no row where the caller sees no such lead. Parameters: those of scope(), apos, apos_id,
    limite."""
    order = (ACTIVITIES.c.criado_em, ACTIVITIES.c.id)
    page = (
        select(*COLUMNS)
        .where(
            ACTIVITIES.c.equipe_id == LEADS.c.equipe_id,
            ACTIVITIES.c.lead_id == LEADS.c.id,
            *([tuple_(*order) < _last()] if shape.continues else []),
        )
        .order_by(*(column.desc() for column in order))
        .limit(shape.limit)
        .correlate(LEADS)
        .lateral("pagina")
    )
    one = (*visible_by_id(gestor), LEADS.c.id == bindparam("id"))
    found = select(*page.c).select_from(LEADS.outerjoin(page, true())).where(*one)
    found = found.order_by(page.c.criado_em.desc(), page.c.id.desc())
    return _by_index(compile_query(found, hot=shape.usual))


def _by_index(query: Query) -> Query:
    """A page is a range of an index. What is prepared says so by itself."""
    return query if query.hot else replace(query, sql=BY_INDEX + query.sql)


@cache
def tasks_query(whose: Whose, shape: Shape) -> Query:
    """Open promises, the oldest first, each with its lead, behind how many there are: overdue, of
    today, of seven days; one row at the least. Parameters: equipe_id, hoje, semana, and those of
    promised() and of a page."""
    page, counts = _promises(whose, shape), _counts(whose)
    found = select(*counts.c, *page.c).select_from(counts.outerjoin(page, true()))
    return _by_index(
        compile_query(found.order_by(page.c.prevista_para, page.c.id), hot=shape.usual)
    )


def _promises(whose: Whose, shape: Shape) -> Any:
    lead = [LEADS.c.nome, LEADS.c.telefone, LEADS.c.etapa, SCORES.c.score, SCORES.c.faixa]
    lead.append(LEADS.c.nao_contatar_em)
    order: list[ColumnElement[Any]] = [ACTIVITIES.c.prevista_para, ACTIVITIES.c.id]
    after = [tuple_(*order) > _last()] if shape.continues else []
    source = ACTIVITIES.join(LEADS, _OF_LEAD).outerjoin(SCORES, OF_LEAD)
    return (
        select(*COLUMNS, *lead)
        .select_from(source)
        .where(*promised(whose), *after)
        .order_by(*_by_date(whose))
        .limit(shape.limit)
        .subquery("pagina")
    )


def _counts(whose: Whose) -> Any:
    """In the order of their dates, though a count needs none: so PostgreSQL walks the index that
    ends at a date, and none that holds all that is open."""
    today, week = (cast(bindparam(name), DateTime(timezone=True)) for name in ("hoje", "semana"))
    near = (
        select(ACTIVITIES.c.prevista_para)
        .select_from(ACTIVITIES.join(LEADS, _OF_LEAD))
        .where(*promised(whose), ACTIVITIES.c.prevista_para < week)
        .order_by(*_by_date(whose))
        .offset(0)
        .subquery("proximas")
    )
    due = near.c.prevista_para
    ahead = due >= func.now()
    return (
        select(
            func.count().filter(~ahead).label("atrasadas"),
            func.count().filter(ahead & (due < today)).label("hoje"),
            func.count().filter(ahead).label("dias_7"),
        )
        .select_from(near)
        .subquery("contagem")
    )


def _by_date(whose: Whose) -> list[ColumnElement[Any]]:
    """The order of promises. What is null in every row is no constant for PostgreSQL: without it
    the index has no order."""
    nobody = [ACTIVITIES.c.responsavel_id] if whose is Whose.NINGUEM else []
    return [*nobody, ACTIVITIES.c.prevista_para, ACTIVITIES.c.id]


_OF_LEAD = (LEADS.c.equipe_id == ACTIVITIES.c.equipe_id) & (LEADS.c.id == ACTIVITIES.c.lead_id)


def _last() -> ColumnElement[Any]:
    return tuple_(cast(bindparam("apos"), DateTime(timezone=True)), bindparam("apos_id"))
