"""What becomes of staged lines: they are created, updated, skipped or refused, a set at a time."""

from dataclasses import dataclass, field

from sqlalchemy import column, text, true

from models.event import EventKind
from services.errors import FieldError
from services.imports import updates
from services.imports.duplicates import refused
from services.imports.parser import UNNAMED
from services.imports.staging import LEAD_COLUMNS, count, run
from services.leads.stages import closing_kept_sql, reason_kept_sql
from services.scores.statement import score_leads

_NEW = "achados is null and not repetida"
# What the figures and lists are joined and narrowed by; every further column costs time to sort.
_STATISTICS = (
    "leads (equipe_id, etapa, responsavel_id, criado_em, fechado_em, excluido_em), "
    "lead_pontuacao (equipe_id, lead_id)"
)


@dataclass(slots=True)
class Settled:
    """What became of the staged lines."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: list[tuple[int, FieldError]] = field(default_factory=list)


def settle(equipe_id: int, usuario_id: int, run_id: int, duplicados: str) -> Settled:
    """Create, update, skip or reject every staged line."""
    parameters = {"equipe_id": equipe_id, "usuario_id": usuario_id, "importacao_id": run_id}
    settled = Settled()
    if duplicados == "atualizar":
        settled.updated, settled.skipped = updates.update(parameters)
        settled.rejected = refused("repetida or cardinality(achados) > 1")
        settled.rejected += updates.oversized()
    elif duplicados == "erro":
        settled.rejected = refused(f"not ({_NEW})")
    else:
        settled.skipped = count(f"not ({_NEW})")
    settled.created = _create(parameters)
    return settled


def _create(parameters: dict[str, int]) -> int:
    """Insert the new lines as leads, with one event and one score each."""
    columns = ", ".join(["equipe_id", "id", *LEAD_COLUMNS])
    new = _new_leads()
    created = run(
        f"insert into leads ({columns}) select {columns} from {new} order by linha", **parameters
    )
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, para_etapa) "
        f"select :equipe_id, '{EventKind.LEAD_CRIADO}', id, :usuario_id, :importacao_id, etapa "
        f"from {new} order by linha",
        **parameters,
    )
    names = ["equipe_id", "id", *LEAD_COLUMNS]
    source = (
        text(f"select * from {new}")
        .bindparams(equipe_id=parameters["equipe_id"])
        .columns(*(column(name) for name in names))
    )
    score_leads(source.subquery(), true(), fresh=True)
    return created


def _new_leads() -> str:
    """The new lines with what the table wants and a line may leave out."""
    # A subquery that names no column of the line is looked up once per statement.
    first_stage = "(select chave from etapas where equipe_id = :equipe_id order by ordem limit 1)"
    filled = {
        "nome": f"coalesce(l.nome, '{UNNAMED}') as nome",
        "etiquetas": "coalesce(l.etiquetas, '{}') as etiquetas",
        "etapa": f"coalesce(l.etapa, {first_stage}) as etapa",
        "motivo_perda": f"{reason_kept_sql('l.etapa', 'l.motivo_perda')} as motivo_perda",
        "fechado_em": closing_kept_sql("l.etapa", "coalesce(l.fechado_em, now())")
        + " as fechado_em",
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
