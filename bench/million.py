"""1,000,000 leads in 100 tenants, one of which has 500,000; all of them imported over HTTP.

No row is written by SQL, so that whatever a version derives from a lead is there and true.
"""

import time
from datetime import UTC, datetime, timedelta

from bench import people
from bench.people import Team
from bench.site import Site

TEAMS, LARGEST, REST = 100, 500_000, 500_000
_BLOCK = 30_000  # lines of a file, below the 5 MiB that one call takes
_OLDEST = datetime(2024, 1, 1, tzinfo=UTC)
_NEXT = datetime(2030, 1, 1, tzinfo=UTC)
_SCATTER = 7_919  # a prime: neighbours in one order are no neighbours in the other


def open_teams(site: Site) -> list[Team]:
    """The one of LARGEST; the others are there to be stepped over."""
    began = time.monotonic()
    largest = _open_team(site, "maior", LARGEST)
    each, more = divmod(REST, TEAMS - 1)
    for number in range(TEAMS - 1):
        _open_team(site, f"outra{number}", each + (number < more))
    site.settle()
    took = time.monotonic() - began
    print(f"{site.version.name}: {LARGEST + REST:,} leads imported in {took:.0f} s", flush=True)
    return [largest]


def _open_team(site: Site, name: str, size: int) -> Team:
    team = people.open_team(site, name)
    for first in range(1, size + 1, _BLOCK):
        people.import_csv(site, team, _csv(range(first, min(first + _BLOCK, size + 1))))
    people.remember_ids(site, team)
    return team


def _csv(numbers: range) -> bytes:
    header = ",".join([*people.lead(1), "criado_em", "proximo_contato_em"])
    lines = [",".join([*people.lead(number).values(), *_dates(number)]) for number in numbers]
    return "\n".join([header, *lines, ""]).encode()


def _dates(number: int) -> tuple[str, str]:
    """When it came, a minute after the one before it; its next contact, which every fifth lacks."""
    created = _OLDEST + timedelta(minutes=number)
    due = _NEXT + timedelta(minutes=number * _SCATTER % LARGEST)
    return created.isoformat(), due.isoformat() if number % 5 else ""
