"""Ways to name a row of another user or equipe, for the table of routes."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from tests.support.api import Api, Reply

MISSING = 2**62
_MOMENT = re.compile(rb"2[0-9]{3}-[0-9T:.-]+Z")
# The same id on every reply, so that replies can be compared byte by byte.
SAME_ID = {"X-Request-ID": "comparado"}


@dataclass(frozen=True)
class Attack:
    """A call that takes the name of a row: the caller, the name, and a lead of the caller's own."""

    call: Callable[[Api, Any, int], Reply]
    # What is named: a user's or a lead's id, or a cursor.
    name: str = "usuario_id"


def listed(path: str, name: str = "usuario_id") -> Attack:
    return Attack(
        lambda api, value, own: api.get(path.format(value, own=own), headers=SAME_ID), name
    )


def sent(
    path: str, field: str, name: str = "usuario_id", method: str = "POST", **more: Any
) -> Attack:
    def call(api: Api, value: Any, own: int) -> Reply:
        body = {field: value, **more}
        return api.call(method, path.format(own=own), json=body, headers=SAME_ID)

    return Attack(call, name)


def posted(path: str, name: str) -> Attack:
    """A call without a body that names the row in its query."""
    return Attack(lambda api, value, _: api.post(path.format(value), headers=SAME_ID), name)


def named(path: str, **more: Any) -> Attack:
    """A list of leads' ids; the reply repeats those that it did nothing to."""

    def call(api: Api, value: Any, _: int) -> Reply:
        reply = api.post(path, {"ids": [value], **more}, headers=SAME_ID)
        return replace(reply, raw=reply.raw.replace(str(value).encode(), b"#"))

    return Attack(call, "lead_id")


def given(path: str) -> Attack:
    """A file whose leads are for the user who is named in the query."""

    def call(api: Api, value: Any, _: int) -> Reply:
        file = {"data": b"nome\nLead\n", "content_type": "text/csv"}
        return api.post(path.format(value), headers=SAME_ID, **file)

    return Attack(call)


def of_own_import(path: str, name: str) -> Attack:
    """About an import of the caller's own."""

    def call(api: Api, value: Any, _: int) -> Reply:
        csv = {"data": b"uf\nXX\n", "content_type": "text/csv"}
        own = (api.post("/leads/import", **csv).data or {}).get("id", MISSING)
        return api.get(path.format(value, own=own), headers=SAME_ID)

    return Attack(call, name)


def filed(path: str, header: str, line: str) -> Attack:
    """A file whose last column names the row; the reply says when it was checked."""

    def call(api: Api, value: Any, _: int) -> Reply:
        data = f"{header}\n{line},{value}\n".encode()
        reply = api.post(path, data=data, content_type="text/csv", headers=SAME_ID)
        return replace(reply, raw=_MOMENT.sub(b"#", reply.raw))

    return Attack(call)


def goal() -> Attack:
    """A goal of the person that is named."""

    def call(api: Api, value: Any, _: int) -> Reply:
        body = {"metas": [{"responsavel_id": value, "ganhos": 1}]}
        return api.call("PUT", "/goals/2026-08", json=body, headers=SAME_ID)

    return Attack(call)
