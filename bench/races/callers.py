"""What races are made of: callers, requests that are sent at once, and how a race ends."""

import http.client
import json
import random
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import count
from threading import Barrier
from typing import Any

from bench import people
from bench.people import Team
from bench.site import Site

SPREAD = 0.03  # seconds
_PATIENCE = 60.0
numbers = count(70_000_000)


class Violation(Exception):
    """What must never be left behind."""


@dataclass(frozen=True, slots=True)
class Race:
    """`run` is one round and says how it ended.

    Of the ends that it is about each must have come (`needs`), or else two different ones: where
    only one order ever happened nothing was proved. One round of so many (`every`) is run.
    `missing` says what a version lacks for it, '' if nothing.
    """

    run: Callable[[Site, Team], str]
    needs: frozenset[str] = frozenset()
    every: int = 1
    missing: Callable[[Site], str] = lambda _: ""


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    data: Any
    etag: str


@dataclass(frozen=True, slots=True)
class Caller:
    site: Site
    token: str = ""

    def __call__(
        self, method: str, path: str, body: Any = None, media: str = "", match: str = ""
    ) -> Reply:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode() if body else None
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        headers |= {"Content-Type": media or "application/json"} if raw else {}
        headers |= {"If-Match": match} if match else {}
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, _PATIENCE)
        try:
            connection.request(method, path, raw, headers)
            response = connection.getresponse()
            text, etag = response.read(), response.getheader("ETag", "")
        finally:
            connection.close()
        return Reply(response.status, json.loads(text)["data"] if text else None, etag)


def at_once[Result](*requests: Callable[[], Result]) -> list[Result]:
    """Each is sent a few milliseconds after the start, so that any may be first."""
    barrier = Barrier(len(requests))

    def send(request: Callable[[], Result]) -> Result:
        barrier.wait()
        time.sleep(random.uniform(0, SPREAD))
        return request()

    with ThreadPoolExecutor(len(requests)) as pool:
        return list(pool.map(send, requests))


def new_lead(site: Site, team: Team) -> tuple[Caller, dict[str, Any]]:
    call = Caller(site, team.token)
    return call, call("POST", "/leads", people.lead(next(numbers))).data
