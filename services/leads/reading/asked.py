"""Filters that name a stage or a user: what the tenant calls so, or the error that offers it."""

from typing import Any

from models.db.messages.queries import Query
from models.db.statements import fetch
from services.leads.unknown import unknown_member, unknown_stage
from services.principal import Principal
from utils.text import fold

# Archived ones too, before the others: a deleted lead may be in one.
_STAGES = Query(
    "select chave, nome_chave from etapas where equipe_id = %(equipe_id)s "
    "order by arquivada_em is null, ordem desc, id desc",
    {},
)
_PERSON = Query("select 1 from usuarios where equipe_id = %(equipe_id)s and id = %(id)s", {})
# Keys of stages and ids of users that are there. Neither is ever deleted or given to another, so
# what was found once need not be asked for again.
_known: set[tuple[int, str, str | int]] = set()
_REMEMBERED = 50_000


def resolved(caller: Principal, filters: dict[str, Any]) -> dict[str, Any]:
    """The filters with each stage by its key. Raises Invalid.

    A vendedor sees no other user's leads, and does not learn here which users there are.
    """
    owner = filters.get("responsavel_id")
    if caller.gestor and isinstance(owner, int) and not _is_known(caller, "usuario", owner):
        values = {"equipe_id": caller.equipe_id, "id": owner}
        if not fetch(_PERSON, values, equipe_id=caller.equipe_id):
            raise unknown_member(caller.equipe_id)
        _remember(caller, "usuario", owner)
    if all(_is_known(caller, "etapa", each) for each in filters.get("etapa", ())):
        return filters
    return filters | {"etapa": _stages(caller, filters["etapa"])}


def _is_known(caller: Principal, what: str, key: str | int) -> bool:
    return (caller.equipe_id, what, key) in _known


def _remember(caller: Principal, what: str, *keys: str | int) -> None:
    if len(_known) > _REMEMBERED:
        _known.clear()
    _known.update((caller.equipe_id, what, key) for key in keys)


def _stages(caller: Principal, said: list[str]) -> list[str]:
    rows = fetch(_STAGES, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
    _remember(caller, "etapa", *(chave for chave, _ in rows))
    known: dict[str, str] = {}
    for chave, nome in rows:
        known |= {nome: chave, chave: chave}
    keys = {chave for chave, _ in rows}
    for each in said:
        if each not in keys and fold(each) not in known:
            raise unknown_stage(caller.equipe_id, each)
    # A key is a key, also where another stage is called so now.
    return [each if each in keys else known[fold(each)] for each in said]
