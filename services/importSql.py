"""The statements of an import, over the staging table `linhas_importadas`.

All of it is text of ours with bound parameters; column names come from importParser.STAGED.
"""

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import column, text, true

from models.db import db
from models.lead import LEADS
from models.reads import copy_here
from services import scoreService
from services.errors import Code, FieldError
from services.importParser import STAGED, UNNAMED
from services.leadAttributes import MAX_ATTRIBUTES, MAX_BYTES
from services.leadFilters import search_text

# A key of a lead and the field that a report names for it.
_KEYS = {
    "documento": "documento",
    "email": "email",
    "telefone_chave": "telefone",
    "id_externo": "id_externo",
}
_LEAD_COLUMNS = [name for name in STAGED if name != "linha"]
_DERIVED = {"telefone_chave", "busca", "fechado_em"}
_COMPARED = [name for name in _LEAD_COLUMNS if name not in {*_DERIVED, "atributos"}]
_NEW = "achados is null and not repetida"


@dataclass(slots=True)
class Settled:
    """What became of the staged lines."""

    created: int = 0
    updated: int = 0
    skipped: int = 0
    rejected: list[tuple[int, FieldError]] = field(default_factory=list)


def stage(equipe_id: int) -> None:
    """Create the staging table with the leads' own types; it ends with the transaction."""
    columns = ", ".join(f"l.{name}" for name in _LEAD_COLUMNS)
    _run(
        "create temp table linhas_importadas on commit drop as select null::int as linha, "
        f"{columns}, l.id, l.equipe_id, null::bigint[] as achados, null::boolean as repetida, "
        "null::text[] as campos, l.etapa as de_etapa, null::boolean as excede "
        "from leads l with no data"
    )
    # Looked up once: in a default it would be looked up for every line.
    sequence = db.session.scalar(text("select pg_get_serial_sequence('leads', 'id')"))
    _run(
        "alter table linhas_importadas alter repetida set default false, "
        f"alter equipe_id set default {int(equipe_id)}, "
        f"alter id set default nextval('{sequence}')"
    )


def copy(lines: Any) -> None:
    """COPY the parsed lines into the staging table; their ids are drawn there."""
    copy_here(f"copy linhas_importadas ({', '.join(STAGED)}) from stdin", lines)


def find_duplicates(equipe_id: int) -> None:
    """Mark lines whose key is on a live lead (`achados`) or on an earlier line (`repetida`)."""
    # Only what the joins below are about: of whole lines it takes as long as the joins.
    _run(f"analyze linhas_importadas (linha, {', '.join(_KEYS)})")
    for key in _KEYS:
        _run(
            f"update linhas_importadas t set repetida = true from (select linha, row_number() "
            f"over (partition by {key} order by linha) as n from linhas_importadas "
            f"where {key} is not null) r where r.linha = t.linha and r.n > 1"
        )
    matches = " union ".join(
        f"select t.linha, l.id from linhas_importadas t join leads l on l.{key} = t.{key} "
        "where l.equipe_id = :equipe_id and l.excluido_em is null"
        for key in _KEYS
    )
    _run(
        f"update linhas_importadas t set achados = a.ids from (select linha, "
        f"array_agg(id order by id) as ids from ({matches}) m group by linha) a "
        "where a.linha = t.linha",
        equipe_id=equipe_id,
    )


def settle(equipe_id: int, usuario_id: int, run_id: int, duplicados: str) -> Settled:
    """Create, update, skip or reject every staged line."""
    parameters = {"equipe_id": equipe_id, "usuario_id": usuario_id, "importacao_id": run_id}
    settled = Settled()
    if duplicados == "atualizar":
        settled.updated, unchanged = _update(parameters)
        settled.skipped = unchanged
        settled.rejected = _duplicates("repetida or cardinality(achados) > 1") + _oversized()
    elif duplicados == "erro":
        settled.rejected = _duplicates(f"not ({_NEW})")
    else:
        settled.skipped = _count(f"not ({_NEW})")
    settled.created = _create(parameters)
    return settled


def _create(parameters: dict[str, int]) -> int:
    """Insert the new lines as leads, with one event and one score each."""
    columns = ", ".join(["equipe_id", "id", *_LEAD_COLUMNS])
    new = _new_leads(parameters["equipe_id"])
    created = _run(f"insert into leads ({columns}) select {columns} from {new} order by linha")
    _run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, para_etapa) "
        "select :equipe_id, 'lead_criado', id, :usuario_id, :importacao_id, etapa "
        f"from {new} order by linha",
        **parameters,
    )
    names = ["equipe_id", "id", *_LEAD_COLUMNS]
    source = text(f"select * from {new}").columns(*(column(name) for name in names))
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
    }
    columns = ", ".join(filled.get(name, f"l.{name}") for name in _LEAD_COLUMNS)
    return f"(select l.linha, l.equipe_id, l.id, {columns} from linhas_importadas l where {_NEW}) n"


def _update(parameters: dict[str, int]) -> tuple[int, int]:
    """Give the one lead that a line was found on its new values; (updated, unchanged)."""
    # Two lines may share no key with each other and yet be one lead's: the first one has it.
    _run(
        "update linhas_importadas t set repetida = true from (select linha, row_number() "
        "over (partition by achados[1] order by linha) as n from linhas_importadas "
        "where cardinality(achados) = 1 and not repetida) r where r.linha = t.linha and r.n > 1"
    )
    differs = ", ".join(
        f"case when t.{name} is distinct from l.{name} and t.{name} is not null then '{name}' end"
        for name in _COMPARED
    )
    _run(
        f"update linhas_importadas t set de_etapa = l.etapa, campos = array_remove("
        f"array[{differs}, case when not l.atributos @> t.atributos then 'atributos' end], null) "
        "from leads l where l.equipe_id = :equipe_id and l.id = t.achados[1] "
        "and cardinality(t.achados) = 1 and not t.repetida",
        **parameters,
    )
    _run(
        "update linhas_importadas t set excede = true, campos = null from leads l "
        "where l.equipe_id = :equipe_id and l.id = t.achados[1] and 'atributos' = any(t.campos) "
        "and (octet_length((l.atributos || t.atributos)::text) > :bytes or "
        "(select count(*) from jsonb_object_keys(l.atributos || t.atributos)) > :chaves)",
        **parameters,
        bytes=MAX_BYTES,
        chaves=MAX_ATTRIBUTES,
    )
    sets = ", ".join(
        f"{name} = coalesce(t.{name}, l.{name})"
        for name in [*_COMPARED, "telefone_chave"]
        if name != "motivo_perda"
    )
    updated = _run(
        f"update leads l set {sets}, atributos = l.atributos || t.atributos, "
        "motivo_perda = case when t.etapa is null then l.motivo_perda else t.motivo_perda end, "
        "fechado_em = case when t.etapa is null or t.etapa = l.etapa then l.fechado_em "
        "else t.fechado_em end, versao = l.versao + 1, atualizado_em = now() "
        "from linhas_importadas t where l.equipe_id = :equipe_id and l.id = t.achados[1] "
        "and cardinality(t.campos) > 0",
        **parameters,
    )
    _after_update(parameters)
    return updated, _count("campos = '{}'")


def _after_update(parameters: dict[str, int]) -> None:
    """The events, search texts and scores of the leads that an update changed."""
    _run(
        "insert into eventos (equipe_id, tipo, lead_id, usuario_id, importacao_id, campos, "
        "de_etapa, para_etapa) select :equipe_id, case when 'etapa' = any(campos) "
        "then 'lead_movido' else 'lead_alterado' end, achados[1], :usuario_id, :importacao_id, "
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
    scoreService.score_leads(LEADS, condition)


def _duplicates(condition: str) -> list[tuple[int, FieldError]]:
    """Lines to refuse; whether a live lead or an earlier line has the key is told apart."""
    rows = db.session.execute(
        text(f"select linha, repetida from linhas_importadas where {condition} order by linha")
    )
    in_file = FieldError(
        "",
        Code.DUPLICADO_NO_ARQUIVO,
        "Outra linha já tem este documento, e-mail, telefone ou id_externo.",
    )
    on_lead = FieldError(
        "",
        Code.LEAD_DUPLICADO,
        "Já existe um lead com este documento, e-mail, telefone ou id_externo.",
    )
    return [(linha, in_file if repetida else on_lead) for linha, repetida in rows]


def _oversized() -> list[tuple[int, FieldError]]:
    """Lines whose attributes, merged with the lead's, are more than a lead may have."""
    fault = FieldError("atributos", Code.LONGO_DEMAIS, "Os atributos do lead passariam do limite.")
    rows = db.session.execute(text("select linha from linhas_importadas where excede order by 1"))
    return [(linha, fault) for (linha,) in rows]


def _count(condition: str) -> int:
    statement = text(f"select count(*) from linhas_importadas where {condition}")
    return int(db.session.scalar(statement) or 0)


def _run(statement: str, **parameters: Any) -> int:
    """Execute; the number of rows touched."""
    result = db.session.execute(text(statement), parameters)
    return int(getattr(result, "rowcount", 0))
