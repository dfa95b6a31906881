"""Filters that name a stage or a user: what the tenant calls so, or the error that offers it."""

from typing import Any

from models.db.statements import Query, fetch
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


def resolved(caller: Principal, filters: dict[str, Any]) -> dict[str, Any]:
    """The filters with each stage by its key. Raises Invalid.

    A vendedor sees no other user's leads, and does not learn here which users there are.
    """
    owner = filters.get("responsavel_id")
    if caller.gestor and isinstance(owner, int) and owner != caller.usuario_id:
        values = {"equipe_id": caller.equipe_id, "id": owner}
        if not fetch(_PERSON, values, equipe_id=caller.equipe_id):
            raise unknown_member(caller.equipe_id)
    return filters | {"etapa": _stages(caller, filters["etapa"])} if "etapa" in filters else filters


def _stages(caller: Principal, said: list[str]) -> list[str]:
    rows = fetch(_STAGES, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
    known: dict[str, str] = {}
    for chave, nome in rows:
        known |= {nome: chave, chave: chave}
    for each in said:
        if fold(each) not in known:
            raise unknown_stage(caller.equipe_id, each)
    return [known[fold(each)] for each in said]
