"""Importing a file of leads: parse, COPY aside, settle duplicates, then three set-based inserts.

COPY goes into a temporary table because row-level security refuses COPY into the real ones; the
INSERT…SELECT carries `equipe_id`. One transaction: the whole file, its events and its scores
commit together, or nothing does.
"""

import io
from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

from sqlalchemy import select

from models.db import db
from models.import_run import ImportRun
from models.stage import Stage
from models.team import Team
from models.user import User
from services.errors import Forbidden
from services.imports import duplicates, parser, settle, staging
from services.imports.columns import TeamFacts
from services.imports.mapping import ColumnMapping
from services.imports.report import Report
from services.leads.duplicates import lock_buckets
from services.principal import Principal
from utils.clock import now

ON_DUPLICATE = ("pular", "atualizar", "erro")
# Written leads from which on the statistics of the tables are out of date.
_MANY = 1_000


def import_leads(
    caller: Principal,
    lines: Iterable[str],
    mapping: ColumnMapping,
    *,
    duplicados: str = "pular",
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
    most: int | None = None,
) -> dict[str, Any]:
    """Import text lines of CSV; returns the run (`id` null on a dry run).

    Bad rows are reported and good ones kept. Raises Forbidden, and Invalid for a file or a mapping
    that cannot be used at all, or has more than `most` lines. `progress` is called with the
    number of lines read so far.
    """
    if not caller.gestor:
        raise Forbidden()
    savepoint = db.session.begin_nested()
    run = ImportRun(usuario_id=caller.usuario_id, estado="em_andamento")
    db.session.add(run)
    db.session.flush()  # generates the id that the events name
    report = Report()
    parsed = parser.parse(lines, mapping, _team_facts(caller), report, most=most)
    _load(caller, run.id, _counted(parsed, report, progress), report, duplicados)
    _close(run, report)
    result = _as_dict(run) | ({"id": None} if dry_run else {})
    if dry_run:
        savepoint.rollback()
    elif report.criados + report.atualizados > _MANY:
        settle.refresh_statistics()
    return result


def _load(
    caller: Principal, run_id: int, parsed: Iterator[str], report: Report, duplicados: str
) -> None:
    staging.stage(caller.equipe_id)
    file = _Lines(parsed)
    try:
        staging.copy(file)
    except Exception as error:
        # The driver reports whatever its reader raises as a cancelled COPY.
        raise file.refusal or error from None
    if report.buckets:
        lock_buckets(caller.equipe_id, report.buckets)
        duplicates.find_duplicates(caller.equipe_id, updates=duplicados == "atualizar")
    settled = settle.settle(caller.equipe_id, caller.usuario_id, run_id, duplicados)
    report.criados, report.atualizados = settled.created, settled.updated
    report.pulados = settled.skipped
    for linha, fault in settled.rejected:
        report.reject(linha, [fault])


def _team_facts(caller: Principal) -> TeamFacts:
    stages = db.session.execute(select(Stage.chave, Stage.tipo))
    members = db.session.scalars(
        select(User.id).where(User.equipe_id == caller.equipe_id, User.ativo)
    )
    zone = db.session.get_one(Team, caller.equipe_id).fuso
    return TeamFacts({chave: tipo for chave, tipo in stages}, frozenset(members), zone)


def _close(run: ImportRun, report: Report) -> None:
    run.estado = "concluida"
    run.concluida_em = now()
    run.linhas, run.rejeitados, run.erros = report.linhas, report.rejeitados, report.erros
    run.criados, run.atualizados, run.pulados = report.criados, report.atualizados, report.pulados
    db.session.flush()  # so that a dry run takes it back with the rest


def _as_dict(run: ImportRun) -> dict[str, Any]:
    names = ["id", "estado", "linhas", "criados", "atualizados", "pulados", "rejeitados", "erros"]
    return {name: getattr(run, name) for name in names}


def _counted(
    lines: Iterator[str], report: Report, progress: Callable[[int], None] | None
) -> Iterator[str]:
    for line in lines:
        if progress and report.linhas % 1_000 == 0:
            progress(report.linhas)
        yield line


class _Lines(io.TextIOBase):
    """The file that COPY reads: a generator's lines, a block at a time."""

    _BLOCK = 512

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.refusal: Exception | None = None

    def read(self, _: int | None = -1) -> str:
        try:
            return "".join(islice(self._lines, self._BLOCK))
        except Exception as error:
            self.refusal = error
            raise
