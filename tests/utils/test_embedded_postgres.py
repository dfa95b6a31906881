"""Real servers in temporary folders: what must hold when processes are many and get killed."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psycopg2
import pytest

from tests.support.servers import FAST, pid_file, pid_in, query
from utils.postgres.embedded import EmbeddedPostgres

REPOSITORY = Path(__file__).parents[2]
MEMBER = f"""
import sys
from pathlib import Path
from utils.postgres.embedded import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]), options={FAST!r})
server.join()
server.ensure_database()
print("in", flush=True)
sys.stdin.readline()
server.leave()
print("out", flush=True)
"""
FORKING_MEMBER = f"""
import os, sys, time
from pathlib import Path
from utils.postgres.embedded import EmbeddedPostgres

server = EmbeddedPostgres(Path(sys.argv[1]), options={FAST!r})
server.join()
child = os.fork()
if child == 0:
    server.leave()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
    time.sleep(60)
    os._exit(0)
print(child, flush=True)
sys.stdin.readline()
"""


class Member:
    """Another process that joins the server of a folder, and leaves when told."""

    def __init__(self, base: Path, script: str = MEMBER) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-c", script, str(base)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=REPOSITORY,
        )

    def said(self) -> str:
        return self.process.stdout.readline().strip()

    def leave(self) -> None:
        self.process.communicate("leave\n", timeout=60)

    def kill(self) -> None:
        """Kill it; the pipe must end with it, or the server has inherited it."""
        self.process.kill()
        self.process.communicate(timeout=10)


class TestJoin:
    def test_eight_processes_on_a_cold_folder_share_one_server(self, cold, request):
        server = EmbeddedPostgres(cold, options=FAST)
        request.addfinalizer(server.leave)
        (cold / "pg18.new-abandoned" / "base").mkdir(parents=True)
        members = [Member(cold) for _ in range(8)]
        assert [member.said() for member in members] == ["in"] * 8
        server.join()
        running = pid_file(server)
        assert running.read_text().count("\n") > 1
        log = running.with_name("server.log").read_text()
        assert log.count("starting PostgreSQL") == 1
        assert not list(cold.glob("*.new-*"))
        server.leave()
        for member in members[1:]:
            member.leave()
        assert running.exists()
        members[0].leave()
        assert not running.exists()

    def test_after_the_postmaster_was_killed_it_starts_again_with_the_data(self, server):
        server.join()
        query(server, "CREATE TABLE kept AS SELECT 7 AS value")
        os.kill(pid_in(pid_file(server)), signal.SIGKILL)
        server.join()
        assert query(server, "SELECT value FROM kept") == (7,)


class TestLeave:
    def test_the_last_of_two_processes_stops_the_server(self, base, server):
        server.join()
        running = pid_file(server)
        member = Member(base)
        assert member.said() == "in"
        server.leave()
        assert running.exists()
        member.leave()
        assert not running.exists()

    def test_the_data_is_found_by_the_next_start(self, server):
        server.join()
        query(server, "CREATE TABLE survivor AS SELECT 7 AS value")
        server.leave()
        server.join()
        assert query(server, "SELECT value FROM survivor") == (7,)

    def test_a_killed_member_leaves_the_server_to_the_next(self, base, server):
        member = Member(base)
        assert member.said() == "in"
        running = pid_file(server)
        started = pid_in(running)
        member.kill()
        server.join()
        assert pid_in(pid_file(server)) == started
        server.leave()
        assert not running.exists()

    def test_two_in_one_process_are_counted_apart(self, base, server):
        other = EmbeddedPostgres(base, options=FAST)
        server.join()
        other.join()
        running = pid_file(server)
        other.leave()
        other.leave()
        assert running.exists()
        server.leave()
        assert not running.exists()

    def test_a_forked_child_neither_holds_nor_releases_its_parents_place(self, base, server):
        member = Member(base, FORKING_MEMBER)
        child = int(member.said())
        time.sleep(0.2)  # the child gives up a place that it does not have
        server.join()
        running = pid_file(server)
        server.leave()
        assert running.exists()  # the parent is still counted
        member.kill()
        server.join()
        server.leave()
        assert not running.exists()  # the child alone is not
        os.kill(child, signal.SIGKILL)

    def test_without_having_joined_nothing_happens(self, cold):
        EmbeddedPostgres(cold).leave()
        assert not cold.exists()


class TestEnsureDatabase:
    def test_one_role_owns_the_database_the_other_nothing_and_neither_has_power(self, server):
        server.join()
        server.ensure_database()
        server.ensure_database()
        for role in ("finlead", "finlead_dono"):
            assert query(
                server,
                "SELECT rolcanlogin, rolsuper, rolbypassrls, rolcreatedb, rolcreaterole"
                f" FROM pg_roles WHERE rolname = '{role}'",
            ) == (True, False, False, False, False)
        assert query(
            server,
            "SELECT pg_get_userbyid(datdba), pg_encoding_to_char(encoding)"
            " FROM pg_database WHERE datname = 'finlead'",
        ) == ("finlead_dono", "UTF8")
        query(server, "CREATE TABLE mine (id int)", "finlead_dono", "finlead")
        with pytest.raises(psycopg2.errors.InsufficientPrivilege):
            query(server, "CREATE TABLE not_mine (id int)", "finlead", "finlead")

    def test_the_server_listens_on_its_socket_only_and_lives_in_utc(self, server, monkeypatch):
        monkeypatch.setenv("PGPORT", "6000")
        monkeypatch.setenv("PGHOST", "example.invalid")
        monkeypatch.setenv("LANG", "xx_BOGUS")
        monkeypatch.delenv("HOME", raising=False)
        server.join()
        server.ensure_database("outro banco", "outra-pessoa")
        for setting, value in (
            ("listen_addresses", ""),
            ("timezone", "UTC"),
            ("jit", "off"),
            ("fsync", "off"),
            ("dynamic_shared_memory_type", "mmap"),
        ):
            assert query(server, f"SHOW {setting}") == (value,)
