"""An equipe whose people are told apart by what they may be given."""

from collections.abc import Iterator

import pytest
from flask import Flask

from tests.support.jobs import work


@pytest.fixture(autouse=True)
def nothing_waits(app: Flask) -> Iterator[None]:
    """Jobs that other tests have left would come to their turn here."""
    work(app)
    yield
