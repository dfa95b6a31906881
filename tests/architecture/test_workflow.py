"""What GitHub runs is what a person runs, on the Pythons that are promised, without a secret."""

import re
from typing import Any

import yaml

from config import ROOT
from utils.oldest_python import OLDEST

TEXT = (ROOT / ".github" / "workflows" / "checks.yml").read_text("utf-8")
WORKFLOW: dict[Any, Any] = yaml.safe_load(TEXT)
(JOB,) = WORKFLOW["jobs"].values()


def test_it_runs_the_checks_and_the_tests() -> None:
    (command,) = [step["run"] for step in JOB["steps"] if "run" in step]
    assert command.split() == ["make", "check", "test"]


def test_it_runs_them_on_the_oldest_python_and_the_next() -> None:
    major, minor = OLDEST
    assert JOB["strategy"]["matrix"]["python"] == [f"{major}.{minor}", f"{major}.{minor + 1}"]
    (given,) = [step["with"] for step in JOB["steps"] if "setup-python" in step.get("uses", "")]
    assert given == {"python-version": "${{ matrix.python }}"}


def test_it_needs_no_secret_and_may_only_read() -> None:
    assert "secrets." not in TEXT
    assert WORKFLOW["permissions"] == {"contents": "read"}
    assert "permissions" not in JOB


def test_its_actions_are_pinned_by_their_major_version() -> None:
    used = [step["uses"] for step in JOB["steps"] if "uses" in step]
    assert len(used) == 2
    assert all(re.fullmatch(r"actions/[a-z-]+@v\d+", name) for name in used)


def test_it_runs_for_every_change() -> None:
    # YAML 1.1 reads the word `on` as true.
    assert WORKFLOW[True].keys() == {"push", "pull_request"}
