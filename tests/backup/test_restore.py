"""What comes back from a backup, and what does not."""

import time
from pathlib import Path

import pytest
from sqlalchemy.exc import DBAPIError

from tests.support.api import Api, Team
from tests.support.backups import (
    Site,
    backed_up,
    digests,
    protections,
    restored,
    signed_in,
)
from tests.support.leads import all_leads, create
from tests.support.roles import connected, flask_db

pytestmark = pytest.mark.xdist_group("backup")


def estimates(site: Site) -> dict[str, int]:
    """How many rows the planner believes that there are."""
    query = "select relname, reltuples::int from pg_class where reltuples > 0 and relkind = 'r'"
    with connected(site.superuser) as superuser:
        mine = f"{query} and relnamespace = 'public'::regnamespace and relname <> 'alembic_version'"
        return dict(tuple(row) for row in superuser.exec_driver_sql(mine))


def test_every_row_of_every_table_comes_back(source: Site, target: Site, file: Path) -> None:
    said = restored(target, file)
    before, after = digests(source.superuser), digests(target.superuser)
    assert {table for table, (count, _) in before.items() if count == 0} == set()
    assert after == before
    assert estimates(target) == {table: count for table, (count, _) in before.items()}
    rows = sum(count for count, _ in before.values())
    assert f"{len(before)} tabelas, {rows} linhas" in said


def test_a_backup_of_what_was_restored_restores_to_the_same(
    source: Site, target: Site, file: Path, tmp_path: Path
) -> None:
    restored(target, file)
    again = backed_up(target, tmp_path / "again.backup")
    with connected(target.superuser) as superuser:
        superuser.exec_driver_sql("drop schema public cascade")
        superuser.exec_driver_sql(f'create schema public authorization "{target.setup.owner}"')
    restored(target, again)
    assert digests(target.superuser) == digests(source.superuser)


def test_it_is_served_and_protected_as_before(
    source: Site, target: Site, file: Path, known: Team
) -> None:
    restored(target, file)
    assert protections(target.superuser) == protections(source.superuser)
    gestor = signed_in(target, known.gestor)
    assert all_leads(gestor.api) == all_leads(known.gestor.api)
    with connected(target.setup.url) as api:
        assert api.exec_driver_sql("select count(*) from leads").scalar_one() == 0
        with pytest.raises(DBAPIError):
            api.exec_driver_sql("alter table leads no force row level security")
    with connected(target.superuser) as superuser, pytest.raises(DBAPIError):
        superuser.exec_driver_sql("delete from eventos")
    assert "No new upgrade operations detected" in flask_db(target.setup, "check")


def test_ids_that_others_may_know_are_not_given_again(
    source: Site, target: Site, known: Team, tmp_path: Path
) -> None:
    with connected(source.superuser) as superuser:  # more leads than are skipped
        superuser.exec_driver_sql("select setval('leads_id_seq', 5000000)")
    file = backed_up(source, tmp_path / "a.backup")
    lost = create(known.gestor.api)  # after the backup
    restored(target, file)
    gestor = signed_in(target, known.gestor)
    assert gestor.api.get(f"/leads/{lost['id']}").status == 404
    assert create(gestor.api)["id"] > lost["id"] + 900_000
    with connected(target.superuser) as superuser:
        sessions = superuser.exec_driver_sql("select id from sessoes order by id").scalars().all()
    assert sessions[-1] > sessions[-2] + 900_000  # a token of a lost session names nobody's


def test_the_same_file_restored_again_opens_a_later_epoch(target: Site, file: Path) -> None:
    """A follower of the first one must not take the events of the second one for old."""
    epochs = []
    for _ in range(2):
        restored(target, file)
        epochs.append(target.epoch())
        with connected(target.superuser) as superuser:
            superuser.exec_driver_sql("drop schema public cascade")
            superuser.exec_driver_sql(f'create schema public authorization "{target.setup.owner}"')
        time.sleep(1)
    assert 0 < epochs[0] < epochs[1]


def test_sessions_and_codes_end(source: Site, target: Site, known: Team, tmp_path: Path) -> None:
    code = known.gestor.api.post(f"/users/{known.colleague.id}/reset").data["codigo_ativacao"]
    said = restored(target, backed_up(source, tmp_path / "a.backup"))
    assert "sessões encerradas: 0" not in said
    assert Api(target.app, known.gestor.api.token).get("/auth/me").status == 401
    renewal = {"refresh_token": known.gestor.refresh_token}
    assert Api(target.app).post("/auth/refresh", renewal).status == 401
    activation = {"codigo": code, "senha": "uma-frase-longa"}
    assert Api(target.app).post("/auth/activate", activation).status in (401, 404, 422)
    with connected(target.superuser) as superuser:
        live = "select count(*) from sessoes where encerrada_em is null"
        assert superuser.exec_driver_sql(live).scalar_one() == 0
        why = "select distinct motivo from sessoes order by 1"
        reasons = superuser.exec_driver_sql(why).scalars().all()
        assert reasons == ["restauracao", "senha_redefinida"]


def test_keys_go_on_unless_they_are_to_end(
    source: Site, target: Site, known: Team, tmp_path: Path
) -> None:
    made = known.gestor.api.post("/auth/keys", {"nome": "crm", "role": "vendedor"}).data
    file = backed_up(source, tmp_path / "a.backup")
    assert known.gestor.api.delete(f"/auth/keys/{made['id']}").status == 200  # after the backup
    said = restored(target, file)
    assert "Chaves de API que valem: 2;" in said
    assert Api(target.app, made["chave"]).get("/leads").status == 200


def test_keys_end_where_that_is_asked_for(
    source: Site, target: Site, known: Team, tmp_path: Path
) -> None:
    made = known.gestor.api.post("/auth/keys", {"nome": "crm", "role": "vendedor"}).data
    said = restored(target, backed_up(source, tmp_path / "a.backup"), "--revogar-chaves")
    assert "Chaves de API que valem: 0;" in said
    assert Api(target.app, made["chave"]).get("/leads").status == 401
    with connected(target.superuser) as superuser:
        ended = "select count(*) from eventos where tipo = 'chave_revogada' and alvo_id = %s"
        assert superuser.exec_driver_sql(ended, (made["id"],)).scalar_one() == 1
    assert protections(target.superuser) == protections(source.superuser)


def test_one_role_that_owns_its_database_is_enough(
    source: Site, target: Site, file: Path, make_app, tmp_path: Path
) -> None:
    """As a host gives it: no second role, and no power to pass row-level security."""
    url = target.setup.owner_url
    alone = Site(target.setup, make_app(database_url=url, migration_database_url=None))
    restored(alone, file)
    assert digests(alone.superuser) == digests(source.superuser)
    again = backed_up(alone, tmp_path / "again.backup")
    assert again.stat().st_size > 0
