"""Files and databases that are not restored, and what stays untouched then."""

import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from commands import backup as commands
from tests.support.api import Api, Team, open_team
from tests.support.backups import Site, digests, restored
from tests.support.roles import connected, flask_db

pytestmark = pytest.mark.xdist_group("backup")
MANIFEST = "manifesto.json"


def tables(site: Site) -> int:
    with connected(site.superuser) as superuser:
        query = "select count(*) from pg_class where relnamespace = 'public'::regnamespace"
        return int(superuser.exec_driver_sql(query).scalar_one())


def changed(file: Path, change: Callable[[str, bytes], bytes | None]) -> Path:
    """A sound archive with other members."""
    other = file.with_name("changed.backup")
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(other, "w") as new:
        for name in old.namelist():
            if (data := change(name, old.read(name))) is not None:
                new.writestr(name, data)
    return other


def described(**fields: Any) -> Callable[[str, bytes], bytes]:
    """The same, but for these fields of the manifest."""

    def change(name: str, data: bytes) -> bytes:
        return json.dumps(json.loads(data) | fields).encode() if name == MANIFEST else data

    return change


def test_a_damaged_file_changes_nothing(target: Site, file: Path) -> None:
    """tests/utils/test_archive.py tries every byte of a file."""
    other, whole = file.with_name("damaged.backup"), file.read_bytes()
    middle = len(whole) // 2
    with zipfile.ZipFile(file) as archive:
        largest = max(archive.infolist(), key=lambda member: member.compress_size)
    at = largest.header_offset + len(largest.FileHeader()) + largest.compress_size // 2
    flipped = whole[:at] + bytes([whole[at] ^ 0xFF]) + whole[at + 1 :]
    for raw in (whole[:middle], whole[:-1], flipped):
        other.write_bytes(raw)
        said = target.refused("backup", "restore", other)
        assert said.startswith(f"{other} está danificado ou incompleto"), said
        assert len(said.splitlines()) == 1
    assert tables(target) == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"nome,email\nA,\n", b"PGDMP\x01\x0f\x00" + b"\0" * 500, b"PK\x05\x06" + b"\0" * 18],
)
def test_another_kind_of_file(target: Site, tmp_path: Path, raw: bytes) -> None:
    other = tmp_path / "other"
    other.write_bytes(raw)
    assert "não é um backup de flask backup create" in target.refused("backup", "restore", other)
    assert tables(target) == 0


def test_no_file(target: Site, tmp_path: Path) -> None:
    assert "não existe" in target.refused("backup", "restore", tmp_path / "nowhere")
    assert "é uma pasta" in target.refused("backup", "restore", tmp_path)


def test_a_file_of_later_code(target: Site, file: Path) -> None:
    for fields in ({"migracao": "9999"}, {"formato": 2}):
        later = changed(file, described(**fields))
        assert "atualize o código" in target.refused("backup", "restore", later)
    assert tables(target) == 0


def test_a_file_that_lacks_a_table(target: Site, file: Path) -> None:
    lacking = changed(file, lambda name, data: None if name == "leads" else data)
    assert "não contém as tabelas" in target.refused("backup", "restore", lacking)
    assert tables(target) == 0


def everything(site: Site) -> set[int]:
    """How many rows the tables have; the days of a zone are there from the migration on."""
    found = digests(site.superuser)
    return {count for name, (count, _) in found.items() if name != "fusos_dias"}


@pytest.mark.parametrize(
    ("table", "change", "named"),
    [
        # The last table that is filled refers to a user who is not there.
        ("sessoes", lambda rows: rows.replace(b"\t1\t", b"\t77\t"), "tabela sessoes"),
        ("leads", lambda rows: rows[: rows.index(b"\n") + 1], "não tem as linhas"),
        ("eventos", lambda rows: rows + b"segredo@exemplo.com.br\n", "SQLSTATE 22"),
    ],
)
def test_all_or_nothing(
    target: Site, file: Path, table: str, change: Callable[[bytes], bytes], named: str
) -> None:
    wrong = changed(file, lambda name, data: change(data) if name == table else data)
    said = target.refused("backup", "restore", wrong)
    assert named in said and "segredo" not in said
    assert everything(target) == {0}
    restored(target, file)
    assert everything(target) != {0}


def test_a_database_with_an_equipe(target: Site, file: Path) -> None:
    flask_db(target.setup, "upgrade")
    open_team(target.app)
    before = digests(target.superuser)
    said = target.refused("backup", "restore", file)
    assert "não está vazio (equipes: 1)" in said
    assert digests(target.superuser) == before


def test_an_equipe_that_registers_meanwhile(
    target: Site, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    flask_db(target.setup, "upgrade")
    monkeypatch.setattr(commands, "_migrate_to", lambda *_: open_team(target.app))
    assert "não está vazio (equipes: 1)" in target.refused("backup", "restore", file)


def test_refused_logins_of_nobody_are_no_equipe(source: Site, target: Site, file: Path) -> None:
    """The server runs already, and somebody has tried to sign in."""
    flask_db(target.setup, "upgrade")
    wrong = {"email": "ninguem@exemplo.com.br", "senha": "senha-errada"}
    assert Api(target.app).post("/auth/login", wrong).status == 401
    restored(target, file)
    assert digests(target.superuser) == digests(source.superuser)


def test_a_database_of_other_tables(target: Site, file: Path) -> None:
    with connected(target.setup.owner_url) as owner:
        owner.exec_driver_sql("create table de_outro (id int)")
    assert "restaure em um banco novo" in target.refused("backup", "restore", file)


def test_a_database_of_later_code(target: Site, file: Path) -> None:
    flask_db(target.setup, "upgrade")
    with connected(target.setup.owner_url) as owner:
        owner.exec_driver_sql("update alembic_version set version_num = '9999'")
    assert "atualize o código" in target.refused("backup", "restore", file)


def test_a_role_that_owns_nothing(
    target: Site, file: Path, make_app: Callable[..., Flask], known: Team
) -> None:
    flask_db(target.setup, "upgrade")
    alone = make_app(database_url=target.setup.url, migration_database_url=None)
    said = Site(target.setup, alone).refused("backup", "restore", file)
    assert "use em DATABASE_URL o dono do banco" in said
    assert everything(target) == {0}


def test_production_restores_as_no_superuser(
    target: Site, file: Path, make_app: Callable[..., Flask]
) -> None:
    powerful = make_app(database_url=target.setup.url, migration_database_url=target.superuser)
    powerful.config["PRODUCTION"] = True
    said = Site(target.setup, powerful).refused("backup", "restore", file)
    assert "O usuário de MIGRATION_DATABASE_URL é superusuário" in said
    assert tables(target) == 0
