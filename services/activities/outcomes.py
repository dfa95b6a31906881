"""What an activity changes of its lead."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from models.activity import ActivityKind, Result
from models.lead_contact import ContactKind
from models.types import StageKind
from services.activities.retired import retire
from services.activities.rules import Effects
from services.errors import Code, FieldError, Invalid
from services.leads.contacts import Contact
from services.leads.writing.changes import Laid, changed_fields, laid
from services.leads.writing.entering import enter_held, take_over
from services.leads.writing.facts import Facts
from services.leads.writing.holding import Held
from services.principal import Principal

_LOST = (
    FieldError(
        "etapa", Code.OBRIGATORIO, "Sem interesse, o lead vai na mesma chamada a uma etapa perdida."
    ),
    FieldError("etapa", Code.VALOR_INVALIDO, "Sem interesse, a etapa tem de ser uma perdida."),
)


class Outcome(NamedTuple):
    """A lead before and after, the contact that turned out wrong, and whether it was closed."""

    old: Laid
    new: Laid
    wrong: Contact | None
    closed: bool


def outcome(
    caller: Principal,
    held: Held,
    facts: Facts,
    said: Mapping[str, Any],
    tipo: str,
    effects: Effects,
) -> Outcome:
    """Lay an activity's effects over its lead, its promises apart. Raises Invalid."""
    old, new, kind = _moved(caller, held, facts, said)
    moved = new.row["etapa"] != old.row["etapa"]
    if effects.result is not None or moved:
        take_over(caller, held, new.row)
    _reach(new.row, effects.reached)
    if effects.result == Result.SEM_INTERESSE and kind != StageKind.PERDIDA:
        raise Invalid(fields=[_LOST["etapa" in said]])
    if effects.result == Result.NAO_CONTATAR:
        new.row["nao_contatar_em"] = new.row["nao_contatar_em"] or facts.instant
    if effects.result != Result.NUMERO_ERRADO:
        return Outcome(old, new, None, moved and kind != StageKind.ABERTA)
    default = ContactKind.EMAIL if tipo == ActivityKind.EMAIL else ContactKind.TELEFONE
    new, wrong = retire(new, said.get("contato"), default)
    return Outcome(old, new, wrong, moved and kind != StageKind.ABERTA)


def _moved(
    caller: Principal, held: Held, facts: Facts, said: Mapping[str, Any]
) -> tuple[Laid, Laid, str | None]:
    """The lead before and after a move, if there is one, and the kind of its stage."""
    changes = {name: said[name] for name in ("etapa", "motivo_perda") if name in said}
    old, new = laid(caller, held, facts, changes)
    fields = changed_fields(old, new)
    if fields:
        enter_held(held, facts, new.row, said=fields)
    moved = "etapa" in fields and facts.stage
    return old, new, facts.stage[1] if moved and facts.stage else held.kind


def _reach(row: dict[str, Any], when: datetime | None) -> None:
    if when is None:
        return
    last, first = row["ultimo_contato_em"], row["primeira_resposta_em"]
    row["ultimo_contato_em"] = max(when, last or when)
    row["primeira_resposta_em"] = min(when, first or when)
