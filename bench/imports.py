"""Case import: a file of leads through the API against the same rows written by SQL alone: into all
the tables that an import fills, by INSERT … SELECT, and the leads alone, by a bare COPY."""

import re
import time
from collections.abc import Iterator, Sequence
from itertools import count
from pathlib import Path

from bench import people
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Cost, Site
from config import ROOT

LINES = 45_000
_LARGEST = 5 * 1024 * 1024  # what one call of the API imports at once
# The tables that have rows of leads, but for those that an import only reads or clears away.
_OF_LEADS = (
    "select table_name from information_schema.columns where table_schema = 'public' "
    "and (column_name = 'lead_id' and table_name not like 'bench_%' or table_name = 'leads' "
    "and column_name = 'id') group by 1 order by table_name <> 'leads', 1"
)
_EXTRACT = ROOT / "demo" / "bank-2000.csv"
_FRESH = count(20_000_000, LINES)


def bench_import(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    here = teams[0]
    there = people.open_team(site, "copia", range(1, here.last - here.first + 2))
    if _EXTRACT.exists():
        file = _repeated(_EXTRACT.read_bytes())
        yield from _beside_copy(site, "import, bank extract", [file] * effort.rounds, here, there)
    files = [_with_keys() for _ in range(effort.rounds)]
    yield from _beside_copy(site, "import, keys and 1 % bad lines", files, here, there)


def cost_of_a_line(site: Site, teams: Sequence[Team], _: Effort) -> Cost:
    lines, _seconds, spent = _import(site, teams[0], _with_keys())
    return spent.per(lines)


def _beside_copy(
    site: Site, name: str, files: Sequence[bytes], here: Team, there: Team
) -> Iterator[Figure]:
    rates, ratios, bare, app, pg, cpu = [], [], [], [], [], []
    for file in files:
        site.settle()
        lines, seconds, spent = _import(site, here, file)
        tables = _put_aside(site, here)
        rows = _copy_out(site, here, there)
        site.settle()
        inserted, insert_cpu = _insert(site, tables, there)
        copied, copy_seconds, _ = _copy_in(site, rows)
        rates.append(lines / seconds)
        ratios.append(inserted / seconds)
        bare.append((lines / seconds) / (copied / copy_seconds))
        app.append(spent.per(lines).app)
        pg.append(spent.per(lines).pg)
        cpu.append(insert_cpu.pg / spent.total)
    yield of_rounds(f"{name}: application CPU per line", app, "us")
    yield of_rounds(f"{name}: PostgreSQL CPU per line", pg, "us")
    yield of_rounds(f"{name}: CPU, INSERT … SELECT / import", cpu)
    yield of_rounds(f"{name}: lines per second", rates, "1/s")
    yield of_rounds(
        f"{name}: speed, import / INSERT … SELECT into the same tables", ratios, least=0.5
    )
    yield of_rounds(f"{name}: speed, import / bare COPY of the leads alone", bare)


def _put_aside(site: Site, here: Team) -> list[str]:
    """Copies of the rows that the import has written; the tables that they are of."""
    tables = []
    for (found,) in site.sql(_OF_LEADS):
        table, lead = str(found), "id" if found == "leads" else "lead_id"
        site.sql(f"drop table if exists bench_{table}")
        site.sql(
            f"create unlogged table bench_{table} as select * from {table} "
            f"where equipe_id = {here.equipe_id} and {lead} > {here.last}"
        )
        if site.sql(f"select 1 from bench_{table} limit 1"):
            tables.append(table)
    return tables


def _insert(site: Site, tables: Sequence[str], there: Team) -> tuple[float, Cost]:
    """The same rows as another tenant's, in one transaction: seconds, and what they took."""
    statements = []
    for table in tables:
        names = site.database.columns(table)
        values = [str(there.equipe_id) if name == "equipe_id" else name for name in names]
        into, taken = ", ".join(names), ", ".join(values)
        statements.append(f"insert into {table} ({into}) select {taken} from bench_{table}")
    before = site.cpu()
    command = f"begin; {'; '.join(statements)}; commit"
    printed = site.database.client("psql", "-c", "\\timing on", "-c", command, role="postgres")
    spent = site.cpu() - before
    times = re.findall(r"Time: ([\d.]+) ms", printed)
    assert times, printed
    return sum(map(float, times)) / 1e3, spent


def _import(site: Site, team: Team, file: bytes) -> tuple[int, float, Cost]:
    before, began = site.cpu(), time.perf_counter()
    result = people.import_csv(site, team, file)
    return result["linhas"], time.perf_counter() - began, site.cpu() - before


def _copy_out(site: Site, here: Team, there: Team) -> Path:
    """The leads that the import added, as rows of the other tenant, ready for COPY."""
    path = site.folder / "rows.csv"
    columns = _columns(site).replace("equipe_id", str(there.equipe_id), 1)
    added = f"select {columns} from leads where equipe_id = {here.equipe_id} and id > {here.last}"
    site.database.client(
        "psql", "-c", f"\\copy ({added} order by id) to '{path}' csv", role="postgres"
    )
    people.remember_ids(site, here)
    return path


def _copy_in(site: Site, path: Path) -> tuple[int, float, Cost]:
    """Rows, seconds without psql's own start, CPU."""
    command = f"\\copy leads ({_columns(site)}) from '{path}' csv"
    before = site.cpu()
    printed = site.database.client("psql", "-c", "\\timing on", "-c", command, role="postgres")
    spent = site.cpu() - before
    found = re.search(r"COPY (\d+)\nTime: ([\d.]+) ms", printed)
    assert found is not None, printed
    return int(found[1]), float(found[2]) / 1e3, spent


def _columns(site: Site) -> str:
    """All but the id, which either side draws from the sequence."""
    return ", ".join(name for name in site.database.columns("leads") if name != "id")


def _repeated(extract: bytes) -> bytes:
    """The extract over and over, to LINES lines or the largest file that one call takes."""
    header, *lines = extract.splitlines(keepends=True)
    # A file is taken if a column of it is known, and these have names of their own.
    header = header.replace(b'"y"', b'"atributos.y"')
    most = min(LINES, (_LARGEST - len(header)) * len(lines) // sum(map(len, lines)) - 1)
    repeats, rest = divmod(most, len(lines))
    return b"".join([header, *lines * repeats, *lines[:rest]])


def _with_keys() -> bytes:
    first = next(_FRESH)
    return people.csv(range(first, first + LINES), bad_every=100)
