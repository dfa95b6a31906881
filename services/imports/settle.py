"""What becomes of staged lines: they are created, updated, skipped or rejected, a set at a time."""

from sqlalchemy import column, text, true

from services import scoreService
from services.imports import updates
from services.imports.duplicates import duplicate_errors
from services.imports.report import Report
from services.imports.rowConverter import UNNAMED
from services.imports.staging import LEAD_COLUMNS, closed_stages, count, lost_stages, run
from services.principal import Principal

_NEW = "achados = 0 and not repetida"
_COLUMNS = ["equipe_id", "id", *LEAD_COLUMNS]
# What the figures and lists are joined and narrowed by; every further column costs time to sort.
_STATISTICS = (
    "leads (equipe_id, etapa, responsavel_id, criado_em, fechado_em, excluido_em), "
    "lead_pontuacao (equipe_id, lead_id)"
)


def settle(caller: Principal, run_id: int, duplicados: str, report: Report) -> None:
    """Create, update, skip or reject every staged line, and report it."""
    parameters = {
        "equipe_id": caller.equipe_id,
        "usuario_id": caller.usuario_id,
        "importacao_id": run_id,
    }
    if duplicados == "atualizar":
        report.atualizados, report.pulados = updates.update(parameters)
        errors = duplicate_errors("repetida or achados > 1") + updates.size_errors()
    elif duplicados == "erro":
        errors = duplicate_errors(f"not ({_NEW})")
    else:
        report.pulados, errors = count(f"not ({_NEW})"), []
    for linha, error in errors:
        report.reject(linha, [error])
    report.criados = _create(parameters)


def _create(parameters: dict[str, int]) -> int:
    """Insert the new lines as leads, with one event and one score each."""
    columns = ", ".join(_COLUMNS)
    new = _new_leads(parameters["equipe_id"])
    created = run(f"insert into leads ({columns}) select {columns} from {new} order by linha")
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, para_etapa) "
        "select :equipe_id, 'lead_criado', id, :usuario_id, :importacao_id, etapa "
        f"from {new} order by linha",
        **parameters,
    )
    source = text(f"select {columns} from {new}").columns(*map(column, _COLUMNS))
    scoreService.score_leads(source.subquery(), true(), fresh=True)
    return created


def _new_leads(equipe_id: int) -> str:
    """The new lines with what the table wants and a line may leave out."""
    # Looked up once a statement; by the line's own equipe_id it would be once a line.
    stages = f"select chave from etapas where equipe_id = {int(equipe_id)}"
    first_stage = f"({stages} order by ordem limit 1)"
    filled = {
        "nome": f"coalesce(l.nome, '{UNNAMED}') as nome",
        "etiquetas": "coalesce(l.etiquetas, '{}') as etiquetas",
        "etapa": f"coalesce(l.etapa, {first_stage}) as etapa",
        "motivo_perda": f"case when l.etapa in {lost_stages(equipe_id)} "
        "then l.motivo_perda end as motivo_perda",
        "fechado_em": f"case when l.etapa in {closed_stages(equipe_id)} "
        "then coalesce(l.fechado_em, now()) end as fechado_em",
    }
    columns = ", ".join(filled.get(name, f"l.{name}") for name in LEAD_COLUMNS)
    return f"(select l.linha, l.equipe_id, l.id, {columns} from linhas_importadas l where {_NEW}) n"


def refresh_statistics() -> None:
    """Let the planner know of leads that nobody has counted yet.

    Of an equipe that it has never seen it expects one row, and reads thousands by nested loops. A
    table that is being vacuumed is passed over: nobody waits, and its statistics come with it.
    """
    run("set local default_statistics_target = 30")  # a third of the sample, and of the time
    run(f"analyze (skip_locked) {_STATISTICS}")
