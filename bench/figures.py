"""Case figures: the dashboard of one equipe of 10,000, 100,000 and 1,000,000 leads, drawn
independently over 30 vendedores, 40 origens, 10 produtos, 6 stages and 3 bands.

The rows are written by SQL, which the triggers see like any other writer.
"""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import date, timedelta
from http.client import HTTPConnection
from statistics import median

from bench import load, people, report, requests
from bench.people import Team
from bench.report import Figure
from bench.requests import Effort
from bench.site import Site

SIZES = (10_000, 100_000, 1_000_000)
_QUICK = SIZES[:2]
# More than a process keeps replies of.
_DAYS = 300
_END = b"\r\n\r\n"
_FILTERS = ("responsavel_id=nenhum", "origem=origem 1", "origem=origem 1&produto=produto 1")
_OWNERS = """
insert into usuarios (equipe_id, nome, email, role)
select :e, 'Vendedor ' || n, 'v' || n || '-' || :e || '@exemplo.com.br', 'vendedor'
from generate_series(1, 30) n
"""
_LEADS = """
with donos as (
  select array_agg(id) as ids from usuarios where equipe_id = :e and role = 'vendedor'),
sorteio as (
  select n, random() as u, random() as q, now() - random() * interval '365 days' as quando,
    (array['novo', 'contatado', 'qualificado', 'proposta', 'ganho', 'perdido'])
      [1 + floor(random() * 6)::int] as etapa,
    'origem ' || floor(random() * 40) as origem, 'produto ' || floor(random() * 10) as produto,
    1 + floor(random() * 30)::int as dono
  from generate_series(1, :n) n)
insert into leads (equipe_id, nome, origem, origem_chave, produto, produto_chave, etapa,
  etapa_desde, responsavel_id, valor_centavos, criado_em, fechado_em, previsto_para, motivo_perda)
select :e, 'Lead ' || n, origem, origem, produto, produto, etapa, quando + u * (now() - quando),
  donos.ids[dono], floor(q * 1e7)::bigint, quando,
  case when etapa in ('ganho', 'perdido') then quando + u * (now() - quando) end,
  case when u > 0.5 then (now() + q * interval '180 days')::date end,
  case when etapa = 'perdido' then 'preço' end
from sorteio, donos
"""
_STAYS = """
insert into permanencias (equipe_id, lead_id, n, etapa, entrou_em, primeira, informada)
select equipe_id, id, 1, etapa, etapa_desde, true, false from leads l where equipe_id = :e
and not exists (select from permanencias s where s.equipe_id = :e and s.lead_id = l.id)
"""
_SCORES = """
insert into lead_pontuacao (equipe_id, lead_id, score, faixa, probabilidade, versao, pontos,
  responsavel_id, etapa)
select equipe_id, id, 50, (array['quente', 'morno', 'frio'])[1 + floor(random() * 3)::int],
  case when etapa not in ('ganho', 'perdido') then round(random()::numeric, 6)::float8 end, 0, '{}',
  responsavel_id, etapa
from leads l where equipe_id = :e
and not exists (select from lead_pontuacao p where p.equipe_id = :e and p.lead_id = l.id)
"""
_FOLD = "select metricas_dobrar(:e, null)"


def bench_figures(site: Site, _: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """What a poll costs that has something new to read, and what one costs that has not."""
    sizes = SIZES if effort.seconds > 1 else _QUICK
    teams = [open_team(site, f"figuras{size}", size) for size in sizes]
    costs = [_costs(site, team, "", effort) for team in teams]
    for size, cost in zip(sizes, costs, strict=True):
        yield report.of_rounds(f"/metrics of {size:,} leads: CPU", cost, "us")
    yield Figure("/metrics: last / first", median(costs[-1]) / median(costs[0]), most=1.3)
    for asked in _FILTERS:
        cost = _costs(site, teams[-1], asked.replace(" ", "%20"), effort)
        yield report.of_rounds(f"of {sizes[-1]:,} leads, {asked}: CPU", cost, "us")
    yield _unchanged(site, teams[-1], effort)


def open_team(site: Site, name: str, size: int) -> Team:
    team = people.open_team(site, name)
    for statement in (_OWNERS, _LEADS, _STAYS, _SCORES):
        values = {"e": team.equipe_id} | ({"n": size} if ":n" in statement else {})
        site.sql(statement, **values)
    site.sql(_FOLD, e=team.equipe_id)
    people.remember_ids(site, team)
    site.settle()
    return team


def _costs(site: Site, team: Team, asked: str, effort: Effort) -> list[float]:
    """Each poll ends on another day, so that none has been read before."""
    today = date.today()
    days = [(today - timedelta(days=ago)).isoformat() for ago in range(_DAYS)]
    polls = [load.request("GET", f"/metrics?ate={day}&{asked}", team.token) for day in days]
    return [requests.send(site, polls, effort).cost.total for _ in range(effort.rounds)]


def _unchanged(site: Site, team: Team, effort: Effort) -> Figure:
    """A poll of what is known already, against reading one lead."""
    poll = load.request("GET", "/metrics", team.token)
    known = poll.removesuffix(_END) + b"\r\nIf-None-Match: " + _etag(site, team).encode() + _END
    before = site.cpu()
    outcome = load.drive(site.port, [known], effort.clients, seconds=effort.seconds)
    outcome.demand(304)
    cost = (site.cpu() - before).per(outcome.replies).total
    single = requests.send(site, requests.reads([team]), effort).cost.total
    return Figure("/metrics 304 / GET /leads/{id}: CPU", cost / single, most=1.2)


def _etag(site: Site, team: Team) -> str:
    connection = HTTPConnection("127.0.0.1", site.port)
    with closing(connection):
        headers = {"Authorization": f"Bearer {team.token}"}
        connection.request("GET", "/metrics", headers=headers)
        return connection.getresponse().headers["ETag"]
