"""What is wrong with the settings is told at once, all of it together."""

from pathlib import Path

import pytest

from config import InvalidSettings, Settings
from tests.support.terminal import SERVE, run

ADDRESS = "postgresql://finlead:senha-secreta@banco/finlead"


def faults(**environment: str) -> list[str]:
    with pytest.raises(InvalidSettings) as caught:
        Settings.from_env({"SECRET_KEY": "dev123", **environment})
    return caught.value.faults


def test_options_that_postgresql_does_not_know_are_named_with_all_other_faults() -> None:
    url = f"{ADDRESS}?pgbouncer=true&sslmode=require&schema=public"
    done = run(*SERVE, DATABASE_URL=url, PORT="0")
    assert (done.returncode, done.stdout) == (1, "")
    title, *found = done.stderr.splitlines()
    assert title == "Configuração inválida:"
    assert len(found) == 3
    for name in ("pgbouncer", "schema", "PORT"):
        assert len([fault for fault in found if name in fault]) == 1
    assert "sslmode" not in done.stderr and "senha-secreta" not in done.stderr


@pytest.mark.parametrize("name", ["cursor_factory", "dsn", "a b", "x'", "Host", "sslmod"])
def test_what_is_no_option_of_libpq_is_refused(name: str) -> None:
    (fault,) = faults(DATABASE_URL=f"{ADDRESS}?{name}=1")
    assert name in fault


@pytest.mark.parametrize(
    "query", ["sslmode=require", "host=/tmp&port=5433", "connect_timeout=2", "options=-cx%3D1", ""]
)
def test_options_of_libpq_are_taken(query: str) -> None:
    settings = Settings.from_env({"SECRET_KEY": "x", "DATABASE_URL": f"{ADDRESS}?{query}"})
    assert settings.database_url is not None
    assert settings.database_url.endswith(f"/finlead?{query}")


def test_a_key_that_cannot_be_kept_is_told(tmp_path: Path) -> None:
    (tmp_path / "instance").write_text("a file where the folder should be")
    (fault,) = faults(SECRET_KEY="", FINLEAD_INSTANCE=str(tmp_path / "instance"))
    assert "SECRET_KEY" in fault and str(tmp_path / "instance") in fault
