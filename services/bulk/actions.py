"""The actions. Each looks up what its rule needs, refuses what no lead could take, and gives the
rule that changes one lead; its keyword parameters are those of the wire.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache
from typing import Any, Literal

from models.types import StageKind
from services.bulk.prepared import STAGE, Prepared
from services.bulk.restoring import restore
from services.leads.duplicates import Keys
from services.leads.merging import added_tags
from services.leads.writing.changes import merged_attributes
from services.leads.writing.entering import Entry, enter
from services.leads.writing.facts import (
    Asked,
    Facts,
    check_member,
    require_member,
    stage_asked,
)
from services.leads.writing.holding import look_at
from services.leads.writing.many import Row
from services.leads.writing.rows import columns_of, folded
from services.ownership.handing import AUTO
from services.ownership.loads import hold_turn, read_loads
from services.principal import Principal

Ids = Sequence[int]


def assign(caller: Principal, _: Ids, *, responsavel_id: int | Literal["auto"] | None) -> Prepared:
    """Raises Invalid for who is no active user of the tenant. People are locked after leads, so
    they are kept active from the first lead on."""
    if responsavel_id == AUTO:
        return _distribute(caller)
    facts = look_at(caller, Asked(Keys(), owner=responsavel_id))
    check_member(caller, responsavel_id, facts)
    keep = cache(lambda: require_member(caller, responsavel_id, facts))

    def rule(lead: Row) -> None:
        keep()
        lead.columns["responsavel_id"] = responsavel_id

    return Prepared(rule, ("responsavel_id",))


def _distribute(caller: Principal) -> Prepared:
    """Each lead goes to whoever has the fewest then."""
    hold_turn(caller)
    loads = cache(lambda: read_loads(caller))

    def rule(lead: Row) -> None:
        opens = lead.columns["tipo"] == StageKind.ABERTA
        lead.columns["responsavel_id"] = loads().pick(lead.columns["responsavel_id"], opens=opens)

    return Prepared(rule, ("responsavel_id",), ("tipo",))


def tag(_caller: Principal, _: Ids, *, etiquetas: list[str]) -> Prepared:
    def rule(lead: Row) -> None:
        lead.columns["etiquetas"] = added_tags(lead.columns["etiquetas"], etiquetas)

    return Prepared(rule, ("etiquetas",))


def untag(_caller: Principal, _: Ids, *, etiquetas: list[str]) -> Prepared:
    def rule(lead: Row) -> None:
        lead.columns["etiquetas"] = [
            each for each in lead.columns["etiquetas"] if each not in etiquetas
        ]

    return Prepared(rule, ("etiquetas",))


def delete(_caller: Principal, _: Ids) -> Prepared:
    return Prepared(lambda _: None, ())


def set_fields(_caller: Principal, _: Ids, *, campos: Mapping[str, Any]) -> Prepared:
    """`atributos` are merged as in a PATCH."""
    values = columns_of(campos)
    values |= folded(values)
    merges = ("atributos",) if "atributos" in campos else ()

    def rule(lead: Row) -> None:
        lead.columns.update(values)
        if merges:
            kept = lead.columns["atributos"]
            lead.columns["atributos"] = merged_attributes(kept, campos["atributos"])

    return Prepared(rule, (*sorted(values), *merges))


def move(
    caller: Principal,
    _: Ids,
    *,
    etapa: str,
    motivo_perda: str | None = None,
    fechado_em: datetime | None = None,
) -> Prepared:
    """Raises Invalid for a stage that is not there, and for what does not fit it."""
    told = {"motivo_perda": motivo_perda, "fechado_em": fechado_em}
    said = {name: value for name, value in told.items() if value is not None}
    facts = look_at(caller, Asked(Keys(), True, etapa, reason="motivo_perda" in said))
    chave, kind = stage_asked(caller, etapa, facts)
    _refuse_for_all(chave, kind, facts, said)

    def rule(lead: Row) -> None:
        row = lead.columns
        moved = row["etapa"] != chave
        after = row["etapa_desde"] if moved else row["antes"]
        row.update(said)
        was = row["tipo"]
        asked = Entry(
            chave, kind, moved, facts.instant, said, facts.reasons, fechado_em, after, was
        )
        enter(row, asked)

    return Prepared(rule, STAGE, ("antes", "tipo"))


def _refuse_for_all(chave: str, kind: str, facts: Facts, said: Mapping[str, Any]) -> None:
    """What no lead can take is the request's fault: it is tried on one that has a reason of loss,
    the only thing that leads differ in."""
    lead = {"etapa_desde": None, "fechado_em": None, "motivo_perda": "-", **said}
    enter(lead, Entry(chave, kind, True, facts.instant, said, facts.reasons))


ACTIONS: Mapping[str, Callable[..., Prepared]] = {
    "assign": assign,
    "move": move,
    "tag": tag,
    "untag": untag,
    "delete": delete,
    "restore": restore,
    "set": set_fields,
}
