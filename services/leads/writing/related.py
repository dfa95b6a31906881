"""What of a lead stands in other tables and is read with its row: its other contacts, the kind of
its stage, its stay before the present one."""

from typing import Any

from sqlalchemy import ScalarSelect, func, select

from models.derived.stay import STAYS
from models.lead import LEADS
from models.lead_contact import CONTACTS, FIRST_OTHER
from models.stage import STAGES
from services.leads.contacts import listed
from services.leads.writing.facts import ours


def other_contacts() -> ScalarSelect[Any]:
    """The contacts beside the principal ones."""
    pairs = listed(func.json_build_array(CONTACTS.c.tipo, CONTACTS.c.valor))
    return pairs.where(CONTACTS.c.ordem >= FIRST_OTHER).scalar_subquery()


def kind_of_stage() -> ScalarSelect[Any]:
    """None of a stage that is archived."""
    return (
        select(STAGES.c.tipo)
        .where(ours(STAGES), STAGES.c.chave == LEADS.c.etapa, STAGES.c.arquivada_em.is_(None))
        .scalar_subquery()
    )


def stay_before() -> ScalarSelect[Any]:
    """When the stay before the present one began."""
    return (
        select(func.max(STAYS.c.entrou_em))
        .where(
            STAYS.c.equipe_id == LEADS.c.equipe_id,
            STAYS.c.lead_id == LEADS.c.id,
            STAYS.c.saiu_em.is_not(None),
        )
        .scalar_subquery()
    )
