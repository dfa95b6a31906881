"""A tenant of 1,000,000 leads: some that it imported, and copies of them made by PostgreSQL."""

from bench import people
from bench.people import Team
from bench.site import Site

LEADS = 1_000_000
_IMPORTED = 20_000


def open_teams(site: Site) -> list[Team]:
    """The one. Whatever a version keeps about a lead is copied with it."""
    team = people.open_team(site, "milhao", range(1, _IMPORTED + 1))
    _copy(site, team, "leads", "id")
    for table in _tables_about_leads(site):
        _copy(site, team, table, "lead_id")
    site.sql("select setval(pg_get_serial_sequence('leads', 'id'), max(id)) from leads")
    people.remember_ids(site, team)
    return [team]


def _tables_about_leads(site: Site) -> list[str]:
    rows = site.sql(
        "select table_name from information_schema.columns join information_schema.tables "
        "using (table_schema, table_name) where table_schema = 'public' "
        "and table_type = 'BASE TABLE' and column_name = 'lead_id'"
    )
    return [str(row[0]) for row in rows]


def _copy(site: Site, team: Team, table: str, key: str) -> None:
    """Copy the tenant's rows so often that it has LEADS leads; `key` holds the lead's id.

    An `id` that is not the lead's is drawn from its sequence.
    """
    columns = [name for name in site.columns(table) if name == key or name != "id"]
    values = [_value(name, key, team.last - team.first + 1) for name in columns]
    site.sql(
        f"insert into {table} ({', '.join(columns)}) select {', '.join(values)} from {table}, "
        f"generate_series(1, {LEADS // _IMPORTED - 1}) as copy "
        f"where equipe_id = {team.equipe_id} and {key} between {team.first} and {team.last} "
        "on conflict do nothing"  # where a trigger has written the row already
    )


def _value(column: str, key: str, stride: int) -> str:
    if column == key:
        return f"{column} + copy * {stride}"
    if column in ("criado_em", "atualizado_em"):  # a tenant does not grow in a day
        return f"{column} - copy * interval '1 week'"
    return column
