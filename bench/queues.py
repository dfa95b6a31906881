"""Cases claim and cycle: the next lead, beside the same statements and beside a create."""

import http.client
import json
import re
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat

from bench import load, wire
from bench.database import product_environment
from bench.errors import BenchFailed
from bench.people import Team
from bench.report import Figure, of_rounds
from bench.requests import Effort, creates, send
from bench.site import Site
from models.db.messages.prepared import BY_INDEX
from models.db.messages.queries import Query
from services import history
from services.auth.tokens import Tokens
from services.queue import claiming, ending, ranges

_PEOPLE = 64  # more than there are connections, so that nobody skips what they have not got
_PAIRS_PER_SECOND = 3_000  # more than are ever answered
_SKIP = json.dumps({"motivo": "bench"}).encode()
_HIRED = """
with p as (
  insert into usuarios (equipe_id, nome, email, role)
  select :equipe_id, 'Fila', 'fila' || n || '@exemplo.com.br', 'vendedor'
  from generate_series(1, :count) n returning id
)
insert into sessoes (usuario_id, expira_em) select id, now() + interval '1 day' from p
returning usuario_id, id
"""
_AWAKE = (
    "update fila set livre_em = null, nao_antes_de = null, reservado_por = null, "
    "reservado_ate = null where equipe_id = :equipe_id"
)
_PARAMETER = re.compile(r"%\((\w+)\)s")


def bench_claim(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """A claim and the skip that ends it, over HTTP and by pgbench on the same tables."""
    team = teams[0]
    tokens = hire(site, team)
    raws = _turns(tokens, effort)
    yield Figure("claim: messages to PostgreSQL", _messages(site, tokens[0]))
    pairs = []
    for _ in range(effort.rounds):
        http_round = _awake(site, team, lambda: send(site, raws, effort, once=True))
        pairs.append((http_round, _awake(site, team, lambda: _pgbench(site, team, effort))))
    yield of_rounds("claim and skip: application CPU", [2 * h.cost.app for h, _ in pairs], "us")
    yield of_rounds("claim and skip: PostgreSQL CPU", [2 * h.cost.pg for h, _ in pairs], "us")
    yield of_rounds("claims per second, each skipped", [h.rate / 2 for h, _ in pairs], "1/s")
    yield of_rounds(
        "claim and skip: throughput, HTTP / pgbench -M simple",
        [h.rate / 2 / sql.per_second for h, sql in pairs],
        least=0.35,
    )


def bench_cycle(site: Site, teams: Sequence[Team], effort: Effort) -> Iterator[Figure]:
    """What a person does all day: the next lead, a move of it, the next one."""
    team = teams[0]
    tokens = hire(site, team)[: effort.clients]
    rounds = []
    for _ in range(effort.rounds):
        create = send(site, creates(teams, effort), effort, once=True).cost.total
        rounds.append((_awake(site, team, lambda: _cycles(site, tokens, effort)), create))
    yield of_rounds("cycle (next, move): CPU", [cycle for cycle, _ in rounds], "us")
    yield of_rounds("cycle / create: CPU", [cycle / create for cycle, create in rounds], most=3.0)


def hire(site: Site, team: Team, count: int = _PEOPLE) -> list[str]:
    """Tokens of so many vendedores of a tenant, known to every worker."""
    secret = product_environment(0)["SECRET_KEY"]
    tokens = Tokens(secret, 1_440, 1)
    statement = _HIRED.replace("'fila' ||", f"'fila{time.time_ns()}-' ||")
    made = site.sql(statement, equipe_id=team.equipe_id, count=count)
    signed = [
        tokens.access(usuario_id=int(str(person)), sessao_id=int(str(session)))
        for person, session in made
    ]
    for token in chain.from_iterable(repeat(signed, 4)):
        load.one(site.port, load.request("GET", "/auth/me", token))
    return signed


def claim_of(token: str) -> bytes:
    return load.request("POST", "/queue/next", token, b"{}")


def _turns(tokens: Sequence[str], effort: Effort) -> list[bytes]:
    """All take a lead, then all skip theirs."""
    turn = [*map(claim_of, tokens)]
    turn += [load.request("POST", "/queue/skip", token, _SKIP) for token in tokens]
    return turn * (_PAIRS_PER_SECOND * effort.seconds // len(tokens))


def _messages(site: Site, token: str) -> float:
    """Of a claim that gives a lead, on connections that have sent some before."""
    skip = load.request("POST", "/queue/skip", token, _SKIP)
    for raw in [claim_of(token), skip] * 100:
        load.one(site.port, raw)
    sent = wire.record(site, lambda: load.one(site.port, claim_of(token)))
    load.one(site.port, skip)
    return float(len(sent))


def _awake[Result](site: Site, team: Team, ask: Callable[[], Result]) -> Result:
    """Do it while no lead rests or is held."""
    site.sql(_AWAKE, equipe_id=team.equipe_id)
    site.sql("vacuum analyze fila")
    return ask()


def _pgbench(site: Site, team: Team, effort: Effort) -> wire.Tps:
    return wire.pgbench(site.database, [_script(team)], effort.clients, effort.seconds)


def _script(team: Team) -> str:
    """What a claim and a skip send, each connection a person who does not exist."""
    begin = (
        "begin\\; set local lock_timeout = 10000\\; set local statement_timeout = 15000\\; "
        "set local idle_in_transaction_session_timeout = 60000\\; "
        f"set local app.equipe_id = '{team.equipe_id}'\\; set local app.busca = '%'"
    )
    claim = [ranges.LOCK, ranges.WAKE, ranges.claim(False), claiming.held_query()]
    known = {
        "equipe_id": str(team.equipe_id),
        "usuario_id": ":usuario",
        "qualquer_hora": "false",
        "fechadas": "'{}'",
        "hoje": "current_date::timestamptz",
        "texto": "'bench'",
        "tipo": "'nota'",
        "evento": "'atividade_criada'",
        "chave_id": "null",
        "lead_id": ":lead_id",
    }
    event = _text(history.lead_query(), _EVENT | known | {"tipo": "'lead_pulado'"})
    settings = BY_INDEX.removesuffix("; ").replace("; ", "\\; ")
    lines = [
        "\\set usuario 900000000 + :client_id",
        "\\; ".join([begin, settings, *(_text(query, known) for query in claim)]) + ";",
        "commit;",
        "\\; ".join([begin, *(_text(query, known) for query in ending.SKIPPED)]) + " \\gset",
        f"{_text(ending.NOTE, known)}\\; {event};",
        "commit;",
    ]
    return "\n".join(line.replace("\n", " ") for line in lines)


_EVENT = dict.fromkeys("chave_id trabalho_id versao de_etapa para_etapa dados".split(), "null") | {
    "campos": "'{}'"
}


def _text(query: Query, known: Mapping[str, str]) -> str:
    return _PARAMETER.sub(lambda found: known[found[1]], query.sql).replace("%%", "%")


def _cycles(site: Site, tokens: Sequence[str], effort: Effort) -> float:
    """CPU of one cycle, in microseconds."""
    before, until = site.cpu(), time.monotonic() + effort.seconds
    with ThreadPoolExecutor(len(tokens)) as pool:
        done = sum(pool.map(lambda token: _person(site, token, until), tokens))
    return (site.cpu() - before).per(done).total


def _person(site: Site, token: str, until: float) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", site.port, 60)
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    done = 0

    def post(path: str, body: Mapping[str, object]) -> dict[str, object]:
        connection.request("POST", path, json.dumps(body).encode(), headers)
        reply = connection.getresponse()
        read = reply.read()
        if reply.status != 200:
            raise BenchFailed(f"{path}: {reply.status} {read[:300].decode(errors='replace')}")
        found: dict[str, object] = json.loads(read)["data"]
        return found

    while time.monotonic() < until:
        lead = post("/queue/next", {})["lead"]
        if not isinstance(lead, dict):
            raise BenchFailed("the queue is empty before the round is over")
        post(f"/leads/{lead['id']}/move", {"etapa": _other(str(lead["etapa"]))})
        done += 1
    connection.close()
    return done


def _other(etapa: str) -> str:
    return "qualificado" if etapa == "contatado" else "contatado"
