"""Lines that give a lead new values: what a line has is taken, what it leaves out is kept."""

from sqlalchemy import text

from models.db import db
from models.event import EventKind
from models.lead import LEADS
from services.errors import Code, FieldError
from services.imports.mapping import ATTRIBUTE
from services.imports.staging import LEAD_COLUMNS, count, run
from services.leads.attributes import MAX_ATTRIBUTES, MAX_BYTES
from services.leads.duplicates import KEYS
from services.leads.filters import search_text
from services.leads.stages import closing_kept_sql, reason_kept_sql
from services.scores.statement import score_leads

_DERIVED = {"telefone_chave", "busca"}
_COMPARED = [name for name in LEAD_COLUMNS if name not in {*_DERIVED, "atributos"}]
# What a lead's stage decides about.
_OF_THE_STAGE = {"motivo_perda", "fechado_em"}
_MATCHED = "l.equipe_id = :equipe_id and l.id = t.lead_id and not t.repetida"
_CHANGED = "cardinality(campos) > 0"
_STAGE = "coalesce(t.etapa, l.etapa)"


def update(parameters: dict[str, int]) -> tuple[int, int]:
    """Give the one lead that a line was found on its new values; (updated, unchanged)."""
    _mark_repeated()
    _drop_defaults(parameters)
    _drop_what_the_stage_refuses(parameters)
    _compare(parameters)
    _check_sizes(parameters)
    updated = _write(parameters)
    _record(parameters)
    _renew_search(parameters)
    changed = LEADS.c.id.in_(text(f"select lead_id from linhas_importadas where {_CHANGED}"))
    score_leads(LEADS, (LEADS.c.equipe_id == parameters["equipe_id"]) & changed)
    return updated, count("campos = '{}'")


def size_errors() -> list[tuple[int, FieldError]]:
    """Lines whose attributes, merged with the lead's, are more than a lead may have."""
    error = FieldError("atributos", Code.LONGO_DEMAIS, "Os atributos do lead passariam do limite.")
    lines = db.session.scalars(
        text("select linha from linhas_importadas where excede order by linha")
    )
    return [(linha, error) for linha in lines]


def _mark_repeated() -> None:
    """Two lines may share no key with each other and yet be one lead's: the first one has it."""
    run(
        "update linhas_importadas t set repetida = true from (select linha, row_number() "
        "over (partition by lead_id order by linha) as n from linhas_importadas "
        "where lead_id is not null and not repetida) r where r.linha = t.linha and r.n > 1"
    )


def _drop_defaults(parameters: dict[str, int]) -> None:
    """A default is for what a lead has not: where it has a value, the line has none."""
    kept = {name: f"l.{name} is not null" for name in _COMPARED} | {
        "telefone_chave": "l.telefone is not null",
        "etiquetas": "l.etiquetas <> '{}'",
    }
    sets = ", ".join(
        f"{name} = case when '{KEYS.get(name, name)}' = any(t.padroes) and {there} then null "
        f"else t.{name} end"
        for name, there in kept.items()
    )
    run(
        f"update linhas_importadas t set {sets}, atributos = t.atributos - array(select key from "
        f"jsonb_object_keys(l.atributos) key where '{ATTRIBUTE}' || key = any(t.padroes)) "
        f"from leads l where {_MATCHED} and t.padroes is not null",
        **parameters,
    )


def _drop_what_the_stage_refuses(parameters: dict[str, int]) -> None:
    """Only a lost lead has a reason and only a closed one a date, whatever the line says."""
    run(
        "update linhas_importadas t set "
        f"motivo_perda = {reason_kept_sql(_STAGE, 't.motivo_perda')}, "
        f"fechado_em = {closing_kept_sql(_STAGE, 't.fechado_em')} from leads l "
        f"where {_MATCHED} and (t.motivo_perda is not null or t.fechado_em is not null)",
        **parameters,
    )


def _compare(parameters: dict[str, int]) -> None:
    """Name in each line what it changes."""
    run(
        "update linhas_importadas t set de_etapa = l.etapa, "
        f"campos = array_remove(array[{_changed_names()}], null) from leads l where {_MATCHED}",
        **parameters,
    )


def _changed_names() -> str:
    """The name of each field that differs, null for those that do not, in alphabetical order."""
    differs = {
        name: f"t.{name} is not null and t.{name} is distinct from l.{name}" for name in _COMPARED
    } | {"atributos": "not l.atributos @> t.atributos"}
    return ", ".join(f"case when {differs[name]} then '{name}' end" for name in sorted(differs))


def _check_sizes(parameters: dict[str, int]) -> None:
    """A line with which the lead's attributes would outgrow their bounds changes nothing."""
    run(
        "update linhas_importadas t set excede = true, campos = null from leads l "
        f"where {_MATCHED} and 'atributos' = any(t.campos) "
        "and (octet_length((l.atributos || t.atributos)::text) > :bytes or "
        "(select count(*) from jsonb_object_keys(l.atributos || t.atributos)) > :chaves)",
        **parameters,
        bytes=MAX_BYTES,
        chaves=MAX_ATTRIBUTES,
    )


def _write(parameters: dict[str, int]) -> int:
    sets = ", ".join(
        f"{name} = coalesce(t.{name}, l.{name})"
        for name in [*_COMPARED, "telefone_chave"]
        if name not in _OF_THE_STAGE
    )
    # Won after it was lost: closed now, not then.
    closing = f"coalesce(t.fechado_em, case when {_STAGE} = l.etapa then l.fechado_em end, now())"
    return run(
        f"update leads l set {sets}, atributos = l.atributos || t.atributos, "
        f"motivo_perda = {reason_kept_sql(_STAGE, 'coalesce(t.motivo_perda, l.motivo_perda)')}, "
        f"fechado_em = {closing_kept_sql(_STAGE, closing)}, "
        "versao = l.versao + 1, atualizado_em = now() "
        f"from linhas_importadas t where {_MATCHED} and {_CHANGED}",
        **parameters,
    )


def _record(parameters: dict[str, int]) -> None:
    """One event for each lead that has changed."""
    moved = "'etapa' = any(campos)"
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, campos, "
        f"de_etapa, para_etapa) select :equipe_id, case when {moved} "
        f"then '{EventKind.LEAD_MOVIDO}' else '{EventKind.LEAD_ALTERADO}' end, "
        "lead_id, :usuario_id, :importacao_id, campos, "
        f"case when {moved} then de_etapa end, case when {moved} then etapa end "
        f"from linhas_importadas where {_CHANGED} order by linha",
        **parameters,
    )


def _renew_search(parameters: dict[str, int]) -> None:
    """Give the leads with another name or company the text that they are searched by."""
    renamed = db.session.execute(
        text(
            "select id, nome, empresa from leads where equipe_id = :equipe_id and id in "
            f"(select lead_id from linhas_importadas where {_CHANGED} "
            "and campos && array['nome', 'empresa'])"
        ),
        parameters,
    )
    texts = [
        {"busca": search_text(lead.nome, lead.empresa), "id": lead.id, **parameters}
        for lead in renamed
    ]
    if texts:
        db.session.execute(
            text("update leads set busca = :busca where equipe_id = :equipe_id and id = :id"), texts
        )
