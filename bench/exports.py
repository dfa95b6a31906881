"""Case export: a file of all leads against a bare COPY of the same rows by psql.

The same rows: leads beside their scores and other contacts, in the same order. What psql itself
takes counts too, as the application's part of an export does.
"""

import resource
from collections.abc import Iterator, Sequence
from http.client import HTTPConnection

from bench import people
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Cost, Site

LEADS = 30_000
_HEADER = "nome,documento,email,telefone,produto,origem,valor,cidade,uf,etiquetas,idade,profissao"
_JOBS = ("autônomo", "servidor público", "aposentado")
_LIST = """
select l.*, s.score, s.faixa, s.probabilidade, c.contatos from leads l
left join lead_pontuacao s on s.equipe_id = l.equipe_id and s.lead_id = l.id
left join (select lead_id, string_agg(valor, ' | ' order by ordem) as contatos from lead_contatos
  where equipe_id = {0} and ordem > 1 and retirado_em is null group by lead_id) c
  on c.lead_id = l.id
where l.equipe_id = {0} and l.excluido_em is null order by l.criado_em desc, l.id desc
"""
_TABLE = "select * from leads where equipe_id = {0}"


def bench_export(site: Site, _: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    team = people.open_team(site, "exporta")
    people.import_csv(site, team, _file())
    site.settle()
    rounds = [_round(site, team) for _ in range(effort.rounds)]
    copies, tables = [bare for bare, _, _ in rounds], [table for _, table, _ in rounds]
    yield of_rounds("bare COPY: CPU per lead", copies, "us")
    yield of_rounds("bare COPY of `leads` alone: CPU per lead", tables, "us")
    for format_ in ("csv", "excel", "xlsx"):
        costs = [cost[format_] for _, _, cost in rounds]
        yield of_rounds(
            f"export, {format_}: application CPU per lead", [c.app for c in costs], "us"
        )
        yield of_rounds(f"export, {format_}: PostgreSQL CPU per lead", [c.pg for c in costs], "us")
        ratios = [bare / cost.total for bare, cost in zip(copies, costs, strict=True)]
        least = 0.5 if format_ == "csv" else None
        yield of_rounds(f"export, {format_}: CPU, bare COPY / export", ratios, least=least)


def _round(site: Site, team: Team) -> tuple[float, float, dict[str, Cost]]:
    bare = _copied(site, _LIST.format(team.equipe_id))
    costs = {format_: _export(site, team, format_) for format_ in ("csv", "excel", "xlsx")}
    return bare, _copied(site, _TABLE.format(team.equipe_id)), costs


def _export(site: Site, team: Team, format_: str) -> Cost:
    before = site.cpu()
    connection = HTTPConnection("127.0.0.1", site.port, timeout=600)
    headers = {"Authorization": f"Bearer {team.token}"}
    connection.request("GET", f"/leads/export?formato={format_}", headers=headers)
    reply = connection.getresponse()
    while reply.read(1 << 20):
        pass
    connection.close()
    if reply.status != 200:
        raise BenchFailed(f"export: {reply.status}")
    return (site.cpu() - before).per(LEADS)


def _copied(site: Site, rows: str) -> float:
    """Microseconds of each row: PostgreSQL's and psql's, but for its start."""
    path = site.folder / "exported.csv"
    began = _psql(site, "select 1")
    spent = _psql(site, f"\\copy ({' '.join(rows.split())}) to '{path}' csv")
    with path.open("rb") as file:
        if sum(1 for _ in file) != LEADS:
            raise BenchFailed("the leads of COPY are not those of the export")
    return (spent - began) * 1e6 / LEADS


def _psql(site: Site, command: str) -> float:
    before, client = site.cpu(), _of_children()
    site.database.client("psql", "-qc", command, role="postgres")
    return (site.cpu() - before).pg + _of_children() - client


def _of_children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def _file() -> bytes:
    lines = [_HEADER]
    for number in range(30_000_000, 30_000_000 + LEADS):
        more = ("Campinas", "SP", "vip|carteira", str(number % 60), _JOBS[number % len(_JOBS)])
        lines.append(",".join((*people.lead(number).values(), *more)))
    return "\n".join([*lines, ""]).encode()
