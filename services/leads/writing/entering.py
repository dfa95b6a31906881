"""Puts a lead into a stage, with the reason and the dates that the stage's kind asks for."""

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.types import StageKind
from services.errors import FieldError, Invalid
from services.leads import stages
from services.leads.writing.facts import Facts
from services.leads.writing.holding import Held
from services.principal import Principal
from utils.text import fold

# What a move changes beside what the request says.
FOLLOWING = frozenset({"responsavel_id", "proximo_contato_em"})


@dataclass(frozen=True, slots=True)
class Entry:
    """Into which stage, whether that is another one, when, and what the request says of it.

    `was`: the kind of the stage that the lead leaves, if there is one.
    `said`: the fields of this request. One of them that does not fit the stage is refused; an old
    value that does not fit is dropped. `reasons`: the only reasons of loss, if the tenant has said
    so. `since`: since when the lead has been there, if the caller told; `after`: what no date may
    be before.
    """

    etapa: str
    kind: str
    moved: bool
    instant: datetime
    said: Container[str]
    reasons: Iterable[str] | None = None
    since: datetime | None = None
    after: datetime | None = None
    was: str | None = None


def since_closing(row: Mapping[str, Any], fechado_em: datetime | None) -> datetime | None:
    """Since when a lead is in the stage that it was closed in at a date that was told: since then,
    but no stay ends before it began. `row`: as it was before."""
    return fechado_em and stages.begins(fechado_em, row["etapa_desde"] or fechado_em)


def enter(row: dict[str, Any], entry: Entry) -> None:
    """Set the stage of a row and what follows from it. Raises Invalid."""
    closed_now = entry.moved and not stages.closing_stands(entry.was, entry.kind)
    if closed_now and "fechado_em" not in entry.said:
        row["fechado_em"] = None
    if entry.moved and row["etapa_desde"] is not None:  # a new lead had no promise before
        row["proximo_contato_em"] = _promise(row.get("proximo_contato_em"), entry)
    row["motivo_perda"] = _reason(row["motivo_perda"], entry)
    row["fechado_em"] = _closing(row["fechado_em"], entry)
    if entry.since is not None:
        _require_past(entry.since, entry, stages.SINCE_THE_FUTURE, stages.SINCE_TOO_EARLY)
    if entry.since is not None and (entry.moved or entry.since != row["etapa_desde"]):
        row["etapa_desde"], row["etapa_informada"] = entry.since, True
    elif entry.moved:
        # A transaction that had to wait may be older than the stay that it ends.
        since = stages.begins(entry.instant, row["etapa_desde"] or entry.instant)
        row["etapa_desde"], row["etapa_informada"] = since, False
    row["etapa"] = entry.etapa


def enter_held(
    held: Held,
    facts: Facts,
    row: dict[str, Any],
    *,
    said: Container[str],
    since: datetime | None = None,
    after: datetime | None = None,
) -> None:
    """enter() for the row of a lead that is held, as a request has changed it. Raises Invalid."""
    etapa = row["etapa"]
    moved = etapa != held.row["etapa"]
    was = str(held.kind)
    kind = facts.stage[1] if moved and facts.stage else was
    entry = Entry(etapa, kind, moved, facts.instant, said, facts.reasons, since, after, was)
    enter(row, entry)


def take_over(caller: Principal, held: Held, row: dict[str, Any]) -> None:
    """Who moves a lead, or records what came of reaching the person, while they hold a lease on it
    cares for it from then on. A lease is a person's: their keys hold none."""
    if held.leased and not caller.machine:
        row["responsavel_id"] = caller.usuario_id


def come_back(
    row: dict[str, Any], kind: str | None, first: tuple[str, str], instant: datetime
) -> None:
    """Put a restored lead into its stage of this kind again, or into the `first` open one where its
    own is archived (None) or wants a reason that the lead has not."""
    etapa = row["etapa"]
    if kind is None or stages.lacks_reason(kind, row["motivo_perda"]):
        etapa, kind = first
    enter(row, Entry(etapa, kind, etapa != row["etapa"], instant, ()))


def _promise(old: datetime | None, entry: Entry) -> datetime | None:
    kept = stages.promise_kept(entry.kind, old)
    if kept != old and "proximo_contato_em" in entry.said:
        raise Invalid(fields=[stages.PROMISE_UNFITTING])
    return kept


def _reason(old: str | None, entry: Entry) -> str | None:
    said = "motivo_perda" in entry.said
    if stages.lacks_reason(entry.kind, old):
        raise Invalid(fields=[stages.REASON_MISSING])
    reason = stages.reason_kept(entry.kind, old)
    if said and reason != old:
        raise Invalid(fields=[stages.REASON_UNFITTING])
    return spelt(reason, entry.reasons) if said and reason else reason


def spelt(reason: str, allowed: Iterable[str] | None) -> str:
    """The reason in the spelling of the tenant's list, if there is one. Raises Invalid."""
    if allowed is None:
        return reason
    known = {fold(each): each for each in allowed}
    if fold(reason) not in known:
        raise Invalid(fields=[stages.UNKNOWN_REASON.among(reason, known.values())])
    return known[fold(reason)]


def _closing(old: datetime | None, entry: Entry) -> datetime | None:
    if "fechado_em" not in entry.said:
        return stages.closing_kept(entry.kind, old or entry.since or entry.instant)
    if old is None and entry.kind != StageKind.ABERTA:
        raise Invalid(fields=[stages.CLOSING_MISSING])
    if stages.closing_kept(entry.kind, old) != old:
        raise Invalid(fields=[stages.CLOSING_UNFITTING])
    if old is not None:
        _require_past(old, entry, stages.IN_THE_FUTURE, stages.CLOSED_TOO_EARLY)
    return old


def _require_past(date: datetime, entry: Entry, late: FieldError, early: FieldError) -> None:
    if date > entry.instant:
        raise Invalid(fields=[late])
    if entry.after is not None and date < entry.after:
        raise Invalid(fields=[early])
