"""Databases to be backed up, and what they hold, beyond row-level security."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from click.testing import Result
from flask import Flask
from sqlalchemy import Connection, Engine, text

from commands.sweeper import sweep
from models.db import db, enter_tenant, transaction
from tests.support.api import PASSWORD, Api, Member, Team, open_team, sign_in
from tests.support.jobs import ask, work
from tests.support.leads import create, imported, new_cpf, new_phone, upload
from tests.support.previews import previewed
from tests.support.roles import Setup, connected, two_roles
from utils.clock import now
from utils.postgres.embedded import EmbeddedPostgres

# A restore ends sessions and activation codes; all else is as it was.
_ENDED = "- 'encerrada_em' - 'motivo' - 'codigo_hash' - 'codigo_expira_em'"
_LASTING = """
select relname from pg_class where relnamespace = 'public'::regnamespace
and relkind = 'r' and relpersistence = 'p' and relname <> 'alembic_version' order by 1
"""
_PROTECTED = """
select c.relname, c.relrowsecurity, c.relforcerowsecurity,
  (select array_agg(t.tgname || ' ' || t.tgenabled::text order by t.tgname) from pg_trigger t
   where t.tgrelid = c.oid and not t.tgisinternal),
  (select array_agg(p.polname || pg_get_expr(p.polqual, c.oid) order by p.polname)
   from pg_policy p where p.polrelid = c.oid)
from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' order by 1
"""


@dataclass(frozen=True)
class Site:
    """A database of two roles, and the application on it."""

    setup: Setup
    app: Flask

    @property
    def superuser(self) -> str:
        return self.setup.url.replace(f"//{self.setup.api}@", "//postgres@")

    def flask(self, *arguments: object) -> Result:
        """`flask ARGUMENTS`, in this process."""
        return self.app.test_cli_runner().invoke(args=[str(each) for each in arguments])

    def refused(self, *arguments: object) -> str:
        """The one sentence of a command that changes nothing."""
        result = self.flask(*arguments)
        assert result.exit_code == 1, result.output
        assert isinstance(result.exception, SystemExit), result.exception
        assert "Traceback" not in result.output
        return result.output

    def epoch(self) -> int:
        """The epoch that events are written in."""
        with connected(self.superuser) as connection:
            return epoch(connection)


@contextmanager
def site(
    postgres: EmbeddedPostgres, sql: Engine, make_app: Callable[..., Flask], name: str
) -> Iterator[Site]:
    """An empty database; nothing is migrated."""
    with two_roles(postgres, sql, name) as setup:
        app = make_app(database_url=setup.url, migration_database_url=setup.owner_url)
        yield Site(setup, app)
        with app.app_context():
            for engine in db.engines.values():
                engine.dispose()


def backed_up(site: Site, file: Path) -> Path:
    result = site.flask("backup", "create", file)
    assert result.exit_code == 0, result.output
    return file


def restored(site: Site, file: Path, *options: str) -> str:
    result = site.flask("backup", "restore", file, *options)
    assert result.exit_code == 0, result.output
    return result.output


# What a job that is not done yet keeps of its lines.
_KEPT_KEY = text(
    "insert into importacao_chaves (equipe_id, importacao_id, chave, lead_id, dita, tinha) "
    "values (:e, 0, 1, 0, true, true)"
)


def fill(app: Flask) -> Team:
    """An equipe with a row in every table."""
    team = open_team(app)
    api = team.gestor.api
    for number in range(3):
        fields = {"documento": new_cpf(), "telefone": new_phone(), "valor": "1500.50"}
        key = {"Idempotency-Key": f"chave-{number}"}
        body = {"nome": 'Lead "de" \\N é ção', "etiquetas": ["{c}", "null"], **fields}
        reply = api.post("/leads", body, headers=key)
        assert reply.status == 201, reply.body
    lead = create(
        api, origem="Feira", atributos={"renda": None, "texto": "linha\num\r\\N"}, uf="SP"
    )
    assert api.post(f"/leads/{lead['id']}/move", {"etapa": "contatado"}).status == 200
    csv = "nome,email,uf\nA,a@exemplo.com.br,\nB,,\nC,,XX\n"
    assert imported(api, csv)["criados"] == 2
    later = {"headers": {"Prefer": "respond-async"}, "duplicados": "atualizar"}
    assert upload(api, csv, **later).status == 202
    previewed(api, csv)
    assert api.post("/auth/keys", {"nome": "integração", "role": "gestor"}).status == 201
    api.post("/queue/next", {})
    assert api.post("/queue/skip", {"motivo": "Depois"}).status == 200
    create(api, etapa="ganho")
    assert api.post("/scores/rules/drafts", {}).status == 201
    goal = {"responsavel_id": team.vendedor.id, "valor": "5000.00"}
    assert api.call("PUT", "/goals/2026-08", json={"metas": [goal]}).status == 200
    assert api.post("/scores/model/train").status == 202
    work(app)
    assert upload(api, csv, **later).status == 202
    with app.app_context(), transaction() as session:
        enter_tenant(team.equipe_id)
        session.execute(_KEPT_KEY, {"e": team.equipe_id})
    _given(app, team, lead["id"])
    _contested(team, lead["id"])
    ask(api)
    # Of no equipe.
    wrong = {"email": "ninguem@exemplo.com.br", "senha": PASSWORD}
    assert Api(app).post("/auth/login", wrong).status == 401
    return team


def _contested(team: Team, lead_id: int) -> None:
    score, api = f"/leads/{lead_id}/score", team.gestor.api
    assert api.post(f"{score}/review", {"motivo": "Baixo demais"}).status == 201
    ends = (now() + timedelta(days=2)).isoformat()
    said = {"score": 80, "motivo": "Cliente antigo", "ate": ends}
    assert api.call("PUT", f"{score}/override", json=said).status == 200


def _given(app: Flask, team: Team, lead_id: int) -> None:
    """What one person has is added up, and what the next one has is not yet."""
    for person in (team.vendedor, team.colleague):
        sweep(app)
        path, body = f"/leads/{lead_id}/assign", {"responsavel_id": person.id}
        assert team.gestor.api.post(path, body).status == 200


def digests(url: str) -> dict[str, tuple[int, str]]:
    """By table, how many rows it has and a checksum of them, but for what a restore ends."""
    with connected(url) as connection:
        return {table: _digest(connection, table) for table in _tables(connection)}


def _tables(connection: Connection) -> list[str]:
    return list(connection.exec_driver_sql(_LASTING).scalars())


def _digest(connection: Connection, table: str) -> tuple[int, str]:
    query = (
        "select count(*), coalesce(md5(string_agg(j::text, E'\\n' order by j::text)), '') "
        f"from (select to_jsonb(t) {_ENDED} as j from {table} t) as rows"
    )
    count, checksum = connection.exec_driver_sql(query).one()
    return count, checksum


def protections(url: str) -> list[tuple[object, ...]]:
    """Row-level security, policies and triggers of every table."""
    with connected(url) as connection:
        return [tuple(row) for row in connection.exec_driver_sql(_PROTECTED)]


def epoch(connection: Connection) -> int:
    query = (
        "select column_default from information_schema.columns "
        "where table_name = 'eventos' and column_name = 'epoca'"
    )
    return int(connection.exec_driver_sql(query).scalar_one())


def signed_in(site: Site, member: Member) -> Member:
    return sign_in(site.app, member.email)
