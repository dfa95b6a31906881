"""An older Python is refused in one sentence: by pip, and by whatever is started."""

import ast

import pytest
from packaging.requirements import Requirement

from config import ROOT
from tests.support.terminal import run, sentence

_OLD = "import runpy, sys; sys.version_info = (3, 11, 7); sys.version = '3.11.7 (main)'; "
# What an older Python reads before it is refused.
_READ_FIRST = ("app.py", "commands/__init__.py", "utils/__init__.py", "utils/oldest_python.py")


@pytest.mark.parametrize(
    "started",
    [
        "runpy.run_path('app.py', run_name='__main__')",
        "runpy.run_module('commands.serve', run_name='__main__')",
        "import app",
    ],
)
def test_an_older_python_is_refused_in_one_sentence(started: str) -> None:
    said = sentence(run("-c", _OLD + started))
    assert "Python 3.12 ou mais novo" in said
    assert "3.11.7" in said


@pytest.mark.parametrize("name", _READ_FIRST)
def test_an_older_python_can_read_what_refuses_it(name: str) -> None:
    ast.parse((ROOT / name).read_text("utf-8"), feature_version=(3, 7))


def test_pip_refuses_it_before_it_downloads_anything() -> None:
    lines = (ROOT / "requirements.txt").read_text("utf-8").splitlines()
    first = Requirement(next(line for line in lines if not line.startswith("#")))
    assert first.marker is not None and first.url is not None
    assert "Python-3.12" in first.url
    applies = [first.marker.evaluate({"python_version": f"3.{minor}"}) for minor in (9, 11, 12, 14)]
    assert applies == [True, True, False, False]
