"""lead_busca shows its own equipe the texts that it looks for, and a write all of them."""

from contextlib import closing

import pytest
from flask import Flask
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import ProgrammingError

from models.db import db, enter_tenant, transaction
from models.db.statements import count_here, read_engine
from models.db.transactions import for_tenant
from models.derived.lead_search import SEARCH_TEXTS
from tests.support.api import Team
from tests.support.leads import create, rows


def seen(connection: Connection, **settings: object) -> list[str]:
    with closing(connection.connection.cursor()) as cursor:
        said = "".join(f"set local app.{n} = '{value}'; " for n, value in settings.items())
        cursor.execute(said + "select busca from lead_busca order by busca")
        return [text for (text,) in cursor.fetchall()]


def test_texts_are_shown_that_are_like_what_is_looked_for(
    team: Team, other_team: Team, ordinary: Connection
) -> None:
    for each, name in ((team, "Maria"), (team, "José"), (other_team, "Mariana")):
        create(each.gestor.api, nome=name)
    mine, theirs = team.equipe_id, other_team.equipe_id
    assert seen(ordinary, equipe_id=mine, busca="%mari%") == ["maria"]
    assert seen(ordinary, equipe_id=theirs, busca="%mari%") == ["mariana"]
    assert seen(ordinary, equipe_id=mine, busca="%") == ["jose", "maria"]


def test_without_a_tenant_or_a_word_there_are_none(team: Team, ordinary: Connection) -> None:
    create(team.gestor.api, nome="Maria")
    assert seen(ordinary, equipe_id=team.equipe_id) == []
    assert seen(ordinary, busca="%") == []
    # A setting that was set once is an empty text afterwards.
    assert seen(ordinary, equipe_id=team.equipe_id, busca="%") == ["maria"]
    assert seen(ordinary, equipe_id=team.equipe_id) == []


def test_an_update_that_sees_no_text_changes_none(team: Team, ordinary: Connection) -> None:
    """Why a transaction says that it sees all texts."""
    lead = create(team.gestor.api, nome="Maria")
    ordinary.exec_driver_sql(f"set app.equipe_id = '{team.equipe_id}'")
    where = f"where lead_id = {lead['id']}"
    changed = f"update lead_busca set busca = 'ana' {where}"
    assert ordinary.exec_driver_sql(changed).rowcount == 0
    with pytest.raises(ProgrammingError, match="row-level security"):
        ordinary.exec_driver_sql(
            "insert into lead_busca (equipe_id, lead_id, busca) "
            f"values ({team.equipe_id}, {lead['id']}, 'ana') "
            "on conflict (equipe_id, lead_id) do update set busca = excluded.busca"
        )
    ordinary.exec_driver_sql("set app.busca = '%%'")
    assert ordinary.exec_driver_sql(changed).rowcount == 1


@pytest.mark.parametrize("entered", ["before", "after"])
def test_a_transaction_updates_and_deletes_every_text_of_its_equipe(
    app: Flask, team: Team, other_team: Team, sql: Engine, entered: str
) -> None:
    for each in (team, team, other_team):
        create(each.gestor.api, nome="Maria")
    update = SEARCH_TEXTS.update().where(SEARCH_TEXTS.c.equipe_id == team.equipe_id)
    delete = SEARCH_TEXTS.delete().where(SEARCH_TEXTS.c.equipe_id == team.equipe_id)
    with app.app_context(), transaction() as session:
        if entered == "after":
            session.connection()  # the tenant is known after the transaction began
        enter_tenant(team.equipe_id)
        assert count_here(update.values(busca="ana")) == 2
        assert count_here(delete) == 2
        session.rollback()
    assert len(rows(sql, "select 1 from lead_busca where equipe_id = :e", e=team.equipe_id)) == 2


def test_a_read_and_a_transaction_leave_no_word_behind(app: Flask, team: Team) -> None:
    left = "select coalesce(current_setting('app.busca', true), '')"
    with app.app_context():
        with transaction():
            enter_tenant(team.equipe_id)
            assert db.session.connection().exec_driver_sql(left).scalar_one() == "%"
        assert db.session.connection().exec_driver_sql(left).scalar_one() == ""
        db.session.rollback()
        with read_engine().connect() as connection:
            looked = for_tenant(team.equipe_id, "set local app.busca = 'x'; select 1")
            connection.exec_driver_sql(looked)
            assert connection.exec_driver_sql(left).scalar_one() == ""
