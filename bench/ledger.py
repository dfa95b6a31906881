"""Clients that write down what the server acknowledged, and retry what it did not.

A create carries an Idempotency-Key and is sent until it is acknowledged. An update reads a
counter, adds one under If-Match and, where its outcome is unknown, reads the counter again.
"""

import http.client
import json
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

_PATIENCE = 30.0  # seconds for one reply; longer is a hang
_PAUSE = 0.1


@dataclass(slots=True)
class Ledger:
    """What one client knows for certain."""

    created: dict[str, int] = field(default_factory=dict)  # name → id
    unsure: str = ""  # the create under way when the time was over
    counter: int = 0  # the highest value acknowledged or read
    updates: int = 0
    lost_updates: int = 0
    refusals: Counter[str] = field(default_factory=Counter)
    cut: Counter[str] = field(default_factory=Counter)
    successes: list[tuple[float, float]] = field(default_factory=list)  # begun, ended
    slowest_refusal: float = 0.0


class Client(threading.Thread):
    def __init__(self, number: int, port: int, token: str, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.ledger = Ledger()
        self.lead = 0
        self._number, self._port, self._token, self._over = number, port, token, over
        self._connection: http.client.HTTPConnection | None = None

    def run(self) -> None:
        self._create(0)
        self.lead = next(iter(self.ledger.created.values()), 0)
        number = 1
        while self.lead and not self._over.is_set():
            self._create(number)
            self._count()
            number += 1

    def _create(self, number: int) -> None:
        name = f"crash-{self._number}-{number}"
        self.ledger.unsure = name
        body = {"nome": name, "atributos": {"n": 0}}
        while not self._over.is_set():
            reply = self._ask("POST", "/leads", body, {"Idempotency-Key": name})
            if reply is not None:
                self.ledger.created[name] = reply["id"]
                self.ledger.unsure = ""
                return

    def _count(self) -> None:
        """Read, add one, write; an unknown outcome is settled by reading again."""
        found = self._read()
        if found is None:
            return
        value, etag = found
        body = {"atributos": {"n": value + 1}}
        reply = self._ask("PATCH", f"/leads/{self.lead}", body, {"If-Match": etag})
        if reply is not None:
            self.ledger.updates += 1
            self._saw(reply["atributos"]["n"])

    def _read(self) -> tuple[int, str] | None:
        while not self._over.is_set():
            reply = self._ask("GET", f"/leads/{self.lead}")
            if reply is not None:
                self._saw(reply["atributos"]["n"])
                return reply["atributos"]["n"], f'"v{reply["versao"]}"'
        return None

    def _saw(self, value: int) -> None:
        self.ledger.lost_updates += max(0, self.ledger.counter - value)
        self.ledger.counter = value

    def _ask(
        self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None
    ) -> Any:
        """The `data` of a success, None after anything else, which is counted."""
        began = time.monotonic()
        try:
            status, raw, retry = self._exchange(method, path, body, headers or {})
        except (OSError, http.client.HTTPException) as error:
            self.ledger.cut[type(error).__name__] += 1
            self._close()
            time.sleep(_PAUSE)
            return None
        if status < 300:
            self.ledger.successes.append((began, time.monotonic()))
            return json.loads(raw)["data"]
        self._refused(status, raw, retry, time.monotonic() - began)
        return None

    def _refused(self, status: int, raw: bytes, retry: str | None, took: float) -> None:
        self.ledger.slowest_refusal = max(self.ledger.slowest_refusal, took)
        self.ledger.refusals[_kind(status, raw, retry)] += 1
        time.sleep(_PAUSE)  # less than Retry-After asks: the return is being measured

    def _exchange(
        self, method: str, path: str, body: Any, headers: dict[str, str]
    ) -> tuple[int, bytes, str | None]:
        if self._connection is None:
            self._connection = http.client.HTTPConnection("127.0.0.1", self._port, _PATIENCE)
        sent = {"Authorization": f"Bearer {self._token}", **headers}
        if body is not None:
            sent["Content-Type"] = "application/json"
        self._connection.request(method, path, json.dumps(body) if body else None, sent)
        response = self._connection.getresponse()
        return response.status, response.read(), response.getheader("Retry-After")

    def _close(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._connection = None


def _kind(status: int, raw: bytes, retry: str | None) -> str:
    """`503` is the honest one: in the envelope, and it says when to come back."""
    try:
        code = json.loads(raw)["data"]["codigo"]
    except (ValueError, KeyError, TypeError):
        return f"{status} outside the envelope"
    return f"{status} {code}" + ("" if retry or status not in (429, 503) else " no Retry-After")
