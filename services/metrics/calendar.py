"""Calendars of time zones in the database, by which cells are counted."""

from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch_here
from utils.calendars import runs

_LAWS = Query("select max(lei) from fusos_dias where fuso = %(fuso)s", {})
_SAME = Query(
    "select de, dia, dias from fusos_dias where fuso = %(fuso)s and lei = %(lei)s order by de", {}
)
_ADD = Query(
    "insert into fusos_dias (fuso, lei, de, dia, dias) select %(fuso)s, %(lei)s, v.* from "
    "unnest(cast(%(de)s as timestamptz[]), cast(%(dia)s as int[]), cast(%(dias)s as int[])) v "
    "on conflict do nothing",
    {},
)
_COUNTED_BY = Query("select fuso, lei from metricas_base where equipe_id = %(equipe_id)s", {})
_ZONE = Query("select fuso from equipes where id = %(equipe_id)s", {})


def ensure(zone: str) -> int:
    """The number of the zone's law as this process knows it; the database has its calendar."""
    ((newest,),) = fetch_here(_LAWS, {"fuso": zone})
    ours = [(run.de, run.dia, run.dias) for run in runs(zone)]
    for law in range(newest or 0, 0, -1):
        if [tuple(row) for row in fetch_here(_SAME, {"fuso": zone, "lei": law})] == ours:
            return law
    law = (newest or 0) + 1
    columns = zip(("de", "dia", "dias"), zip(*ours, strict=True), strict=True)
    values = {name: list(column) for name, column in columns}
    execute_here(_ADD, {"fuso": zone, "lei": law, **values})
    return law


def zone_of(equipe_id: int) -> str:
    ((zone,),) = fetch_here(_ZONE, {"equipe_id": equipe_id})
    return str(zone)


def is_behind(equipe_id: int, zone: str) -> bool:
    """Whether the tenant's cells are counted by another calendar than this zone's."""
    law = ensure(zone)
    counted = fetch_here(_COUNTED_BY, {"equipe_id": equipe_id})
    return bool(counted) and tuple(counted[0]) != (zone, law)
