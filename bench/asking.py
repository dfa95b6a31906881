"""What a bench asks of a site as a tenant does, and the jobs that it waits for."""

import json
import time
from typing import Any

from bench import load
from bench.errors import BenchFailed
from bench.people import Team
from bench.site import Site

# Each look at a job takes the server CPU time that is none of the job's.
_SECONDS, _PAUSE = 900, 1.0


def data(site: Site, method: str, path: str, team: Team, body: Any = None) -> dict[str, Any]:
    """What a good reply carries."""
    raw = b"" if body is None else json.dumps(body).encode()
    status, reply = load.one(site.port, load.request(method, path, team.token, raw))
    if status not in (200, 201, 202):
        raise BenchFailed(f"{method} {path}: {status}: {reply[:300].decode(errors='replace')}")
    found: dict[str, Any] = json.loads(reply)["data"]
    return found


def publish(site: Site, team: Team, rules: dict[str, Any]) -> None:
    """Put what is in force, with these parts instead of its own, in force; and wait until all
    leads follow it."""
    draft = data(site, "POST", "/scores/rules/drafts", team, rules)
    wait(site, team, data(site, "POST", f"/scores/rules/drafts/{draft['n']}/publish", team, {}))


def wait(site: Site, team: Team, job: dict[str, Any]) -> None:
    """Until the job has done what it was to do."""
    until = time.monotonic() + _SECONDS
    while job["estado"] in ("na_fila", "em_andamento") and time.monotonic() < until:
        time.sleep(_PAUSE)
        job = data(site, "GET", f"/jobs/{job['id']}", team)
    if job["estado"] != "concluida":
        raise BenchFailed(f"the job ended as {job['estado']}: {job['erro']}")
