"""Importing a file of leads: convert, COPY aside, settle duplicates, then three set-based inserts.

COPY goes into a temporary table because row-level security refuses COPY into the real ones; the
INSERT…SELECT carries `equipe_id`. One transaction: the whole file, its events and its scores
commit together, or nothing does.
"""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal, get_args

from sqlalchemy import select

from models.db import db
from models.db.locks import is_free, try_lock
from models.import_run import ImportRun
from models.stage import Stage
from models.team import Team
from models.user import User
from services.errors import Forbidden, ImportRunning
from services.imports import duplicates, parser, reader, settle, staging
from services.imports.columns import TeamFacts
from services.imports.mappingJson import read_mapping
from services.imports.report import Report
from services.leads.duplicates import KeyBuckets, lock_buckets
from services.principal import Principal
from utils.clock import now

OnDuplicate = Literal["pular", "atualizar", "erro"]
ON_DUPLICATE: tuple[OnDuplicate, ...] = get_args(OnDuplicate)
# Written leads from which on the statistics of the tables are out of date.
_MANY = 1_000


def require_none_running(caller: Principal) -> None:
    """Raises ImportRunning while an import of the caller's tenant is at work anywhere."""
    if not is_free(_lock_of(caller)):
        raise ImportRunning()


def import_file(
    caller: Principal,
    file: bytes,
    mapping: bytes | None,
    *,
    duplicados: OnDuplicate = "pular",
    dry_run: bool = False,
    most: int | None = None,
) -> dict[str, Any]:
    """Import a whole CSV file in UTF-8, which may have `most` lines. The rest is as below."""
    lines = reader.read_lines(file)
    return import_lines(caller, lines, mapping, duplicados=duplicados, dry_run=dry_run, most=most)


def import_lines(
    caller: Principal,
    lines: Iterable[str],
    mapping: bytes | None,
    *,
    duplicados: OnDuplicate = "pular",
    dry_run: bool = False,
    most: int | None = None,
) -> dict[str, Any]:
    """Import CSV as its lines come; `mapping` is JSON.

    Returns `{"id", "estado", "linhas", "criados", "atualizados", "pulados", "rejeitados",
    "erros"}`; `id` is None after a dry run. Bad rows are reported and good ones kept. Raises
    Forbidden, ImportRunning, MalformedJsonBody, and Invalid for a file or a mapping that cannot be
    used at all.
    """
    if not caller.gestor:
        raise Forbidden()
    if not try_lock(_lock_of(caller)):
        raise ImportRunning()
    report, keys = Report(), KeyBuckets()
    asked, team = read_mapping(mapping), _team_facts(caller)
    converted = parser.parse(lines, asked, team, report, keys, most=most)
    savepoint = db.session.begin_nested()
    run = _begin(caller)
    staging.stage(caller.equipe_id)
    staging.copy(converted)
    if keys.numbers:
        lock_buckets(caller.equipe_id, keys.numbers)
        duplicates.find_duplicates(caller.equipe_id, updates=duplicados == "atualizar")
    settle.settle(caller, run.id, duplicados, report)
    _finish(run, report)
    reply = {"id": None if dry_run else run.id, "estado": run.estado, **asdict(report)}
    if dry_run:
        savepoint.rollback()
    elif report.criados + report.atualizados > _MANY:
        settle.refresh_statistics()
    return reply


def _lock_of(caller: Principal) -> str:
    return f"importacao:{caller.equipe_id}"


def _team_facts(caller: Principal) -> TeamFacts:
    stages = db.session.execute(select(Stage.chave, Stage.tipo))
    members = db.session.scalars(
        select(User.id).where(User.equipe_id == caller.equipe_id, User.ativo)
    )
    zone = db.session.get_one(Team, caller.equipe_id).fuso
    return TeamFacts({chave: tipo for chave, tipo in stages}, frozenset(members), zone)


def _begin(caller: Principal) -> ImportRun:
    run = ImportRun(usuario_id=caller.usuario_id, estado="em_andamento")
    db.session.add(run)
    db.session.flush()  # generates the id that the events name
    return run


def _finish(run: ImportRun, report: Report) -> None:
    for name, value in asdict(report).items():
        setattr(run, name, value)
    run.estado = "concluida"
    run.concluida_em = now()
    db.session.flush()  # so that a dry run takes it back with the rest
