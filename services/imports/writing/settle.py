"""What becomes of staged lines: they are created, updated, skipped or rejected, a set at a time."""

from typing import Any

from sqlalchemy import column, text, true

from models.event import EventKind
from services.history import REPORTED_SQL, caused_by
from services.imports.report import Report
from services.imports.writing import contacts, updates
from services.imports.writing.duplicates import Duplicates
from services.imports.writing.members import hold_named
from services.imports.writing.staging import LEAD_COLUMNS, run
from services.imports.writing.verdicts import Reason, lines_where
from services.leads.derive import Cause, derive_new
from services.leads.fields import UNNAMED
from services.leads.stages import closing_kept_sql, reason_kept_sql
from services.principal import Principal

_NEW = "motivo is null and lead_id is null"
_COLUMNS = ["equipe_id", "id", *LEAD_COLUMNS, "etapa_desde", "etapa_informada", "importacao_id"]
# What _new_leads() is told.
_BOUND = ("equipe_id", "importacao_id", "etapa_inicial")


def settle(
    caller: Principal, run_id: int, asked: Duplicates, report: Report, *, first: str
) -> None:
    """Create, update, skip or reject every staged line, and report it. `first`: the stage of those
    that name none, which is held: others may come before it meanwhile."""
    parameters: dict[str, Any] = {
        "equipe_id": caller.equipe_id,
        "usuario_id": caller.usuario_id,
        "importacao_id": run_id,
        "chave_id": caller.chave_id,
        "etapa_inicial": first,
    }
    hold_named(caller, report)
    cause = caused_by(caller, importacao_id=run_id)
    if asked.action == "atualizar":
        report.atualizados = updates.update(parameters, cause, reopen=asked.reopen)
        report.skip_all(lines_where(updates.UNCHANGED))
    tell = report.skip_all if asked.action == "pular" else report.reject_all
    tell(lines_where(f"motivo is not null and motivo <> '{Reason.MEMBER}'"))
    report.criados = _create(parameters, cause)


def _create(parameters: dict[str, Any], cause: Cause) -> int:
    """Insert the new lines as leads, with one event and one score each."""
    columns = ", ".join(_COLUMNS)
    new = _new_leads()
    created = run(
        f"insert into leads ({columns}) select {columns} from {new} order by linha", **parameters
    )
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, chave_id, importacao_id, "
        f"versao, para_etapa, dados) select :equipe_id, '{EventKind.LEAD_CRIADO}', id, "
        ":usuario_id, :chave_id, :importacao_id, 1, etapa, "
        f"case when etapa_informada then {REPORTED_SQL} end from {new} order by linha",
        **parameters,
    )
    contacts.add_to_new(_NEW, parameters)
    source = (
        text(f"select {columns} from {new}")
        .bindparams(**{name: parameters[name] for name in _BOUND})
        .columns(*map(column, _COLUMNS))
    )
    # As refresh_statistics() says: each line would be compared with each score.
    run("set local enable_nestloop = off")
    derive_new(source.subquery(), true(), cause)
    run("set local enable_nestloop = on")
    return created


def _new_leads() -> str:
    """The new lines with what the table wants and a line may leave out."""
    # A subquery that names no column of the line is looked up once per statement.
    closing = closing_kept_sql("l.etapa", "coalesce(l.fechado_em, now())")
    filled = {
        "nome": f"coalesce(l.nome, '{UNNAMED}') as nome",
        "etiquetas": "coalesce(l.etiquetas, '{}') as etiquetas",
        "etapa": "coalesce(l.etapa, :etapa_inicial) as etapa",
        "motivo_perda": f"{reason_kept_sql('l.etapa', 'l.motivo_perda')} as motivo_perda",
        "criado_em": "coalesce(l.criado_em, now()) as criado_em",
        "fechado_em": f"{closing} as fechado_em",
    }
    columns = ", ".join(filled.get(name, f"l.{name}") for name in LEAD_COLUMNS)
    # When a closed lead was closed tells since when it is there, and when an open one was created.
    said = closing_kept_sql("l.etapa", "l.fechado_em")
    told = f"({said} is not null or {closing} is null and l.criado_em is not null)"
    return (
        f"(select l.linha, l.equipe_id, l.id, {columns}, "
        f"coalesce({closing}, l.criado_em, now()) as etapa_desde, "
        f"{told} as etapa_informada, "
        f"cast(:importacao_id as bigint) as importacao_id from linhas_importadas l where {_NEW}) l"
    )


def refresh_statistics() -> None:
    """Let the planner know of leads that nobody has counted yet.

    Of an equipe that it has never seen it expects one row, and reads thousands by nested loops. A
    table that is being vacuumed is passed over: nobody waits, and its statistics come with it.
    Only the tables' owner may analyze them, so the database has a function for it.
    """
    run("select atualizar_estatisticas()")
