"""One server, and what a crash, a cleaner of temporary files or a strange path does to it."""

import shutil
import stat
import subprocess

import pytest
from sqlalchemy import NullPool, create_engine

from tests.support.servers import FAST, pid_file, pid_in, query
from utils.postgres.embedded import EmbeddedPostgres, EmbeddedPostgresUnavailable


class TestStart:
    def test_a_stale_pid_of_another_live_process_is_not_believed_nor_harmed(self, server):
        server.join()
        file = pid_file(server)
        lines = file.read_text().splitlines()
        socket_dir = server.socket_dir
        server.leave()
        with subprocess.Popen(["sleep", "60"]) as unrelated:
            stale = "\n".join([str(unrelated.pid), *lines[1:]]) + "\n"
            file.write_text(stale)
            socket_dir.mkdir(mode=0o700)
            (socket_dir / ".s.PGSQL.5432.lock").write_text(stale)
            server.join()
            assert pid_in(file) != unrelated.pid
            server.leave()
            assert unrelated.poll() is None
            unrelated.kill()

    def test_an_empty_pid_file_does_not_stop_it(self, server):
        server.join()
        file = pid_file(server)
        server.leave()
        file.write_text("")
        server.join()
        assert query(server, "SELECT 1") == (1,)

    def test_a_removed_socket_is_made_again(self, server):
        server.join()
        shutil.rmtree(server.socket_dir)
        server.join()
        assert query(server, "SELECT 1") == (1,)


class TestPlace:
    def test_a_long_path_with_accents_leaves_nothing_in_the_temporary_folder(self, cold, request):
        deep = cold / "Área de Trabalho" / ("clientes e simulações de crédito, " * 3).strip()
        server = EmbeddedPostgres(deep, options=FAST)
        request.addfinalizer(server.leave)
        server.join()
        server.ensure_database()
        folder = server.socket_dir
        assert cold not in folder.parents
        assert stat.S_IMODE(folder.lstat().st_mode) == 0o700
        with create_engine(server.url(), poolclass=NullPool).connect() as connection:
            assert connection.exec_driver_sql("SELECT current_database()").scalar() == "finlead"
        server.leave()
        assert not folder.exists()

    def test_a_socket_folder_of_another_account_is_refused(self, cold):
        deep = cold / ("x" * 100)
        server = EmbeddedPostgres(deep, options=FAST)
        server.socket_dir.symlink_to(cold)
        try:
            with pytest.raises(EmbeddedPostgresUnavailable, match="atalho"):
                server.join()
        finally:
            server.socket_dir.unlink()


class TestUnavailable:
    def test_a_folder_without_programs_is_refused_in_one_sentence(self, cold):
        server = EmbeddedPostgres(cold, bin_dir=cold)
        with pytest.raises(EmbeddedPostgresUnavailable, match="FINLEAD_PG_BIN") as refusal:
            server.join()
        assert "\n" not in str(refusal.value)

    def test_a_server_that_cannot_start_says_why(self, cold):
        server = EmbeddedPostgres(cold, options=[*FAST, "shared_buffers=nothing"])
        with pytest.raises(EmbeddedPostgresUnavailable, match="shared_buffers") as refusal:
            server.join()
        assert "\n" not in str(refusal.value)
