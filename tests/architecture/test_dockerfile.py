"""The image holds the product, starts as render.yaml does, and runs as an ordinary user."""

import json
import re
from typing import Any

import pytest
import yaml

from app import contracts
from config import ROOT, Settings
from tests.architecture.test_house import MODULES, ROOMS

_RENDER: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text("utf-8"))


def instructions() -> list[tuple[str, str]]:
    """(name, arguments) of every instruction, continued lines joined."""
    text = (ROOT / "Dockerfile").read_text("utf-8").replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return [(name, rest.strip()) for name, _, rest in (line.partition(" ") for line in lines)]


def arguments(name: str) -> list[str]:
    return [rest for found, rest in instructions() if found == name]


def environment() -> dict[str, str]:
    pairs = " ".join(arguments("ENV")).split()
    return {key: value for key, _, value in (pair.partition("=") for pair in pairs)}


def copied() -> list[str]:
    return [source for rest in arguments("COPY") for source in rest.split()[:-1]]


def command(rest: str) -> list[str]:
    """The exec form: no shell between the signal and the server."""
    words: list[str] = json.loads(rest)
    return words


@pytest.mark.parametrize("source", copied())
def test_every_copied_file_exists(source: str) -> None:
    assert (ROOT / source).exists()


def test_the_image_holds_the_product() -> None:
    assert sorted(copied()) == sorted(
        [*ROOMS, *MODULES, "dashboard", "migrations", "requirements-server.lock"]
    )


def test_the_context_is_what_is_copied() -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert sorted(rule[1:] for rule in rules if rule.startswith("!")) == sorted(copied())


def test_it_starts_as_on_render() -> None:
    (start,) = arguments("CMD")
    assert " ".join(command(start)) == _RENDER["services"][0]["startCommand"]


def test_it_installs_the_hashed_lock_before_the_code() -> None:
    order = [f"{name} {rest}" for name, rest in instructions()]
    (install,) = [step for step in order if "pip install" in step]
    assert install.endswith("--require-hashes -r requirements-server.lock")
    assert order.index(install) < order.index("COPY app.py config.py ./")


def test_it_runs_as_a_user_with_a_home() -> None:
    (user,) = arguments("USER")
    assert user not in ("root", "0")
    assert any(re.search(rf"useradd --create-home .*\b{user}$", run) for run in arguments("RUN"))
    names = [name for name, _ in instructions()]
    assert names.index("USER") < names.index("CMD")
    assert names.index("USER") > max(at for at, name in enumerate(names) if name == "RUN")


def test_its_settings_are_settings() -> None:
    known = {field.metadata["env"] for field in Settings.__dataclass_fields__.values()}
    assert set(environment()) - {"PYTHONUNBUFFERED"} <= known
    filled = {"DATABASE_URL": "postgresql://finlead@db/finlead", "SECRET_KEY": "7hG2-kd9Qw" * 4}
    settings = Settings.from_env({**environment(), **filled})
    assert (settings.production, settings.host) == (True, "0.0.0.0")
    assert settings.workers > 0  # not one per core of the host
    assert arguments("EXPOSE") == [str(settings.port)]


def test_its_python_is_the_one_of_this_repository() -> None:
    asked = (ROOT / ".python-version").read_text("utf-8").strip()
    assert arguments("FROM") == [f"python:{asked}-slim"]


def test_its_health_check_asks_what_is_served() -> None:
    (check,) = arguments("HEALTHCHECK")
    words = command(check.partition("CMD ")[2])
    assert words[:2] == ["python", "-c"]
    compile(words[2], "healthcheck", "exec")
    path = re.search(r"'GET', '([^']+)'", words[2])
    assert path is not None
    assert path[1] in {contract.rule for contract in contracts()}
