"""`python -m bench --against REV`: what decides, and what is left behind. No load is made here."""

import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import pytest

from bench import __main__ as bench
from bench import against, cases
from bench.against import Side, compare
from bench.cases import Case
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.revision import checked_out
from bench.site import Cost, Site, Version
from config import ROOT

_EFFORT = Effort(rounds=5, seconds=4, clients=8)
_COMMIT = "-c user.name=Bench -c user.email=bench@exemplo.com.br -c commit.gpgsign=false commit"


class Served:
    """A site that serves no requests; `costs` are the figures it reports, the warm-up first."""

    def __init__(self, name: str, *costs: float) -> None:
        self.version = Version(name, ROOT, sys.executable)
        self.costs: Iterator[float] = iter(costs)
        self.pids = [1, 2]

    def settle(self) -> None:
        pass

    def workers(self) -> dict[int, float]:
        return dict.fromkeys(self.pids, 80.0)


def measure(site: Site, teams: Sequence[Team], effort: Effort) -> Cost:
    return Cost(next(cast(Served, site).costs), 50.0)


def compared(new: Served, old: Served, case: Case) -> Figure:
    ours, theirs = (Side(cast(Site, each), [], {1, 2}) for each in (new, old))
    return compare("list", case, ours, theirs, _EFFORT)


@pytest.mark.parametrize(("limit", "verdict"), [(1.2, "ok"), (1.19, "over")])
def test_the_median_of_the_rounds_decides(limit: float, verdict: str) -> None:
    new = Served("new", 9_999, 50, 950, 70, 60, 950)
    old = Served("old", 1, 50, 50, 50, 50, 50)
    figure = compared(new, old, Case("GET /leads", measure, limit))
    assert (figure.value, figure.verdict) == (1.2, verdict)


def test_a_case_without_a_limit_of_its_own_may_not_cost_a_sixth_more() -> None:
    new, old = Served("new", *[66] * 6), Served("old", *[50] * 6)
    assert compared(new, old, Case("GET /leads", measure)).verdict == "over"


def test_both_are_asked_in_turns_and_neither_is_always_first() -> None:
    asked = []

    def note(site: Site, teams: Sequence[Team], effort: Effort) -> Cost:
        asked.append((site.version.name, effort.seconds))
        return Cost(1.0, 1.0)

    compared(Served("new"), Served("old"), Case("GET /leads", note))
    names = "new old  new old  old new  new old  old new  new old".split()
    assert asked == list(zip(names, [1] * 2 + [4] * 10, strict=True))


def test_a_worker_that_was_replaced_leaves_no_figure() -> None:
    new, old = Served("new", *[50] * 6), Served("old", *[50] * 6)
    old.pids = [1, 3]
    with pytest.raises(BenchFailed, match="list, old: a worker has died"):
        compared(new, old, Case("GET /leads", measure))


@pytest.fixture
def called(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["bench", "--against", "no-such-revision"])
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # pytest keeps its own


@pytest.mark.usefixtures("called")
@pytest.mark.parametrize(("within", "code"), [(True, 0), (False, 1)])
def test_the_exit_code_tells_the_verdict(
    monkeypatch: pytest.MonkeyPatch, within: bool, code: int
) -> None:
    monkeypatch.setattr(against, "run", lambda *_: within)
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == code


@pytest.mark.usefixtures("called")
def test_an_unknown_revision_is_one_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("python -m bench: ")
    assert said.err.count("\n") == 1


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """One commit, and a working tree that has moved on."""
    git(tmp_path, "init --quiet")
    (tmp_path / "requirements.lock").write_bytes((ROOT / "requirements.lock").read_bytes())
    (tmp_path / "app.py").write_text("committed")
    git(tmp_path, "add --all")
    git(tmp_path, f"{_COMMIT} --quiet --message first")
    (tmp_path / "app.py").write_text("changed")
    return tmp_path


def git(repository: Path, arguments: str) -> str:
    command = ["git", "-C", str(repository), *arguments.split()]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_a_checkout_is_the_revision_and_does_not_stay(repository: Path) -> None:
    with checked_out("HEAD", repository) as version:
        assert (version.root / "app.py").read_text() == "committed"
        assert version.python == sys.executable
    assert not version.root.parent.exists()
    assert len(git(repository, "worktree list").splitlines()) == 1


def test_a_checkout_that_cannot_be_installed_does_not_stay_either(repository: Path) -> None:
    (repository / "requirements.lock").write_text("others")
    git(repository, f"{_COMMIT} --quiet --all --message second")
    with pytest.raises(BenchFailed, match="make ready-to-run"), checked_out("HEAD", repository):
        pass
    assert len(git(repository, "worktree list").splitlines()) == 1


def test_what_was_promised_holds_for_that_comparison_alone() -> None:
    promised = cases.chosen(["create", "login"], "ground")
    assert {name: case.limit for name, case in promised.items()} == {"create": 0.4, "login": 1.15}
    assert cases.chosen(["create"], None)["create"].limit == 1.15


@pytest.mark.parametrize("name", cases.TARGETS)
def test_promises_name_cases_that_are_there(name: str) -> None:
    assert set(cases.TARGETS[name].limits) <= set(cases.CASES)


@pytest.mark.parametrize(
    ("arguments", "revision"),
    [("--targets ground", "c3285f5"), ("--targets ground --against main", "main")],
)
def test_targets_know_their_commit(
    monkeypatch: pytest.MonkeyPatch, arguments: str, revision: str
) -> None:
    asked = []
    monkeypatch.setattr(sys, "argv", ["bench", *arguments.split()])
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    monkeypatch.setattr(against, "run", lambda *given: asked.append(given[0]) is None)
    with pytest.raises(SystemExit):
        bench.main()
    assert asked == [revision]
