"""What an activity comes to be, and what follows from it: the one rule for a new one, a changed one
and one that is deleted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.activity import ActivityKind, Result
from services.activities.facts import Facts
from services.activities.rows import NOTHING, SAID
from services.errors import Code, FieldError, Invalid

# What these record reaches the person.
_REACH = frozenset(
    {ActivityKind.LIGACAO, ActivityKind.WHATSAPP, ActivityKind.EMAIL, ActivityKind.REUNIAO}
)
_LAST = frozenset({Result.SEM_INTERESSE, Result.NAO_CONTATAR})
_LATE = FieldError("concluida_em", Code.FORA_DA_FAIXA, "A data não pode estar no futuro.")
_EARLY = FieldError(
    "concluida_em", Code.FORA_DA_FAIXA, "A data não pode ser anterior à criação do lead."
)
_RESULT = FieldError("resultado", Code.VALOR_INVALIDO, "Uma nota não tem resultado.")
_NO_MORE = FieldError(
    "prevista_para", Code.VALOR_INVALIDO, "Depois deste resultado ninguém liga de novo."
)
_CONTACT = FieldError(
    "contato", Code.VALOR_INVALIDO, "Só com o resultado numero_errado se diz qual contato."
)


def laid(
    before: Mapping[str, Any], said: Mapping[str, Any], instant: datetime, since: datetime
) -> dict[str, Any]:
    """An activity with what is said of it, about a lead that there is `since` then. What promises
    nothing, or has a result, is completed. Raises Invalid."""
    after = {**before, **{name: said[name] for name in SAID if name in said}}
    promises = after["prevista_para"] is not None and after["resultado"] is None
    if after["concluida_em"] is None and not promises:
        after["concluida_em"] = instant
    done = said.get("concluida_em")
    # What another has completed meanwhile may be later than a transaction that waited for it.
    if done is not None and done > instant:
        raise Invalid(fields=[_LATE])
    if done is not None and done < since and done != before["concluida_em"]:
        raise Invalid(fields=[_EARLY])
    if errors := list(_errors(after, said)):
        raise Invalid(fields=errors)
    return after


def _errors(after: Mapping[str, Any], said: Mapping[str, Any]) -> Any:
    if after["tipo"] == ActivityKind.NOTA and after["resultado"] is not None:
        yield _RESULT
    if after["resultado"] in _LAST and said.get("prevista_para") is not None:
        yield _NO_MORE
    if said.get("contato") is not None and after["resultado"] != Result.NUMERO_ERRADO:
        yield _CONTACT


@dataclass(frozen=True, slots=True)
class Effects:
    """What follows for the lead. `reached`: when the person was; `result`: what has come of it, if
    that is news; `promise`: when to talk again; `attempts`: whether the attempts are others now."""

    reached: datetime | None
    result: str | None
    promise: datetime | None
    attempts: bool

    @property
    def settles(self) -> bool:
        """Whether the promises that are due are kept by it."""
        return self.result is not None or self.promise is not None

    @property
    def ends(self) -> bool:
        """Whether nobody is to call any more, so that no promise is left to be kept."""
        return self.result in _LAST


def effects(
    before: Mapping[str, Any], after: Mapping[str, Any], said: Mapping[str, Any]
) -> Effects:
    """Of an activity that was `before` (NOTHING: it is new) and is `after` (NOTHING: it is gone).

    Told again, the same follows from nothing: a text or a date may be corrected when its result is
    history. The promise is an activity of its own by then, and is moved there.
    """
    new = news(before, after)
    done = after["concluida_em"] is not None
    reached = done and after["tipo"] in _REACH and new & {"tipo", "concluida_em"}
    completed = done and before["concluida_em"] is None
    result = after["resultado"] if completed or "resultado" in new else None
    first = after["resultado"] and before["prevista_para"] is None
    promises = result or (first and "prevista_para" in new)
    return Effects(
        after["concluida_em"] if reached else None,
        result,
        said.get("prevista_para") if promises else None,
        _attempt(before) != _attempt(after),
    )


def earliest(
    after: Mapping[str, Any], effects: Effects, facts: Facts, *, ends: bool
) -> datetime | None:
    """The earliest open promise about the lead, when all is done. `ends`: whether those that there
    were end with it."""
    own = after["prevista_para"] if is_open(after) else None
    left = facts.later if effects.settles else facts.other
    if ends:
        left = None
    return min((each for each in (own, effects.promise, left) if each is not None), default=None)


def ended(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether an activity is one of the promises that end with what is done beside it: one that was
    open, and is not said to be for another day."""
    return is_open(before) and is_open(after) and news(before, after).isdisjoint({"prevista_para"})


def news(before: Mapping[str, Any], after: Mapping[str, Any]) -> set[str]:
    """What of an activity differs."""
    return {name for name in SAID if before[name] != after[name]}


def is_open(said: Mapping[str, Any]) -> bool:
    return said["prevista_para"] is not None and said["concluida_em"] is None


def keeps(before: Mapping[str, Any], said: Mapping[str, Any]) -> bool:
    """Whether this is to keep an open promise, and changes nothing of what its author wrote."""
    done = said.get("resultado") is not None or said.get("concluida_em") is not None
    return is_open(before) and done and not {"tipo", "texto"} & said.keys()


def task(promise: datetime) -> dict[str, Any]:
    """What is left to be done after a result with a promise."""
    return {**NOTHING, "tipo": ActivityKind.TAREFA.value, "prevista_para": promise}


def _attempt(said: Mapping[str, Any]) -> tuple[Any, ...] | None:
    return (said["resultado"], said["concluida_em"]) if said["resultado"] else None
