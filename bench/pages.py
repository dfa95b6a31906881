"""Case pages: of a tenant of 500,000 leads, the 10,000th page of each listed shape against its
first; and what the first page of other shapes costs."""

import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from statistics import median

from bench import load, people, requests
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort
from bench.site import Site

# Both directions are there; an index is read backwards for the other one.
ORDERS = ("-criado_em", "atualizado_em", "proximo_contato_em", "-valor", "-score")
BY_STAGE = ("criado_em", "-score")
# Combinations that no index gives.
UNLISTED = (
    "uf=SP&ordenar=-criado_em",
    "origem=site&ordenar=-valor",
    "etapa=qualificado&ordenar=proximo_contato_em",
    "faixa=quente&ordenar=criado_em",
    "etiqueta=vip&ordenar=-score",
    "responsavel_id=nenhum&etapa=contatado&ordenar=valor",
    "criado_de=2024-03-01&criado_ate=2024-03-31&ordenar=-valor",
    "total=1",
    "q=zz",
)
PAGE, _ROWS = 10_000, 20  # rows of a page where nobody asks for another number
_STRIDE = 100  # rows of a step on the way there: a cursor holds no page size
# Where every page reads all rows before it, the way is as long as the square of its length.
_PATIENCE = 60.0
_LISTS = 30  # of each page and round, for the time of one
_MOST = 1.3


@dataclass(frozen=True, slots=True)
class _Deep:
    page: int  # counted in pages of _ROWS
    cursor: str


@dataclass(frozen=True, slots=True)
class _List:
    """Whose list of which query."""

    name: str
    token: str
    query: str

    def page(self, cursor: str = "", rows: int = _ROWS) -> bytes:
        path = f"/leads?{self.query}&limite={rows}" + (f"&cursor={cursor}" if cursor else "")
        return load.request("GET", path, self.token)


def bench_pages(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    for listed in _listed(site, teams[0]):
        deep = _walk(site, listed)
        ends = [listed.page(), listed.page(deep.cursor)]
        name = f"{listed.name}: %s, page {deep.page:,} / page 1"
        costs = [_costs(site, ends, effort) for _ in range(effort.rounds)]
        yield of_rounds(name % "CPU", [there / here for here, there in costs], most=_MOST)
        times = [_times(site, ends) for _ in range(effort.rounds)]
        yield of_rounds(name % "time", [there / here for here, there in times], most=_MOST)
    yield from _unlisted(site, teams[0], effort)


def _listed(site: Site, team: Team) -> list[_List]:
    """The twelve shapes: all leads, those of a person (their own list), those in a stage."""
    seller = people.sign_in(site, team.colleague)
    return [
        *(_List(f"by {order}", team.token, f"ordenar={order}") for order in ORDERS),
        *(_List(f"own, by {order}", seller, f"ordenar={order}") for order in ORDERS),
        *(
            _List(f"etapa, by {order}", team.token, f"etapa=novo&ordenar={order}")
            for order in BY_STAGE
        ),
    ]


def _unlisted(site: Site, team: Team, effort: Effort) -> Iterator[Figure]:
    """The first page of what no index gives against the plain list's; a refusal is named."""
    plain = _List("", team.token, "ordenar=-criado_em").page()
    for query in UNLISTED:
        raw = _List("", team.token, query).page()
        status, body = load.one(site.port, raw)
        if status == 422:
            yield Figure(f"{query}: refused, {_refusal(body)}", 422)
            continue
        costs = [_costs(site, [plain, raw], effort) for _ in range(effort.rounds)]
        yield of_rounds(f"{query}: CPU / plain list", [that / this for this, that in costs])


def _refusal(body: bytes) -> str:
    data = json.loads(body)["data"]
    return f"{data['codigo']} {[error['campo'] for error in data['erros']]}"


def _costs(site: Site, ends: Sequence[bytes], effort: Effort) -> list[float]:
    one = replace(effort, clients=1)
    return [requests.send(site, [raw], one).cost.total for raw in ends]


def _times(site: Site, ends: Sequence[bytes]) -> list[float]:
    taken = load.timed(site.port, list(ends) * _LISTS)
    return [median(taken[at::2]) for at in (0, 1)]


def _walk(site: Site, listed: _List) -> _Deep:
    """Follow the cursors to where page PAGE begins, or as far as patience goes."""
    rows, cursor, began = 0, "", time.monotonic()
    while rows < (PAGE - 1) * _ROWS and time.monotonic() - began < _PATIENCE:
        step = min(_STRIDE, (PAGE - 1) * _ROWS - rows)
        cursor = _next(site, listed.page(cursor, step))
        rows += step
    return _Deep(rows // _ROWS + 1, cursor)


def _next(site: Site, raw: bytes) -> str:
    status, body = load.one(site.port, raw)
    found = json.loads(body)["data"] if status == 200 else {}
    if not found.get("proximo"):
        raise BenchFailed(f"no further page: {status} {body[:200].decode(errors='replace')}")
    return str(found["proximo"])
