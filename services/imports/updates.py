"""Lines that give a lead new values: what a line has is taken, what it leaves out is kept."""

from sqlalchemy import text

from models.db import db
from models.event import EventKind
from models.lead import LEADS
from services.errors import Code, FieldError
from services.imports.staging import LEAD_COLUMNS, count, run
from services.leads.attributes import MAX_ATTRIBUTES, MAX_BYTES
from services.leads.filters import search_text
from services.leads.stages import closing_kept_sql, reason_kept_sql
from services.scores.statement import score_leads

_DERIVED = {"telefone_chave", "busca"}
_COMPARED = [name for name in LEAD_COLUMNS if name not in {*_DERIVED, "atributos"}]
# What a lead's stage decides about.
_OF_THE_STAGE = {"motivo_perda", "fechado_em"}
_MATCHED = (
    "l.equipe_id = :equipe_id and l.id = t.achados[1] "
    "and cardinality(t.achados) = 1 and not t.repetida"
)
_STAGE = "coalesce(t.etapa, l.etapa)"


def update(parameters: dict[str, int]) -> tuple[int, int]:
    """Give the one lead that a line was found on its new values; (updated, unchanged)."""
    # Two lines may share no key with each other and yet be one lead's: the first one has it.
    run(
        "update linhas_importadas t set repetida = true from (select linha, row_number() "
        "over (partition by achados[1] order by linha) as n from linhas_importadas "
        "where cardinality(achados) = 1 and not repetida) r where r.linha = t.linha and r.n > 1"
    )
    _drop_defaults(parameters)
    _drop_what_the_stage_refuses(parameters)
    _compare(parameters)
    updated = _write(parameters)
    _after_update(parameters)
    return updated, count("campos = '{}'")


def oversized() -> list[tuple[int, FieldError]]:
    """Lines whose attributes, merged with the lead's, are more than a lead may have."""
    fault = FieldError("atributos", Code.LONGO_DEMAIS, "Os atributos do lead passariam do limite.")
    rows = db.session.execute(text("select linha from linhas_importadas where excede order by 1"))
    return [(linha, fault) for (linha,) in rows]


def _drop_defaults(parameters: dict[str, int]) -> None:
    """A default is for what a lead has not: where it has a value, the line has none."""
    kept = {name: f"l.{name} is not null" for name in _COMPARED} | {
        "telefone_chave": "l.telefone is not null",
        "etiquetas": "l.etiquetas <> '{}'",
    }
    fields = {name: name for name in kept} | {"telefone_chave": "telefone"}
    sets = ", ".join(
        f"{name} = case when '{fields[name]}' = any(t.padroes) and {there} then null "
        f"else t.{name} end"
        for name, there in kept.items()
    )
    run(
        f"update linhas_importadas t set {sets}, atributos = t.atributos - array(select key from "
        "jsonb_object_keys(l.atributos) key where 'atributos.' || key = any(t.padroes)) "
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
    """Name in each line what it changes; `excede` where the lead's attributes would outgrow it."""
    differs = ", ".join(
        f"case when t.{name} is distinct from l.{name} and t.{name} is not null then '{name}' end"
        for name in _COMPARED
    )
    run(
        f"update linhas_importadas t set de_etapa = l.etapa, campos = array_remove("
        f"array[{differs}, case when not l.atributos @> t.atributos then 'atributos' end], null) "
        f"from leads l where {_MATCHED}",
        **parameters,
    )
    run(
        "update linhas_importadas t set excede = true, campos = null from leads l "
        "where l.equipe_id = :equipe_id and l.id = t.achados[1] and 'atributos' = any(t.campos) "
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
        "from linhas_importadas t where l.equipe_id = :equipe_id and l.id = t.achados[1] "
        "and cardinality(t.campos) > 0",
        **parameters,
    )


def _after_update(parameters: dict[str, int]) -> None:
    """The events, search texts and scores of the leads that an update changed."""
    run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, campos, "
        "de_etapa, para_etapa) select :equipe_id, case when 'etapa' = any(campos) "
        f"then '{EventKind.LEAD_MOVIDO}' else '{EventKind.LEAD_ALTERADO}' end, "
        "achados[1], :usuario_id, :importacao_id, "
        "campos, case when 'etapa' = any(campos) then de_etapa end, "
        "case when 'etapa' = any(campos) then etapa end "
        "from linhas_importadas where cardinality(campos) > 0 order by linha",
        **parameters,
    )
    changed = "select achados[1] from linhas_importadas where cardinality(campos) > 0"
    renamed = db.session.execute(
        text(
            "select id, nome, empresa from leads where equipe_id = :equipe_id and id in "
            f"({changed} and campos && array['nome', 'empresa'])"
        ),
        parameters,
    ).all()
    if renamed:
        db.session.execute(
            text("update leads set busca = :busca where equipe_id = :equipe_id and id = :id"),
            [
                {"busca": search_text(nome, empresa), "id": lead_id, **parameters}
                for lead_id, nome, empresa in renamed
            ],
        )
    condition = (LEADS.c.equipe_id == parameters["equipe_id"]) & LEADS.c.id.in_(text(changed))
    score_leads(LEADS, condition)
