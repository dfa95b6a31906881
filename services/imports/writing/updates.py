"""Lines that give a lead new values: what a line has is taken, what it leaves out is kept.

The leads are held (duplicates.mark_known), so what a line is compared with is what it changes.
"""

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

from sqlalchemy import text

from models.db import db
from models.event import EventKind
from models.imports.line import LineResult
from models.lead import FOLDED
from services.history import GIVEN_SQL, REPORTED_SQL
from services.imports.mapping.targets import CONTACTS
from services.imports.writing import contacts, earlier
from services.imports.writing.duplicates import Batch, Duplicates, drop_repeated, sharing
from services.imports.writing.merging import merge
from services.imports.writing.staging import (
    CHANGED,
    COMPARED,
    FIELD_OF,
    MATCHED,
    STAGE,
    UNCHANGED,
    run,
    set_by_line,
    stream,
)
from services.imports.writing.verdicts import SAME, Reason
from services.leads.deriving.derive import Cause, derive, found_by, keep_what_is_known
from services.leads.merging import MERGED_ATTRIBUTES_SQL
from services.leads.reading.filters import search_text
from services.leads.stages import (
    begins_sql,
    closed_sql,
    closing_kept_sql,
    closing_stands_sql,
    reason_kept_sql,
)

_CHANGING = f"select lead_id from linhas_importadas where {CHANGED}"
# The leads that a line changes, and of these those that one closes.
_CHANGED = found_by(_CHANGING)
_CLOSED = found_by(f"{_CHANGING} and {closed_sql('etapa')}")
# Won after it was lost: closed now, not then.
_STANDS = f"case when {closing_stands_sql(STAGE, 'l.etapa')} then l.fechado_em end"
_CLOSING = f"coalesce(t.fechado_em, {_STANDS}, now())"
# A lead was closed when the file says so, and was no shorter than no time where it was before.
_SINCE = begins_sql("coalesce(t.fechado_em, now())", "l.etapa_desde")
# Who closes a lead ends its promises; a line says none then (merging).
_CLOSES = (
    f"t.etapa <> l.etapa and {closing_kept_sql('t.etapa', 'l.proximo_contato_em')} is not null"
)
_INTO_LINES = (
    "insert into importacao_linhas (equipe_id, importacao_id, linha, n, resultado, lead_id"
)
# What is written to a column, and the fields whose change it follows.
_WRITES: dict[str, tuple[set[str], str]] = {
    **{name: ({FIELD_OF.get(name, name)}, f"t.{name}") for name in COMPARED},
    "atributos": ({"atributos"}, MERGED_ATTRIBUTES_SQL),
    "telefone_chave": ({"telefone"}, "t.telefone_chave"),
    **{column: ({name}, f"t.{column}") for name, column in FOLDED.items()},
    "etapa_desde": ({"etapa"}, _SINCE),
    "etapa_informada": ({"etapa"}, "t.fechado_em is not null"),
    "busca": ({"nome", "empresa"}, "t.busca"),
    "motivo_perda": (
        {"etapa", "motivo_perda"},
        reason_kept_sql(STAGE, "coalesce(t.motivo_perda, l.motivo_perda)"),
    ),
    "fechado_em": ({"etapa", "fechado_em"}, closing_kept_sql(STAGE, _CLOSING)),
}


class Updated(NamedTuple):
    """How many lines gave their lead new values, and how many said what it has."""

    changed: int
    same: int


def update(batch: Batch, parameters: dict[str, Any], cause: Cause, asked: Duplicates) -> Updated:
    """Give the one lead that a line was found on its new values."""
    shared = sharing(batch, asked)
    merge(parameters, reopen=asked.reopen)
    drop_repeated(shared, _refused())
    _compare(parameters)
    _complete_search(parameters)
    same = _keep_same(parameters)
    if not batch.only:
        earlier.remember(parameters)
    fields = _changed_fields()
    if not fields:
        return Updated(0, same)
    changed = [column for column, (follows, _) in _WRITES.items() if follows & fields]
    _keep_before(parameters, changed)
    keep_what_is_known(_CLOSED, parameters)
    updated = _write(parameters, changed)
    contacts.add_to_known(parameters)
    _record(parameters)
    derive(_CHANGED, {*changed, *fields}, {**parameters, **cause})
    return Updated(updated, same)


def _refused() -> set[int]:
    """The lines that merge() has refused."""
    refused = f"motivo is not null and motivo <> '{Reason.LEAD}'"
    return {row.linha for row in stream(f"select linha from linhas_importadas where {refused}")}


def _changed_fields() -> set[str]:
    """The fields that any line changes."""
    names = db.session.scalars(
        text(f"select distinct unnest(campos) from linhas_importadas where {CHANGED}")
    )
    return set(names)


def _keep_same(parameters: dict[str, Any]) -> int:
    """Tell of the lines that change nothing; how many there are."""
    return run(
        f"{_INTO_LINES}, codigo, campo, mensagem) select :equipe_id, :importacao_id, linha, 0, "
        f"'{LineResult.IGUAL}', lead_id, '{SAME.codigo}', '', '{SAME.mensagem}' "
        f"from linhas_importadas where motivo is null and {UNCHANGED}",
        **parameters,
    )


def _keep_before(parameters: dict[str, Any], changed: Iterable[str]) -> None:
    """Tell of the lines that change their lead, with what they replace in it."""
    before = [
        *((sorted(_WRITES[column][0]), column, f"l.{column}") for column in changed),
        ([CONTACTS], CONTACTS, contacts.OTHERS),
    ]
    replaced = " || ".join(
        f"case when campos && array{fields} "
        f"then jsonb_build_object('{name}', {value}) else '{{}}' end"
        for fields, name, value in before
    )
    run(
        f"{_INTO_LINES}, versao, antes) select :equipe_id, :importacao_id, t.linha, 0, "
        f"'{LineResult.ATUALIZADA}', l.id, l.versao + 1, {replaced} "
        f"from linhas_importadas t join leads l on {MATCHED} where {CHANGED}",
        **parameters,
    )


def _compare(parameters: dict[str, Any]) -> None:
    """Name in each line what it changes."""
    run(
        "update linhas_importadas t set de_etapa = l.etapa, "
        f"campos = array_remove(array[{_changed_names()}], null) from leads l where {MATCHED}",
        **parameters,
    )


def _changed_names() -> str:
    """The name of each field that differs, null for those that do not, in alphabetical order."""
    differs = {
        FIELD_OF.get(name, name): f"t.{name} is not null and t.{name} is distinct from l.{name}"
        for name in COMPARED
    } | {"atributos": "not l.atributos @> t.atributos"}
    # Nobody has to say it twice, and no file takes it back.
    differs["nao_contatar_em"] += " and l.nao_contatar_em is null"
    differs["proximo_contato_em"] += f" or {_CLOSES}"
    differs[CONTACTS] = "t.contatos is not null"
    return ", ".join(f"case when {differs[name]} then '{name}' end" for name in sorted(differs))


def _complete_search(parameters: dict[str, Any]) -> None:
    """The text that a lead is searched by, where the line has only a part of it."""
    named = stream(
        "select t.linha, coalesce(t.nome, l.nome) as nome, "
        "coalesce(t.empresa, l.empresa) as empresa "
        f"from linhas_importadas t, leads l where {MATCHED} and campos && array['nome', 'empresa'] "
        "and (t.nome is null or t.empresa is null and l.empresa is not null)",
        **parameters,
    )
    texts: Iterator[tuple[int, str]] = (
        (lead.linha, search_text(lead.nome, lead.empresa)) for lead in named
    )
    set_by_line("busca = d.valor", texts)


def _write(parameters: dict[str, Any], changed: Iterable[str]) -> int:
    """Write the fields that have changed, and no others."""
    sets = [
        f"{column} = case when campos && array{sorted(_WRITES[column][0])} "
        f"then {_WRITES[column][1]} else l.{column} end"
        for column in changed
    ]
    sets += ["versao = l.versao + 1", "atualizado_em = now()"]
    return run(
        f"update leads l set {', '.join(sets)} "
        f"from linhas_importadas t where {MATCHED} and {CHANGED}",
        **parameters,
    )


def _record(parameters: dict[str, Any]) -> None:
    """One event for each lead that has changed."""
    moved = "'etapa' = any(campos)"
    reported = f"case when {moved} and l.etapa_informada then {REPORTED_SQL} else '{{}}' end"
    given = f"case when 'responsavel_id' = any(campos) then {GIVEN_SQL} else '{{}}' end"
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, chave_id, importacao_id, "
        f"versao, campos, de_etapa, para_etapa, dados) select :equipe_id, case when {moved} "
        f"then '{EventKind.LEAD_MOVIDO}' else '{EventKind.LEAD_ALTERADO}' end, "
        "t.lead_id, :usuario_id, :chave_id, :importacao_id, l.versao, campos, "
        f"case when {moved} then de_etapa end, case when {moved} then t.etapa end, "
        f"nullif({reported} || {given}, '{{}}') "
        f"from linhas_importadas t join leads l on {MATCHED} where {CHANGED} order by linha",
        **parameters,
    )
