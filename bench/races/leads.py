"""Races change-import, deletion-import, creates, upserts and versions: writers of one lead."""

from collections.abc import Callable
from dataclasses import dataclass, field

from bench import people
from bench.people import Team
from bench.races.callers import Caller, Reply, Violation, at_once, new_lead, numbers
from bench.site import Site

_WRITERS, _SENDERS = 16, 32
_KEYS = ("documento", "email", "telefone")


def change_and_import(site: Site, team: Team) -> str:
    """A change of one field and an import of another: neither is lost."""
    call, lead = new_lead(site, team)
    file = f"documento,empresa\n{lead['documento']},Padaria\n".encode()
    changed, imported = at_once(
        lambda: call("PATCH", f"/leads/{lead['id']}", {"cidade": "Campinas"}),
        lambda: call("POST", "/leads/import?duplicados=atualizar", file, "text/csv"),
    )
    left = call("GET", f"/leads/{lead['id']}").data
    done = (changed.status == 200) + (imported.status == 200)
    kept = (left["cidade"] == "Campinas") + (left["empresa"] == "Padaria")
    if (done, kept, left["versao"]) != (2, 2, 3):
        raise Violation(f"{changed.status}, {imported.status}, version {left['versao']}: {left}")
    return "change first" if changed.data["versao"] == 2 else "import first"


def deletion_and_import(site: Site, team: Team) -> str:
    """A deleted lead stays deleted, whatever a file says of it."""
    call, lead = new_lead(site, team)
    file = f"documento,empresa\n{lead['documento']},Padaria\n".encode()
    deleted, imported = at_once(
        lambda: call("DELETE", f"/leads/{lead['id']}"),
        lambda: call("POST", "/leads/import?duplicados=atualizar", file, "text/csv"),
    )
    if deleted.status != 200 or imported.status != 200:
        raise Violation(f"deletion {deleted.status}, import {imported.status}")
    if call("GET", f"/leads/{lead['id']}").status != 404:
        raise Violation("the deleted lead lives")
    return "import first" if imported.data["atualizados"] else "deletion first"


def creates(site: Site, team: Team) -> str:
    """Four leads with one phone at once: one is created."""
    call, phone = Caller(site, team.token), f"119{next(numbers):08d}"
    replies = at_once(*[lambda: call("POST", "/leads", {"nome": "L", "telefone": phone})] * 4)
    statuses = [reply.status for reply in replies]
    if sorted(statuses) != [201, 409, 409, 409]:
        raise Violation(f"statuses {statuses}")
    return f"caller {statuses.index(201) + 1}"


def upserts(site: Site, team: Team) -> str:
    """Thirty-two send one lead, each by another of its keys: one creates it, the others find it."""
    call, body = Caller(site, team.token), people.lead(next(numbers))
    replies = at_once(*[_upserter(call, body, number) for number in range(_SENDERS)])
    statuses = [reply.status for reply in replies]
    if sorted(statuses) != [200] * (_SENDERS - 1) + [201]:
        raise Violation(f"statuses {statuses}")
    ids = {reply.data["id"] for reply in replies}
    statement = "select count(*) from leads where equipe_id = :e and documento = :d"
    leads = site.sql(statement, e=team.equipe_id, d=body["documento"])[0][0]
    versions = "select versao from eventos where lead_id = :id order by id"
    told = [row[0] for row in site.sql(versions, id=min(ids))]
    if len(ids) != 1 or leads != 1 or told != list(range(1, len(told) + 1)):
        raise Violation(f"{leads} leads, ids {ids}, versions {told}")
    return f"created by {_KEYS[statuses.index(201) % len(_KEYS)]}"


def _upserter(call: Caller, body: dict[str, str], number: int) -> Callable[[], Reply]:
    path = f"/leads?chave={_KEYS[number % len(_KEYS)]}"
    return lambda: call("PUT", path, {**body, "cidade": f"Cidade {number % 4}"})


@dataclass(slots=True)
class _Writer:
    """What one of the sixteen saw: the versions that it read, and the one that it made."""

    read: list[int] = field(default_factory=list)
    made: int = 0


def versions(site: Site, team: Team) -> str:
    """Sixteen change one lead under If-Match, each until it has won once: one winner a version."""
    call, lead = new_lead(site, team)
    path = f"/leads/{lead['id']}"
    writers = at_once(*[_writer(call, path, number) for number in range(_WRITERS)])
    made = sorted(writer.made for writer in writers)
    if made != list(range(2, _WRITERS + 2)):
        raise Violation(f"versions {made}")
    if any(writer.read != sorted(writer.read) for writer in writers):
        raise Violation("a version was read after a later one")
    statement = "select count(*) from eventos where tipo = 'lead_alterado' and lead_id = :id"
    events, left = site.sql(statement, id=lead["id"])[0][0], call("GET", path).data["versao"]
    if (events, left) != (_WRITERS, _WRITERS + 1):
        raise Violation(f"{events} events, version {left} after {_WRITERS} changes")
    attempts = sum(len(writer.read) for writer in writers)
    return "some refused" if attempts > _WRITERS else "nobody refused"


def _writer(call: Caller, path: str, number: int) -> Callable[[], _Writer]:
    def write() -> _Writer:
        seen = _Writer()
        while not seen.made:
            found = call("GET", path)
            seen.read.append(found.data["versao"])
            changed = call("PATCH", path, {"cidade": f"Cidade {number}"}, match=found.etag)
            if changed.status not in (200, 412):
                raise Violation(f"status {changed.status}")
            seen.made = changed.data["versao"] if changed.status == 200 else 0
        return seen

    return write
