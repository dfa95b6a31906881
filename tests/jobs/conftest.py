"""A queue with nothing in it, and a kind of job whose every step can be counted."""

from collections.abc import Iterator

import pytest
from flask import Flask

from services import workService
from tests.support.jobs import kind, note_step, work


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> Iterator[None]:
    """Jobs that other tests have left would come to their turn here."""
    work(app)
    yield


@pytest.fixture
def noting(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    with kind(monkeypatch, note_step):
        yield


@pytest.fixture
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """A step that failed is tried again without a pause."""
    monkeypatch.setattr(workService, "pause_after", lambda _: 0.0)
