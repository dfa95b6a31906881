"""The equipe of the demonstration: made by the doors that serve everybody else, in one transaction.

So it is there whole or not at all, and none of its rows is one that the API would not have made.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from models.db import db
from models.lead import LEADS
from models.types import Role
from models.user import User
from services import (
    activityService,
    goalService,
    importService,
    leadService,
    ruleService,
    userService,
)
from services.auth import passwords
from services.auth.accounts import add_user
from services.demo.journeys import Call
from services.demo.moments import Moments
from services.demo.people import MANAGER as MANAGER
from services.demo.people import PASSWORD as PASSWORD
from services.demo.people import SELLERS as SELLERS
from services.demo.people import TEAM, Member
from services.demo.prospects import Prospect, prospects
from services.goalService import Wanted
from services.importService import CSV, Duplicates, Sent
from services.principal import Principal
from utils.clock import local_day, now

_RULES = "credito"  # a ready set
_GOAL, _GOAL_EACH = 350_000_000, 8  # cents, and leads
# What has happened is past, although the clock of the database may be a little behind.
_CLOCKS = timedelta(seconds=5)


def find() -> int | None:
    """The number of the equipe, if it is there."""
    return db.session.scalar(select(User.equipe_id).where(User.email == MANAGER.email))


def make(bank: Sequence[Mapping[str, str]], mapping: bytes) -> int:
    """A new equipe, its number. `bank`: rows of the bank's file, one a lead; `mapping`: what their
    columns become, as an import is told. Raises EmailTaken.

    What a gestor would set up comes first, so that leads are scored by it as they come.
    """
    gestor, sellers = _people()
    ruleService.publish(gestor, ruleService.create_draft(gestor, _RULES, {}).n)
    these = prospects(bank, Moments(now() - _CLOCKS, gestor.fuso))
    sent = Sent.whole(_file(these, sellers), CSV)
    importService.import_file(gestor, sent, mapping, Duplicates("erro"))
    numbers = _numbers()
    for each in these:
        _follow(gestor if each.seller is None else sellers[each.seller], numbers[each.key], each)
    _set_goals(gestor, sellers)
    return gestor.equipe_id


def _set_goals(gestor: Principal, sellers: Sequence[Principal]) -> None:
    """Of this month: what the equipe is to bring, and how often each person is to win."""
    whole = Wanted(None, None, valor=_GOAL, ganhos=None)
    each = [Wanted(one.usuario_id, None, valor=None, ganhos=_GOAL_EACH) for one in sellers]
    month = local_day(now(), gestor.fuso).replace(day=1)
    goalService.replace_goals(gestor, month, [whole, *each], versions=None)


def _people() -> tuple[Principal, Sequence[Principal]]:
    senha_hash = passwords.hash_password(PASSWORD, in_transaction=True)
    gestor = _member(None, MANAGER, senha_hash)
    return gestor, [_member(gestor, seller, senha_hash) for seller in SELLERS]


def _member(caller: Principal | None, member: Member, senha_hash: str) -> Principal:
    role = Role.VENDEDOR if caller else Role.GESTOR
    add_user(caller, *member, senha_hash, role, None if caller else TEAM)
    return userService.act_as(member.email)


def _file(these: Iterable[Prospect], sellers: Sequence[Principal]) -> bytes:
    rows = [_row(each, sellers) for each in these]
    columns = dict.fromkeys(name for row in rows for name in row)
    text = io.StringIO()
    writer = csv.DictWriter(text, list(columns))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _row(prospect: Prospect, sellers: Sequence[Principal]) -> dict[str, Any]:
    owner = "" if prospect.seller is None else sellers[prospect.seller].usuario_id
    return {**prospect.cells, "responsavel_id": owner}


def _numbers() -> dict[str, int]:
    """The ids of the leads that were imported, by what the file calls them."""
    found = db.session.execute(select(LEADS.c.id_externo, LEADS.c.id))
    return {key: lead_id for key, lead_id in found}


def _follow(caller: Principal, lead_id: int, prospect: Prospect) -> None:
    for step in prospect.steps:
        if isinstance(step, Call):
            activityService.create_activity(caller, lead_id, step.said)
        else:
            leadService.move_lead(caller, lead_id, step.values, since=step.since, versions=None)
