"""What a follower of the history may read: nothing is skipped because it is committed late."""

from sqlalchemy import Engine, create_engine, text

from tests.faults.tools import wait_until
from tests.support.api import Team
from tests.support.follower import Follower
from tests.support.leads import create, events, rows

_LATE = "insert into eventos (equipe_id, tipo) values (:equipe, 'equipe_alterada') returning id"


def of_lead(sql: Engine, lead_id: int) -> list[int]:
    found = rows(sql, "select id from eventos where lead_id = :id order by id", id=lead_id)
    return [id for (id,) in found]


def test_an_event_that_is_committed_late_is_read_then(
    team: Team, sql: Engine, database_url: str
) -> None:
    follower, late = Follower(team.equipe_id), create_engine(sql.url)
    with late.begin() as connection:
        waited_for = connection.scalar(text(_LATE), {"equipe": team.equipe_id})
        lead = create(team.gestor.api)
        follower.read(database_url)
        assert not {waited_for, *of_lead(sql, lead["id"])} & set(follower.seen)
    late.dispose()
    expected = {waited_for, *of_lead(sql, lead["id"])}
    # Other tests' transactions on this server hold it up as well.
    wait_until(lambda: follower.read(database_url) is not None and expected <= set(follower.seen))
    assert len(follower.seen) == len(set(follower.seen))
    assert follower.read(database_url) == []


def test_it_reads_no_other_equipe(
    team: Team, other_team: Team, sql: Engine, database_url: str
) -> None:
    follower, theirs = Follower(team.equipe_id), create(other_team.gestor.api)
    follower.read(database_url)
    assert events(sql, theirs["id"]) and not set(of_lead(sql, theirs["id"])) & set(follower.seen)
