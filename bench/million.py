"""1,000,000 leads in 100 tenants, one of which has 500,000; all of them imported over HTTP.

No row is written by SQL, so that whatever a version derives from a lead is there and true.

Half of a tenant's leads are its vendedor's and half are in the first stage. Their names have words
that are common, rare, or common only among the older half.
"""

import time
from datetime import UTC, datetime, timedelta

from bench import people
from bench.people import Team
from bench.site import Site

TEAMS, LARGEST, REST = 100, 500_000, 500_000
_BLOCK = 24_000  # lines of a file, below the 5 MiB that one call takes
_OLDEST = datetime(2024, 1, 1, tzinfo=UTC)
_NEXT = datetime(2030, 1, 1, tzinfo=UTC)
_SCATTER = 7_919  # a prime: neighbours in one order are no neighbours in the other
_STAGES = ("novo", "contatado", "novo", "qualificado")
# Words of names: every how many leads have them. Those that are rare fill no page.
COMMON, SELDOM, RARE = ("comum", 5), ("esparso", 1_000), ("raridade", 50_000)
OLD, ABSENT = ("antigo", 3), "inexistente"


def open_teams(site: Site) -> list[Team]:
    """The one of LARGEST; the others are there to be stepped over."""
    began = time.monotonic()
    largest = open_team(site, "maior", LARGEST)
    each, more = divmod(REST, TEAMS - 1)
    for number in range(TEAMS - 1):
        open_team(site, f"outra{number}", each + (number < more))
    site.settle()
    took = time.monotonic() - began
    print(f"{site.version.name}: {LARGEST + REST:,} leads imported in {took:.0f} s", flush=True)
    return [largest]


def open_team(site: Site, name: str, size: int) -> Team:
    team = people.open_team(site, name)
    seller = people.user_id(site, team.colleague)
    for first in range(1, size + 1, _BLOCK):
        block = range(first, min(first + _BLOCK, size + 1))
        people.import_csv(site, team, _csv(block, size, seller))
    people.remember_ids(site, team)
    return team


def _csv(numbers: range, size: int, seller: int) -> bytes:
    rows = [_lead(number, size, seller) for number in numbers]
    lines = [",".join(row.values()) for row in rows]
    return "\n".join([",".join(rows[0]), *lines, ""]).encode()


def _lead(number: int, size: int, seller: int) -> dict[str, str]:
    created, due = _dates(number)
    return people.lead(number) | {
        "nome": _name(number, size),
        "criado_em": created,
        "proximo_contato_em": due,
        "etapa": _STAGES[number % len(_STAGES)],
        "responsavel_id": str(seller) if number // 2 % 2 else "",
    }


def _name(number: int, size: int) -> str:
    words = [word for word, every in (COMMON, SELDOM, RARE) if number % every == 0]
    if number <= size // 2 and number % OLD[1] == 0:
        words.append(OLD[0])
    return " ".join([f"Lead {number}", *words])


def _dates(number: int) -> tuple[str, str]:
    """When it came, a minute after the one before it, and its next contact, if it has one."""
    created = _OLDEST + timedelta(minutes=number)
    due = _NEXT + timedelta(minutes=number * _SCATTER % LARGEST)
    return created.isoformat(), due.isoformat() if number % 7 else ""
