"""Which leads a caller may see; every read of leads carries these conditions."""

from sqlalchemy import ColumnElement, bindparam

from models.lead import LEADS


def visible(gestor: bool) -> tuple[ColumnElement[bool], ...]:
    """Live leads of the equipe; a vendedor's own only. Parameters: equipe_id, usuario_id."""
    team = (LEADS.c.equipe_id == bindparam("equipe_id"), LEADS.c.excluido_em.is_(None))
    if gestor:
        return team
    return (*team, LEADS.c.responsavel_id == bindparam("usuario_id"))
