"""Whom the lines of a file name as responsible: kept active until the leads are written."""

from typing import Any

from sqlalchemy import text

from models.db import db
from services.imports.writing.staging import run
from services.imports.writing.verdicts import Reason
from services.leads.writing.facts import hold_members
from services.policy import cared_for_sql
from services.principal import Principal

_NAMED = text(
    "select distinct responsavel_id from linhas_importadas "
    "where responsavel_id is not null and motivo is null"
)
_LOST = f"motivo = '{Reason.MEMBER}'"


def hold_named(caller: Principal) -> None:
    """Lock the people that the lines name: whoever was deactivated since the file was read is
    nobody's responsável, and their lines are rejected. Taken after the leads, as all writers do."""
    named: set[Any] = set(db.session.scalars(_NAMED))
    lost = named - hold_members(caller, named) if named else set()
    if not lost:
        return
    run(
        f"update linhas_importadas l set {_LOST}, campo = 'responsavel_id' "
        f"where {cared_for_sql('l', 'any(:lost)')} and motivo is null",
        lost=sorted(lost),
    )
