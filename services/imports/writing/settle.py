"""What becomes of staged lines: they are created, updated, skipped or rejected, a set at a time."""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import column, text

from models.event import EventKind
from services.history import REPORTED_SQL, caused_by
from services.imports.writing import contacts, dropped
from services.imports.writing.duplicates import Batch, Duplicates, drop_repeated, sharing
from services.imports.writing.members import hold_named
from services.imports.writing.staging import LEAD_COLUMNS, NEW, run
from services.imports.writing.updates import Updated, update
from services.leads.deriving.derive import Cause, derive_new
from services.leads.fields import UNNAMED
from services.leads.stages import closing_kept_sql, reason_kept_sql
from services.principal import Principal


class Settled(NamedTuple):
    """How many values no lead in its stage has (dropped); how many lines became leads, changed one,
    or said what one has."""

    dropped: int
    created: int
    updated: int
    same: int


def settle(
    caller: Principal,
    batch: Batch,
    asked: Duplicates,
    *,
    first: str,
    give: Callable[[], None] | None = None,
) -> Settled:
    """Create, update, skip or reject every staged line. `first`: the stage of those that name
    none, which is held: others may come before it meanwhile. `give`: what gives those that become
    leads their owners."""
    parameters: dict[str, Any] = {
        **batch.values,
        "usuario_id": caller.usuario_id,
        "chave_id": caller.chave_id,
        "etapa_inicial": first,
    }
    cause = caused_by(caller, importacao_id=batch.importacao_id)
    if not asked.updates:
        drop_repeated(sharing(batch, asked))
    hold_named(caller)
    updated = Updated(0, 0)
    if asked.updates:
        updated = update(batch, parameters, cause, asked)
    if give:
        give()
    created = _create(parameters, cause)
    return Settled(dropped.tell(parameters), created, *updated)


def _create(parameters: dict[str, Any], cause: Cause) -> int:
    """Insert the new lines as leads, with one event and one score each."""
    created = run(
        f"insert into leads ({_COLUMNS}) select {_COLUMNS} from {_NEW_LEADS} order by linha",
        **parameters,
    )
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, chave_id, importacao_id, "
        f"versao, para_etapa, dados) select :equipe_id, '{EventKind.LEAD_CRIADO}', id, "
        ":usuario_id, :chave_id, :importacao_id, 1, etapa, "
        f"case when etapa_informada then {REPORTED_SQL} end from {_NEW_LEADS} order by linha",
        **parameters,
    )
    contacts.add_to_new(NEW, parameters)
    derive_new(_CREATED, {**parameters, **cause})
    return created


def _new_leads() -> str:
    """The new lines with what the table wants and a line may leave out. Parameters: importacao_id
    and etapa_inicial."""
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
        f"cast(:importacao_id as bigint) as importacao_id from linhas_importadas l where {NEW}) l"
    )


_NEW_LEADS = _new_leads()
_NAMES = ["equipe_id", "id", *LEAD_COLUMNS, "etapa_desde", "etapa_informada", "importacao_id"]
_COLUMNS = ", ".join(_NAMES)
_CREATED = text(f"select {_COLUMNS} from {_NEW_LEADS}").columns(*map(column, _NAMES)).subquery()


def refresh_statistics() -> None:
    """Let the planner know of leads that nobody has counted yet.

    Of an equipe that it has never seen it expects one row, and reads thousands by nested loops. A
    table that is being vacuumed is passed over: nobody waits, and its statistics come with it.
    Only the tables' owner may analyze them, so the database has a function for it.
    """
    run("select atualizar_estatisticas()")
