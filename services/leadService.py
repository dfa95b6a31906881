"""Writing leads: create, change, delete. Each write is one event and one scoring."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm.attributes import flag_modified

from models.db import db
from models.db.statements import Row
from models.lead import Lead
from models.stage import FIRST_STAGE, Stage
from models.types import StageKind
from models.user import User
from services import history, scoreService
from services.errors import Code, Forbidden, NotFound, StaleVersion, invalid_field
from services.leads import duplicates, reads
from services.leads.attributes import as_text, size_error
from services.leads.duplicates import Keys
from services.leads.filters import search_text
from services.principal import Principal
from utils.clock import now
from utils.merge_patch import merge_patch
from utils.phones import phone_match_key


def create_lead(
    caller: Principal, values: Mapping[str, Any], *, allow_duplicate: bool = False
) -> Row:
    """A new lead, in reads.FIELDS order. A vendedor's new lead is his own.

    Raises Forbidden, Invalid, DuplicateLead, ExternalIdTaken.
    """
    if allow_duplicate and not caller.gestor:
        raise Forbidden()
    lead = Lead(**values)
    if not caller.gestor:
        if lead.responsavel_id not in (None, caller.usuario_id):
            raise Forbidden("Só um gestor atribui leads a outra pessoa.")
        lead.responsavel_id = caller.usuario_id
    _check_owner(caller, lead.responsavel_id)
    _derive(lead)
    _enter_stage(lead, lead.etapa or FIRST_STAGE, reasoned="motivo_perda" in values)
    keys = _keys_of(values)
    duplicates.lock_keys(caller.equipe_id, keys)
    duplicates.refuse_duplicates(caller, keys, ignore=None, allow=allow_duplicate)
    db.session.add(lead)
    db.session.flush()  # generates the id that the event and the score name
    history.record(
        "lead_criado",
        usuario_id=caller.usuario_id,
        lead_id=lead.id,
        campos=sorted(values),
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
) -> Row:
    """Change the given fields; nothing changed writes nothing. `atributos` is merged (RFC 7396).

    `versions` are those an If-Match names, None for any. Raises NotFound, StaleVersion, Forbidden,
    Invalid, DuplicateLead, ExternalIdTaken.
    """
    if not caller.gestor and (allow_duplicate or "responsavel_id" in changes):
        raise Forbidden()
    # Keys before rows, as an import has it: two writers never wait for each other.
    duplicates.lock_keys(caller.equipe_id, _keys_of(changes))
    lead = _lock(caller, lead_id, versions)
    if "atributos" in changes:
        changes = {**changes, "atributos": _merged(lead.atributos, changes["atributos"])}
    changed = {name for name, value in changes.items() if getattr(lead, name) != value}
    if "atributos" in changes and as_text(lead.atributos) != as_text(changes["atributos"]):
        changed.add("atributos")
        flag_modified(lead, "atributos")  # 1 to true: Python, and so the ORM, calls them equal
    if not changed:
        return reads.get_written(caller, lead_id)
    de_etapa = lead.etapa
    for name in changed:
        setattr(lead, name, changes[name])
    _apply(caller, lead, changed)
    keys = _keys_of({name: changes[name] for name in changed})
    duplicates.refuse_duplicates(caller, keys, ignore=lead.id, allow=allow_duplicate)
    moved = "etapa" in changed
    history.record(
        "lead_movido" if moved else "lead_alterado",
        usuario_id=caller.usuario_id,
        lead_id=lead.id,
        campos=sorted(changed),
        de_etapa=de_etapa if moved else None,
        para_etapa=lead.etapa if moved else None,
    )
    return _scored(caller, lead)


def delete_lead(caller: Principal, lead_id: int, *, versions: set[int] | None) -> None:
    """Put a lead aside: it leaves every list, its history stays. Raises NotFound, StaleVersion."""
    lead = _lock(caller, lead_id, versions)
    lead.excluido_em = lead.atualizado_em = now()
    lead.versao += 1
    scoreService.forget_score(caller.equipe_id, lead.id)
    history.record("lead_excluido", usuario_id=caller.usuario_id, lead_id=lead.id)


def _apply(caller: Principal, lead: Lead, changed: set[str]) -> None:
    """The rules that a change of these fields sets off."""
    if "responsavel_id" in changed:
        _check_owner(caller, lead.responsavel_id)
    _derive(lead)
    if "etapa" in changed:
        lead.fechado_em = None  # won after it was lost: closed now, not then
    if changed & {"etapa", "motivo_perda"}:
        _enter_stage(lead, lead.etapa, reasoned="motivo_perda" in changed)
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


def _lock(caller: Principal, lead_id: int, versions: set[int] | None) -> Lead:
    """The live lead, visible to the caller, for update: the version is compared under the lock."""
    statement = select(Lead).where(Lead.id == lead_id, Lead.excluido_em.is_(None))
    if not caller.gestor:
        statement = statement.where(Lead.responsavel_id == caller.usuario_id)
    lead = db.session.scalar(statement.with_for_update())
    if lead is None:
        raise NotFound()
    if versions is not None and lead.versao not in versions:
        raise StaleVersion()
    return lead


def _derive(lead: Lead) -> None:
    """Columns that follow from others."""
    lead.busca = search_text(lead.nome, lead.empresa)
    lead.telefone_chave = phone_match_key(lead.telefone) if lead.telefone else None


def _enter_stage(lead: Lead, etapa: str, *, reasoned: bool) -> None:
    """A closed stage dates the closing, a loss has its reason, an open stage has neither.

    `reasoned`: the reason came with this request, so it is refused rather than dropped.
    """
    tipo = db.session.scalar(select(Stage.tipo).where(Stage.chave == etapa))
    if tipo is None:
        raise invalid_field("etapa", Code.ETAPA_INEXISTENTE, "Esta etapa não existe na equipe.")
    lead.etapa = etapa
    if tipo == StageKind.PERDIDA and not lead.motivo_perda:
        raise invalid_field(
            "motivo_perda", Code.MOTIVO_OBRIGATORIO, "Um lead perdido precisa do motivo."
        )
    if tipo != StageKind.PERDIDA:
        if reasoned and lead.motivo_perda:
            raise invalid_field(
                "motivo_perda", Code.VALOR_INVALIDO, "Só um lead perdido tem motivo de perda."
            )
        lead.motivo_perda = None
    lead.fechado_em = None if tipo == StageKind.ABERTA else lead.fechado_em or now()


def _check_owner(caller: Principal, responsavel_id: int | None) -> None:
    if responsavel_id in (None, caller.usuario_id):
        return
    owner = db.session.scalar(User.in_team(caller.equipe_id, responsavel_id or 0))
    if owner is None or not owner.ativo:
        raise invalid_field(
            "responsavel_id",
            Code.USUARIO_INEXISTENTE,
            "Não há usuário ativo com este id na equipe.",
        )


def _keys_of(values: Mapping[str, Any]) -> Keys:
    """What the given fields make a lead recognised by."""
    telefone = values.get("telefone")
    return Keys(
        documento=values.get("documento"),
        email=values.get("email"),
        telefone_chave=phone_match_key(telefone) if telefone else None,
        id_externo=values.get("id_externo"),
    )


def _scored(caller: Principal, lead: Lead) -> Row:
    db.session.flush()  # the score reads the row, and so does the reply
    scoreService.score_lead(caller.equipe_id, lead.id)
    return reads.get_written(caller, lead.id)
