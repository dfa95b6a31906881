"""Backups: all rows of one moment into a file, and a file into an empty database.

A file has rows and no schema: migrations make that, at the revision which the file names. So it
restores into another version of PostgreSQL, under other roles and into later code.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import BinaryIO

from sqlalchemy import Connection, Engine, func, select, text, update

from models.access.session import EndReason
from models.db.copying import catalog, copies
from models.db.epochs import current_epoch, open_epoch
from models.event import EVENTS, EventKind
from models.team import NOBODY, Team
from models.user import User
from services.auth.authority import KEY_LIVES, SESSION_LIVES
from utils.archive import Archive, ArchiveWriter, Content, Manifest
from utils.clock import now
from utils.postgres.migrations import REVISIONS

# What was written after the backup is lost, and others may still know its ids: a CRM those of
# leads, a browser that of its session. They are not given again.
_SKIPPED_IDS = 1_000_000
_END_SESSIONS = text(
    f"update sessoes set encerrada_em = now(), motivo = :motivo where {SESSION_LIVES}"  # noqa: S608 - a condition of ours
)
_LIVE_KEYS = text(f"select count(*) from chaves where {KEY_LIVES}")  # noqa: S608 - a condition of ours
_REVOKE = text("""
with revogadas as (
  update chaves set revogada_em = now() where revogada_em is null returning id, equipe_id
)
insert into eventos (equipe_id, tipo, alvo_id) select equipe_id, :tipo, id from revogadas
""")


class BackupRefused(RuntimeError):
    """Nothing was written or changed; the text is one sentence for the operator."""


@dataclass(frozen=True, slots=True)
class Reopened:
    """What a restored database begins with. `epoch`: None if it is older than epochs."""

    epoch: int | None
    ended_sessions: int
    live_keys: int


def create(url: str, file: BinaryIO) -> Manifest:
    """Write all rows of one moment; what was written. Readers and writers go on meanwhile.

    Any role may do it that may read: each tenant's rows are read in that tenant's name. Raises
    BackupRefused and the database's errors.
    """
    with ArchiveWriter(file) as archive, _one_moment(copies.copying_engine(url)) as connection:
        moment, tables = now(), catalog.tables(connection)
        tenants = [NOBODY, *connection.scalars(select(Team.id).order_by(Team.id))]
        written = {}
        for table in tables:
            with archive.member(table.name) as member:
                rows = copies.copy_out(connection, table, tenants, member)
            written[table.name] = Content(table.columns, rows)
        manifest = Manifest(
            migracao=connection.exec_driver_sql(REVISIONS).scalar_one(),
            feito_em=moment.isoformat(timespec="seconds"),
            epoca=current_epoch(connection) or 0,
            tabelas=written,
            sequencias={s.name: s.last for s in catalog.sequences(connection) if s.last},
        )
        archive.finish(manifest)
    return manifest


@contextmanager
def _one_moment(engine: Engine) -> Iterator[Connection]:
    """The tables are locked before the moment is chosen: one that a migration writes anew after it
    would be empty."""
    with engine.connect() as connection:
        tables = catalog.tables(connection)
    with copies.one_moment(engine) as connection:
        copies.lock(connection, tables, "access share")
        if catalog.tables(connection) != tables:
            raise BackupRefused("Uma migração mudou o banco de dados agora: tente de novo.")
        yield connection


def require_empty(connection: Connection) -> None:
    """Raises BackupRefused where there is an equipe."""
    teams = connection.scalar(select(func.count()).select_from(Team))
    if teams:
        raise BackupRefused(
            f"O banco de dados {connection.engine.url.database} não está vazio (equipes: {teams}): "
            "restaure em um banco novo (outro em DATABASE_URL, ou outra pasta em FINLEAD_INSTANCE)."
        )


def load(connection: Connection, archive: Archive, *, revoke_keys: bool) -> Reopened:
    """Fill the empty tables, which are at the file's revision, and open the database again.

    As the tables' owner. Whoever uses the tables waits for the end of the transaction. Raises
    BackupRefused, BadArchive and the database's errors; the caller then has to roll back.
    """
    tables = catalog.tables(connection)
    copies.lock(connection, tables, "access exclusive")
    require_empty(connection)
    _require_same(tables, archive.manifest)
    with copies.opened_to_owner(connection, tables):
        copies.clear(connection, tables)  # logins that were refused, of no equipe
        for table in tables:
            _fill(connection, table, archive)
    copies.number_from(connection, archive.manifest.sequencias)
    return reopen(connection, after=archive.manifest.epoca, revoke_keys=revoke_keys)


def _require_same(tables: list[catalog.Table], manifest: Manifest) -> None:
    there = {table.name: set(table.columns) for table in tables}
    if there != {name: set(content.colunas) for name, content in manifest.tabelas.items()}:
        raise BackupRefused(
            f"O banco de dados não tem as tabelas da migração {manifest.migracao}, e só elas: "
            "restaure em um banco novo."
        )


def _fill(connection: Connection, table: catalog.Table, archive: Archive) -> None:
    content = archive.manifest.tabelas[table.name]
    with archive.open(table.name) as member:
        rows = copies.copy_in(connection, table, content.colunas, member)
    if rows != content.linhas:
        raise BackupRefused(f"A tabela {table.name} do arquivo não tem as linhas que ele anuncia.")


def reopen(connection: Connection, *, after: int = 0, revoke_keys: bool) -> Reopened:
    """What has to be done with a restored database before anybody uses it, as its owner.

    Followers of the history get a new epoch, ids go on at a distance, and what was ended or used up
    since the backup does not come back to life: sessions and activation codes.
    """
    copies.skip_numbers(connection, _SKIPPED_IDS)
    epoch = None if current_epoch(connection) is None else open_epoch(connection, after)
    ended = connection.execute(_END_SESSIONS, {"motivo": EndReason.RESTAURACAO})
    connection.execute(
        update(User)
        .where(User.codigo_hash.is_not(None))
        .values(codigo_hash=None, codigo_expira_em=None)
    )
    if revoke_keys:
        _revoke_keys(connection)
    return Reopened(epoch, ended.rowcount, connection.scalar(_LIVE_KEYS) or 0)


def _revoke_keys(connection: Connection) -> None:
    history = [table for table in catalog.tables(connection) if table.name == EVENTS.name]
    with copies.opened_to_owner(connection, history):
        connection.execute(_REVOKE, {"tipo": EventKind.CHAVE_REVOGADA})


def settle(connection: Connection, reopened: Reopened) -> Reopened:
    """After the migrations: the epoch that an older database could not have, and statistics, which
    autovacuum would take a while to make. As the tables' owner."""
    if reopened.epoch is None:
        reopened = replace(reopened, epoch=open_epoch(connection, after=0))
    copies.analyze(connection, catalog.tables(connection))
    return reopened
