"""Backups of an older database restore into today's code."""

from pathlib import Path

import pytest
from sqlalchemy import text

from services.auth import passwords
from tests.support.api import PASSWORD, sign_in
from tests.support.backups import Site, backed_up, digests, protections, restored
from tests.support.leads import all_leads
from tests.support.roles import connected, flask_db
from utils.postgres.migrations import known as revisions

pytestmark = pytest.mark.xdist_group("backup")
# As 0.1.0 kept it: money in units, one phone, no epoch.
_OLD = """
insert into equipes (nome) values ('Equipe');
insert into usuarios (equipe_id, nome, email, senha_hash, role, fundador)
values (1, 'Gestora', 'antiga@exemplo.com.br', :hash, 'gestor', true);
insert into etapas (equipe_id, chave, nome, tipo, ordem) values (1, 'novo', 'Novo', 'aberta', 1);
insert into leads (equipe_id, nome, valor, telefone, telefone_chave, origem)
values (1, 'Lead Antigo', 1500.50, '+5511987654321', '+5511987654321', 'Indicação');
insert into eventos (equipe_id, tipo, lead_id, para_etapa) values (1, 'lead_criado', 1, 'novo');
insert into lead_pontuacao (equipe_id, lead_id, score, faixa, versao, pontos)
values (1, 1, 50, 'morno', 1, '{}');
"""


@pytest.fixture
def older(target: Site, tmp_path: Path) -> Path:
    """A backup that today's code made of a database of 0.1.0."""
    flask_db(target.setup, "upgrade", "0007")
    with connected(target.superuser) as superuser:
        superuser.execute(text(_OLD), {"hash": passwords.hash_password(PASSWORD)})
    file = backed_up(target, tmp_path / "older.backup")
    with connected(target.superuser) as superuser:
        superuser.exec_driver_sql("drop schema public cascade")
        superuser.exec_driver_sql(f'create schema public authorization "{target.setup.owner}"')
    return file


@pytest.mark.parametrize("prepared", ["nothing", "0004", "head"])
def test_it_is_taken_along(target: Site, source: Site, older: Path, prepared: str) -> None:
    if prepared != "nothing":
        flask_db(target.setup, "upgrade", prepared)
    assert f"migração {revisions()[-1]}." in restored(target, older)
    (lead,) = all_leads(sign_in(target.app, "antiga@exemplo.com.br").api)
    assert (lead["nome"], lead["valor"]) == ("Lead Antigo", "1500.50")
    assert target.epoch() > 0
    counts = {table: count for table, (count, _) in digests(target.superuser).items()}
    assert counts["lead_contatos"] == counts["permanencias"] == counts["leads"] == 1
    assert protections(target.superuser) == protections(source.superuser)


def test_one_that_does_not_fit_leaves_a_database_of_today(target: Site, older: Path) -> None:
    """What failed at an older revision does not stay there."""
    flask_db(target.setup, "upgrade")
    with connected(target.setup.owner_url) as owner:
        owner.exec_driver_sql("create table de_outro (id int)")
    target.refused("backup", "restore", older)
    with connected(target.setup.owner_url) as owner:
        at = owner.exec_driver_sql("select version_num from alembic_version").scalar_one()
    assert at == revisions()[-1]
