"""Leads: read, create, change, delete, restore. Each write is one event and one scoring."""

from collections.abc import Container, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from models.db import db
from models.event import EventKind
from models.lead import LEADS, Lead
from models.stage import FIRST_STAGE, Stage
from models.types import StageKind
from services import history
from services.auth.authority import hold_gestor
from services.errors import Invalid, NotFound, invalid_field
from services.leads import stages
from services.leads.attributes import as_text, size_error
from services.leads.duplicates import KEYS, Keys, lock_keys, refuse_duplicates
from services.leads.filters import search_text
from services.leads.locking import lock_lead, require_member
from services.leads.reads import Page as Page
from services.leads.reads import Single as Single
from services.leads.reads import get_lead as get_lead
from services.leads.reads import get_written
from services.leads.reads import list_leads as list_leads
from services.policy import owner_of_new, require_gestor, scope, visible
from services.principal import Principal
from services.scores.statement import forget_score, score_lead
from utils.clock import now
from utils.phones import phone_match_key
from utils.wire.merge_patch import merge_patch


def create_lead(
    caller: Principal, values: Mapping[str, Any], *, allow_duplicate: bool = False
) -> Single:
    """A new lead. A vendedor's new lead is their own.

    Raises Forbidden, Invalid, DuplicateLead, ExternalIdTaken.
    """
    if allow_duplicate:
        require_gestor(caller)
    lead = Lead(**values)
    lead.responsavel_id = owner_of_new(caller, lead.responsavel_id)
    require_member(caller, lead.responsavel_id)
    _derive(lead)
    _enter_stage(lead, lead.etapa or FIRST_STAGE, said=values)
    keys = _keys_of(values)
    lock_keys(caller.equipe_id, keys)
    refuse_duplicates(caller, keys, ignore=None, allow=allow_duplicate)
    db.session.add(lead)
    db.session.flush()  # generates the id that the event and the score name
    if allow_duplicate:
        hold_gestor(caller)
    history.record(
        EventKind.LEAD_CRIADO,
        usuario_id=caller.usuario_id,
        lead_id=lead.id,
        campos=values,
        para_etapa=lead.etapa,
    )
    return _scored(caller, lead)


def update_lead(
    caller: Principal,
    lead_id: int,
    changes: Mapping[str, Any],
    *,
    versions: set[int] | None,
    allow_duplicate: bool = False,
) -> Single:
    """Change the given fields; nothing changed writes nothing. `atributos` is merged (RFC 7396).

    `versions` are those that an If-Match names, None for any. Raises NotFound, StaleVersion,
    Forbidden, Invalid, DuplicateLead, ExternalIdTaken.
    """
    if allow_duplicate or "responsavel_id" in changes:
        require_gestor(caller)
    # Keys before rows, as in an import, so that two writers never wait for each other.
    lock_keys(caller.equipe_id, _keys_of(changes))
    lead = lock_lead(caller, lead_id, versions)
    de_etapa = lead.etapa
    changed = _change(lead, changes)
    if not changed:
        return get_written(caller, lead_id)
    _apply(caller, lead, changed)
    keys = _keys_of({name: changes[name] for name in changed})
    refuse_duplicates(caller, keys, ignore=lead.id, allow=allow_duplicate)
    if allow_duplicate or "responsavel_id" in changed:
        hold_gestor(caller)
    moved = "etapa" in changed
    history.record(
        EventKind.LEAD_MOVIDO if moved else EventKind.LEAD_ALTERADO,
        usuario_id=caller.usuario_id,
        lead_id=lead.id,
        campos=changed,
        de_etapa=de_etapa if moved else None,
        para_etapa=lead.etapa if moved else None,
    )
    return _scored(caller, lead)


def delete_lead(caller: Principal, lead_id: int, *, versions: set[int] | None) -> None:
    """Delete a lead: it leaves every list, its history stays. Raises NotFound, StaleVersion."""
    lead = lock_lead(caller, lead_id, versions)
    _mark_written(lead)
    lead.excluido_em = lead.atualizado_em
    forget_score(caller.equipe_id, lead.id)
    history.record(EventKind.LEAD_EXCLUIDO, usuario_id=caller.usuario_id, lead_id=lead.id)


def restore_lead(
    caller: Principal,
    lead_id: int,
    *,
    versions: set[int] | None,
    allow_duplicate: bool = False,
) -> Single:
    """Restore a deleted lead.

    Another lead may have got its keys meanwhile, so duplicates are looked for again. Raises
    NotFound, StaleVersion, DuplicateLead, ExternalIdTaken.
    """
    keys = _keys_of_deleted(caller, lead_id)
    lock_keys(caller.equipe_id, keys)
    lead = lock_lead(caller, lead_id, versions, deleted=True)
    refuse_duplicates(caller, keys, ignore=lead.id, allow=allow_duplicate)
    lead.excluido_em = None
    _mark_written(lead)
    history.record(EventKind.LEAD_RESTAURADO, usuario_id=caller.usuario_id, lead_id=lead.id)
    return _scored(caller, lead)


def _keys_of_deleted(caller: Principal, lead_id: int) -> Keys:
    """Read before the row is locked, because keys are locked first. They do not change."""
    columns = (LEADS.c[name] for name in KEYS)
    found = select(*columns).where(*visible(caller.gestor, deleted=True), LEADS.c.id == lead_id)
    row = db.session.execute(found, scope(caller)).one_or_none()
    if row is None:
        raise NotFound()
    return Keys(**row._mapping)


def _change(lead: Lead, changes: Mapping[str, Any]) -> set[str]:
    """Set the fields whose value differs; their names. Raises Invalid."""
    if "atributos" in changes:
        changes = {**changes, "atributos": _merged(lead.atributos, changes["atributos"])}
    before = lead.atributos
    changed = set(lead.change(changes))
    if "atributos" in changes and as_text(before) != as_text(changes["atributos"]):
        changed.add("atributos")
        lead.atributos = changes["atributos"]
        flag_modified(lead, "atributos")  # 1 to true: Python, and so the ORM, calls them equal
    return changed


def _apply(caller: Principal, lead: Lead, changed: set[str]) -> None:
    """Apply the rules that follow from a change of these fields."""
    if "responsavel_id" in changed:
        require_member(caller, lead.responsavel_id)
    _derive(lead)
    if "etapa" in changed and "fechado_em" not in changed:
        lead.fechado_em = None  # won after it was lost: the closing is now
    if changed & {"etapa", "motivo_perda", "fechado_em"}:
        _enter_stage(lead, lead.etapa, said=changed)
    _mark_written(lead)


def _mark_written(lead: Lead) -> None:
    lead.versao += 1
    lead.atualizado_em = now()


def _merged(kept: dict[str, Any], patch: dict[str, Any] | None) -> dict[str, Any]:
    """The merged object, which may outgrow what either was allowed; null empties it.

    Raises Invalid.
    """
    merged: dict[str, Any] = merge_patch(kept, patch) or {}
    if found := size_error(merged):
        raise invalid_field("atributos", *found)
    return merged


def _derive(lead: Lead) -> None:
    """Columns that follow from others."""
    lead.busca = search_text(lead.nome, lead.empresa)
    lead.telefone_chave = phone_match_key(lead.telefone) if lead.telefone else None


def _enter_stage(lead: Lead, etapa: str, *, said: Container[str]) -> None:
    """Put the lead into a stage of its tenant, with what the stage's kind asks for.

    `said`: the fields of this request. One of them that does not fit the stage is refused; an old
    value that does not fit is dropped. Raises Invalid.
    """
    kind = db.session.scalar(select(Stage.tipo).where(Stage.chave == etapa))
    if kind is None:
        raise Invalid(fields=[stages.UNKNOWN_STAGE])
    reason = _reason(lead, kind, said="motivo_perda" in said)
    closing = _closing(lead, kind, said="fechado_em" in said)
    lead.etapa, lead.motivo_perda, lead.fechado_em = etapa, reason, closing


def _reason(lead: Lead, kind: str, *, said: bool) -> str | None:
    if stages.lacks_reason(kind, lead.motivo_perda):
        raise Invalid(fields=[stages.REASON_MISSING])
    reason = stages.reason_kept(kind, lead.motivo_perda)
    if said and reason != lead.motivo_perda:
        raise Invalid(fields=[stages.REASON_UNFITTING])
    return reason


def _closing(lead: Lead, kind: str, *, said: bool) -> datetime | None:
    instant = now()
    if not said:
        return stages.closing_kept(kind, lead.fechado_em or instant)
    if lead.fechado_em is None and kind != StageKind.ABERTA:
        raise Invalid(fields=[stages.CLOSING_MISSING])
    if lead.fechado_em and lead.fechado_em > instant:
        raise Invalid(fields=[stages.IN_THE_FUTURE])
    if stages.closing_kept(kind, lead.fechado_em) != lead.fechado_em:
        raise Invalid(fields=[stages.CLOSING_UNFITTING])
    return lead.fechado_em


def _keys_of(values: Mapping[str, Any]) -> Keys:
    """The keys of a lead among the given fields."""
    telefone = values.get("telefone")
    return Keys(
        documento=values.get("documento"),
        email=values.get("email"),
        telefone_chave=phone_match_key(telefone) if telefone else None,
        id_externo=values.get("id_externo"),
    )


def _scored(caller: Principal, lead: Lead) -> Single:
    db.session.flush()  # the score reads the row, and so does the reply
    score_lead(caller.equipe_id, lead.id)
    return get_written(caller, lead.id)
