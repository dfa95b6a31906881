"""`flask backup create`: the file it writes, the moment it shows, and when it writes none."""

import re
import resource
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy.exc import DBAPIError

from config import ROOT
from models.db.copying import copies
from tests.support.api import Team
from tests.support.backups import Site, backed_up, digests, restored
from tests.support.leads import all_leads, create
from tests.support.roles import connected, flask_db
from tests.support.terminal import environment
from utils.archive import Archive

pytestmark = pytest.mark.xdist_group("backup")


def during(monkeypatch: pytest.MonkeyPatch, table: str, action: Callable[[], Any]) -> list[Any]:
    """Do it while a backup is being made, right before this table; what it gave."""
    given: list[Any] = []
    copy_out = copies.copy_out

    def instead(connection: Any, copied: Any, *rest: Any) -> int:
        if copied.name == table:
            given.append(action())
        return copy_out(connection, copied, *rest)

    monkeypatch.setattr(copies, "copy_out", instead)
    return given


def test_it_says_what_it_wrote(source: Site, known: Team, tmp_path: Path) -> None:
    file = tmp_path / "finlead.backup"
    result = source.flask("backup", "create", file)
    there = digests(source.superuser)
    rows = sum(count for count, _ in there.values())
    size = f"{file.stat().st_size:,}".replace(",", ".")
    said = rf"{len(there)} tabelas, {rows} linhas, {size} bytes, migração \d{{4}}\."
    assert re.search(said, result.output)
    assert list(tmp_path.iterdir()) == [file]


def test_only_its_owner_reads_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_a_file_that_is_there_stays(source: Site, known: Team, tmp_path: Path) -> None:
    file = tmp_path / "finlead.backup"
    file.write_text("outra coisa")
    assert "já existe" in source.refused("backup", "create", file)
    assert file.read_text() == "outra coisa"
    (tmp_path / "link").symlink_to(tmp_path / "nowhere")
    assert "já existe" in source.refused("backup", "create", tmp_path / "link")


def test_a_file_that_appears_meanwhile_stays(
    source: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "finlead.backup"
    during(monkeypatch, "leads", lambda: file.write_text("outra coisa"))
    assert "já existe" in source.refused("backup", "create", file)
    assert file.read_text() == "outra coisa"
    assert list(tmp_path.iterdir()) == [file]


def test_the_name_is_there_only_when_the_file_is_whole(
    source: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "finlead.backup"
    (seen,) = [during(monkeypatch, "leads", lambda: [path.name for path in tmp_path.iterdir()])]
    backed_up(source, file)
    ((partial,),) = seen
    assert partial.endswith(".finlead.backup.partial")


def test_no_folder(source: Site, tmp_path: Path) -> None:
    said = source.refused("backup", "create", tmp_path / "nowhere" / "a.backup")
    assert "nowhere não existe" in said


def test_a_full_disk_is_a_sentence_and_leaves_nothing(
    source: Site, known: Team, tmp_path: Path
) -> None:
    file = tmp_path / "finlead.backup"
    done = subprocess.run(
        [sys.executable, "-m", "flask", "backup", "create", str(file)],
        cwd=ROOT,
        env=environment(**source.setup.settings),
        capture_output=True,
        text=True,
        # A file of this account may not grow beyond one kilobyte.
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (1_000, 1_000)),
    )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [
        f"Error: Não foi possível gravar {file}: o arquivo ficou maior do que o sistema permite."
    ]
    assert list(tmp_path.iterdir()) == []


def test_what_is_written_meanwhile_is_in_no_table(
    source: Site, target: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = digests(source.superuser)
    api = known.gestor.api
    # The first tables have been copied by then, the others have not.
    during(monkeypatch, "usuarios", lambda: create(api, nome="Tarde demais", uf="RJ"))
    file = backed_up(source, tmp_path / "a.backup")
    monkeypatch.undo()
    assert "Tarde demais" in {lead["nome"] for lead in all_leads(api)}
    restored(target, file)
    assert digests(target.superuser) == before


def test_no_migration_changes_a_table_meanwhile(
    source: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def migrate() -> str:
        with connected(source.setup.owner_url) as owner:
            owner.exec_driver_sql("set lock_timeout = '100ms'")
            with pytest.raises(DBAPIError, match="lock timeout"):
                owner.exec_driver_sql("alter table leads add column nova int")
        return "refused"

    given = during(monkeypatch, "equipes", migrate)  # the first table, long before leads
    backed_up(source, tmp_path / "a.backup")
    assert given == ["refused"]


def test_a_table_that_was_written_anew_a_moment_before_is_not_empty(
    source: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who had chosen the moment before such a migration would find the table empty."""
    lock = copies.lock

    def rewrite_and_lock(*how: Any) -> None:
        with connected(source.setup.owner_url) as owner:
            owner.exec_driver_sql("alter table etapas alter ordem type int")
            owner.exec_driver_sql("alter table etapas alter ordem type smallint")
        lock(*how)

    monkeypatch.setattr(copies, "lock", rewrite_and_lock)
    with Archive(backed_up(source, tmp_path / "a.backup")) as archive:
        assert archive.manifest.tabelas["etapas"].linhas == 6


def test_a_migration_between_two_looks_is_noticed(
    source: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lock = copies.lock

    def change_and_lock(*how: Any) -> None:
        with connected(source.setup.owner_url) as owner:
            owner.exec_driver_sql("alter table etapas add nova int")
        lock(*how)

    monkeypatch.setattr(copies, "lock", change_and_lock)
    try:
        said = source.refused("backup", "create", tmp_path / "a.backup")
    finally:
        with connected(source.setup.owner_url) as owner:
            owner.exec_driver_sql("alter table etapas drop nova")
    assert "tente de novo" in said


def test_a_database_without_tables(target: Site, tmp_path: Path) -> None:
    said = target.refused("backup", "create", tmp_path / "a.backup")
    assert "não tem tabelas" in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_of_later_code(target: Site, tmp_path: Path) -> None:
    flask_db(target.setup, "upgrade")
    with connected(target.setup.owner_url) as owner:
        owner.exec_driver_sql("update alembic_version set version_num = '9999'")
    assert "atualize o código" in target.refused("backup", "create", tmp_path / "a.backup")


def test_a_role_that_may_not_read(
    source: Site, known: Team, tmp_path: Path, make_app: Callable[..., Flask]
) -> None:
    url = source.setup.url.replace(f"//{source.setup.api}@", "//finlead_test@")
    stranger = Site(source.setup, make_app(database_url=url, migration_database_url=None))
    said = stranger.refused("backup", "create", tmp_path / "a.backup")
    assert "não pode ler as tabelas" in said
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_may_not_be_read(source: Site, known: Team, tmp_path: Path) -> None:
    with connected(source.superuser) as superuser:
        superuser.exec_driver_sql(f'revoke select on leads from "{source.setup.api}"')
        try:
            said = source.refused("backup", "create", tmp_path / "a.backup")
        finally:
            superuser.exec_driver_sql(f'grant select on leads to "{source.setup.api}"')
    assert f"o usuário {source.setup.api} não pode ler as tabelas" in said
    assert list(tmp_path.iterdir()) == []


def test_a_table_that_stays_locked(
    source: Site, known: Team, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(copies, "_LIMITS", "set local lock_timeout = 100")
    with connected(source.superuser) as superuser:
        superuser.exec_driver_sql("begin")
        superuser.exec_driver_sql("lock table leads in access exclusive mode")
        said = source.refused("backup", "create", tmp_path / "a.backup")
        superuser.exec_driver_sql("rollback")
    assert "está ocupado" in said
    assert list(tmp_path.iterdir()) == []


def test_a_database_that_is_away(
    source: Site, make_app: Callable[..., Flask], tmp_path: Path
) -> None:
    nowhere = "postgresql+psycopg2://x@127.0.0.1:9/x"
    away = Site(source.setup, make_app(database_url=nowhere, migration_database_url=None))
    assert "está indisponível" in away.refused("backup", "create", tmp_path / "a.backup")


def test_an_older_database_is_kept_as_it_is(target: Site, tmp_path: Path) -> None:
    """One makes a backup before an upgrade, with the new code."""
    flask_db(target.setup, "upgrade", "0007")
    with Archive(backed_up(target, tmp_path / "a.backup")) as archive:
        assert archive.manifest.migracao == "0007"
        assert "lead_contatos" not in archive.manifest.tabelas
