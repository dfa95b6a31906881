"""What of a line may reach the lead that it is about, before it is compared with it.

The rules are those of services/leads/merging. One is of files alone: a default fills and never
overwrites.
"""

from typing import Any

from models.lead_contact import FIRST_OTHER
from services.imports.mapping.targets import ATTRIBUTE
from services.imports.writing import dropped
from services.imports.writing.contacts import keep_unknown
from services.imports.writing.staging import COMPARED, FIELD_OF, MATCHED, run
from services.imports.writing.verdicts import Reason
from services.leads.attributes import MAX_ATTRIBUTES, MAX_BYTES
from services.leads.contacts import MAX_CONTACTS, PRINCIPAL
from services.leads.merging import (
    ADDED_TAGS_SQL,
    MERGED_ATTRIBUTES_SQL,
    OTHER_KEY_SQL,
    TOO_MANY_TAGS_SQL,
)
from services.leads.stages import reopens_sql


def merge(parameters: dict[str, Any], *, reopen: bool) -> None:
    """Leave in each line what its lead may take, or mark why the line is not taken."""
    _drop_defaults(parameters)
    _refuse(Reason.IDENTITY, f"{OTHER_KEY_SQL} is not null", OTHER_KEY_SQL, parameters)
    if not reopen:
        _refuse(Reason.CLOSED, reopens_sql("l.etapa", "t.etapa"), "'etapa'", parameters)
    dropped.drop(parameters)
    _drop_known_contacts(parameters)
    keep_unknown(parameters)
    _add_tags(parameters)
    _refuse_what_outgrows(parameters)


def _drop_defaults(parameters: dict[str, Any]) -> None:
    """A default is for what a lead has not: where it has a value, the line has none."""
    kept = {name: f"l.{name} is not null" for name in COMPARED} | {
        "telefone_chave": "l.telefone is not null",
        "etiquetas": "l.etiquetas <> '{}'",
    }
    sets = ", ".join(
        f"{name} = case when '{FIELD_OF.get(name, name)}' = any(t.padroes) and {there} then null "
        f"else t.{name} end"
        for name, there in kept.items()
    )
    run(
        f"update linhas_importadas t set {sets}, atributos = t.atributos - array(select key from "
        f"jsonb_object_keys(l.atributos) key where '{ATTRIBUTE}' || key = any(t.padroes)) "
        f"from leads l where {MATCHED} and t.padroes is not null",
        **parameters,
    )


def _refuse(reason: Reason, condition: str, campo: str, parameters: dict[str, Any]) -> None:
    """Lines of which something is true are not taken; `campo` is SQL."""
    run(
        f"update linhas_importadas t set motivo = '{reason}', campo = {campo} from leads l "
        f"where {MATCHED} and ({condition})",
        **parameters,
    )


def _drop_known_contacts(parameters: dict[str, Any]) -> None:
    """A line found by a lead's second phone or e-mail does not put it in the first one's place."""
    for name, key in (("telefone", "telefone_chave"), ("email", "email")):
        gone = ", ".join(f"{column} = null" for column in {name, key})
        run(
            f"update linhas_importadas t set {gone} from leads l, lead_contatos c where {MATCHED} "
            f"and c.equipe_id = l.equipe_id and c.lead_id = l.id and c.tipo = '{name}' "
            f"and c.ordem >= {FIRST_OTHER} and c.chave = t.{key}",
            **parameters,
        )


def _add_tags(parameters: dict[str, Any]) -> None:
    run(
        f"update linhas_importadas t set etiquetas = {ADDED_TAGS_SQL} from leads l "
        f"where {MATCHED} and t.etiquetas is not null",
        **parameters,
    )


def _refuse_what_outgrows(parameters: dict[str, Any]) -> None:
    """Lines with which a lead would have more than it may."""
    merged = MERGED_ATTRIBUTES_SQL
    outgrown = (
        f"not l.atributos @> t.atributos and (octet_length({merged}::text) > {MAX_BYTES} "
        f"or (select count(*) from jsonb_object_keys{merged}) > {MAX_ATTRIBUTES})"
    )
    _refuse(Reason.ATTRIBUTES, outgrown, "'atributos'", parameters)
    _refuse(Reason.TAGS, TOO_MANY_TAGS_SQL, "'etiquetas'", parameters)
    _refuse(Reason.CONTACTS, *_too_many_contacts(), parameters)


def _too_many_contacts() -> tuple[str, str]:
    """Whether a line gives its lead one contact too many, and which one."""
    gained = {name: f"t.{name} is not null and l.{name} is null" for name in PRINCIPAL}
    count = " + ".join(f"({each})::int" for each in gained.values())
    count += " + coalesce(cardinality(t.contatos), 0)"
    there = (
        "(select count(*) from lead_contatos c where c.equipe_id = l.equipe_id "
        "and c.lead_id = l.id and c.retirado_em is null)"
    )
    cases = " ".join(f"when {each} then '{name}'" for name, each in gained.items())
    cases += " else 'contatos'"
    # Only of leads that gain one are the contacts counted.
    return f"case when {count} > 0 then {there} + {count} > {MAX_CONTACTS} end", f"case {cases} end"
