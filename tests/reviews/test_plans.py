"""A page of reviews is a range of an index: it reads what it shows, however many there are."""

from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.reviews.rows import page_query
from tests.support import many
from tests.support.api import Team, open_team
from tests.support.leads import run
from tests.support.plans import TEMPTING, explain

pytestmark = pytest.mark.xdist_group("plans")
LEADS, OPEN, PAGE = 6_000, 200, 21
_REVIEWS = (
    "insert into revisoes (equipe_id, lead_id, estado, motivo, contestado) "
    "select :e, id, case when n % :every = 0 then 'aberta' else 'mantida' end, 'x', '{}' "
    "from (select id, row_number() over (order by id) as n from leads where equipe_id = :e) l "
    "order by n"
)


@pytest.fixture(scope="module")
def filled(app: Flask, sql: Engine) -> Iterator[Team]:
    team = open_team(app)
    many.fill(sql, team, LEADS)
    run(sql, _REVIEWS, e=team.equipe_id, every=LEADS // OPEN)
    many.analyze(sql)
    run(sql, "analyze revisoes")
    yield team
    run(sql, "delete from revisoes where equipe_id = :e", e=team.equipe_id)


@pytest.mark.parametrize(
    ("states", "index"),
    [
        ((), "pk_revisoes"),
        (("mantida",), "pk_revisoes"),
        (("aberta",), "ix_revisoes_equipe_id_id"),
    ],
)
@pytest.mark.parametrize("gestor", [True, False])
def test_a_page_is_a_range_of_an_index(
    app: Flask, filled: Team, states: tuple[str, ...], index: str, gestor: bool
) -> None:
    values = {"equipe_id": filled.equipe_id, "usuario_id": filled.vendedor.id, "limite": PAGE}
    query = page_query(gestor, states, False)
    with app.app_context():
        plan = explain(query, values, filled.equipe_id, before=TEMPTING)
    reviews = plan.scan("revisoes")
    assert reviews["Index Name"] == index
    # A fifth of the leads is the vendedor's, and a fiftieth is deleted.
    assert reviews["Actual Rows"] <= PAGE * (2 if gestor else 10)
    assert plan.index_of("leads") == "pk_leads"
