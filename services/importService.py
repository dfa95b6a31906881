"""Importing a file of leads: convert, COPY aside, settle duplicates, then three set-based inserts.

COPY goes into a temporary table because row-level security refuses COPY into the real ones; the
INSERT…SELECT carries `equipe_id`. One transaction: the whole file, its events and its scores
commit together, or nothing does.
"""

from collections.abc import Callable
from dataclasses import asdict
from functools import partial
from typing import Any, get_args

from sqlalchemy import select

from models.db import db
from models.db.locks import try_lock
from models.import_run import ImportRun
from models.stage import Stage
from models.team import Team
from models.team_settings import TeamSettings
from models.user import User
from services import jobService, scoreService
from services.errors import Forbidden, ImportRunning
from services.imports import turns
from services.imports.converting.converters import TeamFacts
from services.imports.mappingJson import read_mapping
from services.imports.parser import File
from services.imports.reading import files
from services.imports.reading.files import Blocks
from services.imports.report import Report
from services.imports.writing import settle, staging
from services.imports.writing.duplicates import Action as Action
from services.imports.writing.duplicates import Duplicates as Duplicates
from services.imports.writing.duplicates import mark_known
from services.leads.duplicates import lock_buckets
from services.principal import Principal
from services.queue import typical
from services.scores import current
from utils.clock import now

ON_DUPLICATE: tuple[Action, ...] = get_args(Action)
TURN = turns.LEASE
# An import of more leads than this makes the statistics of the tables out of date.
_MANY = 1_000


def take_turn(caller: Principal) -> str:
    """Take the one turn to import of the caller's tenant; its holder. Raises ImportRunning."""
    return turns.take(caller.equipe_id)


def keep_turn(caller: Principal, holder: str) -> None:
    """Renew a turn for TURN seconds. Raises ImportRunning for one that is lost."""
    turns.renew(caller.equipe_id, holder)


def end_turn(caller: Principal, holder: str) -> None:
    """Give the turn back."""
    turns.end(caller.equipe_id, holder)


def import_file(
    caller: Principal,
    file: bytes,
    mapping: bytes | None,
    duplicates: Duplicates,
    *,
    dry_run: bool = False,
    most: int | None = None,
) -> dict[str, Any]:
    """Import a whole file, which may have `most` lines. The rest is as below."""
    return import_blocks(caller, files.whole(file), mapping, duplicates, dry_run=dry_run, most=most)


def import_blocks(
    caller: Principal,
    blocks: Blocks,
    mapping: bytes | None,
    duplicates: Duplicates,
    *,
    dry_run: bool = False,
    most: int | None = None,
) -> dict[str, Any]:
    """Import a file as its blocks come, several times if need be; `mapping` is JSON.

    Returns `{"id", "estado", "linhas", "criados", "atualizados", "pulados", "rejeitados",
    "erros", "linhas_puladas", "colunas"}`; `id` is None after a dry run. Bad rows are reported and
    good ones kept. Raises Forbidden, ImportRunning, MalformedJsonBody, and Invalid for a file or a
    mapping that cannot be used at all.
    """
    if not caller.gestor:
        raise Forbidden()
    table = files.open_file(blocks, media=files.CSV)
    if not try_lock(turns.lock_of(caller.equipe_id)):
        raise ImportRunning()
    current.hold(caller.equipe_id)
    facts = _team_facts(caller)
    read = partial(File, table.rows, read_mapping(mapping), facts, most=most)
    file = read()
    savepoint = db.session.begin_nested()
    run = _begin(caller)
    file = _staged(caller, file, read)
    if file.keys.numbers:
        lock_buckets(caller.equipe_id, file.keys.numbers)
        mark_known(caller.equipe_id, updates=duplicates.action == "atualizar")
    settle.settle(caller, run.id, duplicates, file.report, first=facts.first)
    _finish(run, file.report)
    reply = {"id": None if dry_run else run.id, "estado": run.estado, **asdict(file.report)}
    if dry_run:
        savepoint.rollback()
    elif changed := file.report.criados + file.report.atualizados:
        if not typical.refresh(caller.equipe_id):
            jobService.ensure_queued(caller.equipe_id, scoreService.JOB)
        if changed > _MANY:
            settle.refresh_statistics()
    return reply


def _staged(caller: Principal, file: File, read: Callable[..., File]) -> File:
    """COPY the good lines aside; once more where later ones showed what earlier ones mean."""
    staging.stage(caller.equipe_id)
    staging.copy(file.lines())
    settled = file.settled()
    if not settled.again:
        return file
    staging.empty()
    again = read(usages=settled.usages)
    staging.copy(again.lines())
    return again


def _team_facts(caller: Principal) -> TeamFacts:
    # Held until the end: who archives a stage meanwhile waits, and sees the leads in it.
    stages = db.session.execute(
        select(Stage.chave, Stage.nome_chave, Stage.tipo)
        .where(Stage.arquivada_em.is_(None))
        .order_by(Stage.ordem, Stage.id)
        .with_for_update(read=True, key_share=True)
    ).all()
    members = db.session.execute(
        select(User.id, User.email).where(User.equipe_id == caller.equipe_id, User.ativo)
    )
    zone = db.session.get_one(Team, caller.equipe_id).fuso
    names = {nome: chave for chave, nome, _ in stages} | {chave: chave for chave, _, _ in stages}
    return TeamFacts(
        {chave: tipo for chave, _, tipo in stages},
        names,
        {member: email for member, email in members},
        db.session.scalar(select(TeamSettings.motivos_perda)),
        zone,
    )


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
    db.session.flush()  # so that a dry run can roll it back with the rest
