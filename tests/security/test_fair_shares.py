"""One equipe's requests never keep another equipe's waiting for long."""

from collections.abc import Callable, Iterator
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask

from services import leadService
from services.auth import passwords
from services.leads.reading.reads import Page
from tests.support.api import PASSWORD, Api, Team

MakeApp = Callable[..., Flask]


def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not condition():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.002)


class Lists:
    """Requests for a list that stay at work until released; `at_work` names their equipes."""

    def __init__(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
        self.app = app
        self.at_work: list[int] = []
        self.served: list[int] = []
        self._let_go: list[Event] = []
        monkeypatch.setattr(leadService, "list_leads", self._stay)

    def ask(self, team: Team) -> None:
        caller = Api(self.app, team.gestor.api.token)
        Thread(target=lambda: caller.get("/leads"), daemon=True).start()

    def let_one_go(self) -> None:
        self._let_go.pop(0).set()

    def let_all_go(self) -> None:
        while self._let_go:
            self.let_one_go()

    def _stay(self, caller: Any, **_: Any) -> Page:
        event = Event()
        self._let_go.append(event)
        self.at_work.append(caller.equipe_id)
        self.served.append(caller.equipe_id)
        event.wait(30)
        self.at_work.remove(caller.equipe_id)
        return Page([], None, None)


@pytest.fixture
def lists(make_app: MakeApp, monkeypatch: pytest.MonkeyPatch) -> Iterator[Lists]:
    """On a worker with two slots."""
    lists = Lists(make_app(threads=2), monkeypatch)
    yield lists
    until(lambda: not (lists.let_all_go() or lists.at_work))


def test_a_free_slot_goes_to_a_waiting_equipe(lists: Lists, team: Team, other_team: Team) -> None:
    for _ in range(6):
        lists.ask(team)
    until(lambda: lists.at_work == [team.equipe_id] * 2)
    lists.ask(other_team)
    sleep(0.2)  # so that it stands behind four others
    lists.let_one_go()
    until(lambda: len(lists.served) == 3)
    assert lists.served[2] == other_team.equipe_id
    lists.let_one_go()
    until(lambda: len(lists.served) == 4)
    assert sorted(lists.at_work) == sorted([team.equipe_id, other_team.equipe_id])


def test_hashing_waits_outside_the_slots(
    make_app: MakeApp, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As many logins as a worker has slots wait for their hash; a list is served meanwhile."""
    worker = make_app(threads=2)
    credentials = {"email": team.gestor.email, "senha": PASSWORD}
    hashing = Event()
    passwords._HASHING.submit(hashing.wait, 20)  # a hash that takes long
    try:
        logins = [
            Thread(target=lambda: Api(worker).post("/auth/login", credentials), daemon=True)
            for _ in range(4)
        ]
        for login in logins:
            login.start()
        sleep(0.3)
        assert all(login.is_alive() for login in logins)
        assert Api(worker, team.gestor.api.token).get("/leads").status == 200
        assert all(login.is_alive() for login in logins)
    finally:
        hashing.set()
    for login in logins:
        login.join(20)
        assert not login.is_alive()
