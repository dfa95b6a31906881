"""The sweep of a few equipes: that of all which a run has opened takes minutes."""

from collections.abc import Iterator
from contextlib import contextmanager
from unittest.mock import patch

from flask import Flask

from commands import sweeper
from services import sweepService
from tests.support.api import Team


@contextmanager
def sweeping(*teams: Team) -> Iterator[None]:
    """Sweeps are of these, and of the rows that belong to nobody."""
    ids = [sweepService.NOBODY, *(team.equipe_id for team in teams)]
    with patch.object(sweepService, "tenants", lambda: ids):
        yield


def sweep(app: Flask, *teams: Team) -> None:
    """A round of all steps."""
    with sweeping(*teams):
        sweeper.sweep(app)
