"""What cells of a file are checked against, held until the transaction ends."""

from collections import Counter
from dataclasses import replace

from sqlalchemy import select

from models.db import db
from models.stage import Stage
from models.team import Team
from models.team_settings import TeamSettings
from models.user import User
from services.errors import Invalid
from services.imports.converting.converters import TeamFacts
from services.imports.writing.owners import Owners
from services.leads.unknown import NOT_A_MEMBER
from services.principal import Principal
from utils.text import fold


def team_facts(caller: Principal) -> TeamFacts:
    """Who archives a stage meanwhile waits, and sees the leads in it."""
    stages = db.session.execute(
        select(Stage.chave, Stage.nome_chave, Stage.tipo)
        .where(Stage.arquivada_em.is_(None))
        .order_by(Stage.ordem, Stage.id)
        .with_for_update(read=True, key_share=True)
    ).all()
    members = db.session.execute(
        select(User.id, User.email).where(User.equipe_id == caller.equipe_id, User.ativo)
    )
    zone = db.session.get_one(Team, caller.equipe_id).fuso
    names = {nome: chave for chave, nome, _ in stages} | {chave: chave for chave, _, _ in stages}
    return TeamFacts(
        {chave: tipo for chave, _, tipo in stages},
        names,
        {user_id: email for user_id, email in members},
        db.session.scalar(select(TeamSettings.motivos_perda)),
        zone,
    )


def people_by_name(caller: Principal) -> dict[str, int]:
    """The active members by their folded names, without those who share one."""
    rows = db.session.execute(
        select(User.id, User.nome).where(User.equipe_id == caller.equipe_id, User.ativo)
    ).all()
    times = Counter(fold(nome) for _, nome in rows)
    return {fold(nome): person for person, nome in rows if times[fold(nome)] == 1}


def require_people(caller: Principal, owners: Owners | None) -> None:
    """Raises Invalid for somebody who is no active member."""
    if owners is None or owners == "auto":
        return
    members = db.session.scalars(
        select(User.id).where(User.equipe_id == caller.equipe_id, User.ativo)
    ).all()
    if not set(owners) <= set(members):
        error = NOT_A_MEMBER.among("", sorted(members))
        raise Invalid(fields=[replace(error, campo="responsaveis")])
