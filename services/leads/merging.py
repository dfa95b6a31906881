"""What of that which is said about a lead reaches the lead that is there: by a line of an import
(`duplicados=atualizar`) and by an upsert alike.

- A value is taken; what is left out stays, so nothing is emptied.
- Another `documento` or `id_externo` than the lead's means another person: nothing is taken.
- A closed lead stays closed unless the caller says otherwise: else nothing is taken.
- A reason of loss, or the date of a closing, that the stage does not take is dropped.
- A closed lead, or one that is closed so, takes no next contact: it is of before the closing.
- A phone or e-mail that is among the lead's others stays there; one that is new takes the first
  one's place.
- Labels are added behind those there are; so are the contacts of a list.
- Attributes are set one by one.
- With more than a lead may have nothing is taken.

Each rule is written twice, side by side: for one lead, and as SQL for the lines `t` of a file and
their leads `l`. The rules of stages are in `stages`.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from services.errors import Code, Conflict, FieldError, at_most, invalid_field
from services.leads import stages
from services.leads.contacts import PRINCIPAL, Contact
from services.leads.duplicates import STRONG
from services.leads.fields import MAX_TAGS

CLOSED = FieldError(
    "etapa", Code.LEAD_FECHADO, "O lead está fechado; só com reabrir=1 ele abre de novo."
)
MERGED_ATTRIBUTES_SQL = "(l.atributos || t.atributos)"
OTHER_KEY_SQL = " ".join(["case", *(f"when t.{k} <> l.{k} then '{k}'" for k in STRONG), "end"])
ADDED_TAGS_SQL = (
    "l.etiquetas || array(select e from unnest(t.etiquetas) with ordinality u(e, n) "
    "where e <> all (l.etiquetas) order by n)"
)
TOO_MANY_TAGS_SQL = f"cardinality(t.etiquetas) > {MAX_TAGS}"


class AnotherPerson(Conflict):
    code = Code.IDENTIDADE_DIVERGENTE
    message = "O lead com um destes dados é de outra pessoa."


class LeadClosed(Conflict):
    code = Code.LEAD_FECHADO
    message = CLOSED.mensagem


def other_key_error(key: str) -> FieldError:
    message = f"O lead com os mesmos contatos tem outro {key}."
    return FieldError(key, Code.IDENTIDADE_DIVERGENTE, message)


def other_key(row: Mapping[str, Any], said: Mapping[str, Any]) -> str | None:
    """The strong key in which the lead is another person, if there is one."""
    for key in STRONG:
        if row[key] is not None and said.get(key) not in (None, row[key]):
            return key
    return None


def added_tags(there: list[str], said: Iterable[str]) -> list[str]:
    """The labels with those added that are new. Raises Invalid for too many."""
    tags = [*there, *(tag for tag in said if tag not in there)]
    if len(tags) > MAX_TAGS:
        raise invalid_field("etiquetas", Code.LONGO_DEMAIS, at_most(MAX_TAGS, "etiquetas"))
    return tags


def fitting(said: Mapping[str, Any], kind: str | None) -> dict[str, Any]:
    """What is said without what a stage of this kind does not take."""
    kept = dict(said)
    for name, keep in (("motivo_perda", stages.reason_kept), ("fechado_em", stages.closing_kept)):
        if name in kept and keep(str(kind), kept[name]) is None:
            del kept[name]
    return kept


def of_closed(said: dict[str, Any], kind: str) -> dict[str, Any]:
    """What is said of a lead that is, or comes to be, in a stage of this kind."""
    if stages.promise_kept(kind, said.get("proximo_contato_em")) is None:
        said.pop("proximo_contato_em", None)
    return said


def merged(
    row: Mapping[str, Any], others: list[Contact], said: Mapping[str, Any]
) -> dict[str, Any]:
    """The changes of a lead that what is said comes to. `said` holds no nulls. Raises Invalid."""
    changes = dict(said)
    known = {(each.tipo, each.chave) for each in others}
    for name, tipo in PRINCIPAL.items():
        if name in said and (tipo, Contact(tipo, said[name]).chave) in known:
            del changes[name]
    if "atributos" in said:
        changes["atributos"] = _said(said["atributos"])
    if "etiquetas" in said:
        changes["etiquetas"] = added_tags(row["etiquetas"], said["etiquetas"])
    if "contatos" in said:
        fresh = [each for each in said["contatos"] if (each.tipo, each.chave) not in known]
        changes["contatos"] = [*others, *fresh]
    return changes


def _said(attributes: Mapping[str, Any]) -> dict[str, Any]:
    """Attributes without what says nothing, on every level: a null of a PATCH empties."""
    kept = {
        key: _said(value) if isinstance(value, dict) else value for key, value in attributes.items()
    }
    return {key: value for key, value in kept.items() if value not in (None, {})}
