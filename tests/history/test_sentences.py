"""Every kind of event that may be of a lead has its sentence, and every activity."""

from datetime import UTC, datetime

import pytest

from models.activity import ActivityKind, Result
from models.event import EventKind
from services.timeline.reading import Told
from services.timeline.sentences import OF_LEADS, sentence

# Of the equipe and its people: they name no lead.
OF_TEAMS = {
    EventKind.EQUIPE_ALTERADA,
    EventKind.USUARIO_CRIADO,
    EventKind.USUARIO_ALTERADO,
    EventKind.LOGIN,
    EventKind.LOGIN_RECUSADO,
    EventKind.LOGOUT,
    EventKind.SESSAO_ENCERRADA,
    EventKind.REFRESH_REUTILIZADO,
    EventKind.SENHA_ALTERADA,
    EventKind.SENHA_REDEFINIDA,
    EventKind.CHAVE_CRIADA,
    EventKind.CHAVE_REVOGADA,
    EventKind.FUNIL_ALTERADO,
    EventKind.REGRAS_PUBLICADAS,
    EventKind.REGRAS_REVERTIDAS,
    EventKind.MODELO_ADOTADO,
    EventKind.METAS_ALTERADAS,
    EventKind.LEADS_EXPORTADOS,
}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
NOTHING = Told("evento", 1, NOW, "x", *[None] * 19)


def told(**fields: object) -> str:
    return sentence(NOTHING._replace(usuario_id=1, pessoa="Ana", **fields), "America/Sao_Paulo")


def test_every_kind_of_event_is_of_a_lead_or_of_a_team() -> None:
    assert set(EventKind) == OF_LEADS | OF_TEAMS
    assert not OF_LEADS & OF_TEAMS


def test_every_kind_of_a_lead_has_a_sentence_of_its_own() -> None:
    found = {told(tipo=kind, campos=[]) for kind in OF_LEADS - {EventKind.LEAD_MOVIDO}}
    assert len(found) == len(OF_LEADS) - 1
    assert all(each.startswith("Ana ") and each.endswith(".") for each in found)
    assert told(tipo="de amanhã") == "Ana registrou uma mudança."
    assert told(tipo="lead_alterado", campos=["cor"]) == "Ana mudou cor."


@pytest.mark.parametrize("kind", list(ActivityKind))
@pytest.mark.parametrize("result", [*Result, None])
def test_every_activity_has_a_sentence(kind: str, result: str | None) -> None:
    done = told(origem="atividade", tipo=kind, resultado=result, concluida_em=NOW)
    assert done.startswith("Ana ") and done.endswith(".")
    assert (": " in done) is (result is not None)
    open_one = told(origem="atividade", tipo=kind, prevista_para=NOW)
    assert open_one.endswith(" para 01/03/2026 09:00.")
    over = {"origem": "atividade", "tipo": kind, "prevista_para": NOW, "concluida_em": NOW}
    assert told(**over).endswith(" para 01/03/2026 09:00: feito.")
    assert told(**over, encerrada=True).endswith(" para 01/03/2026 09:00: tarefa encerrada.")


def test_a_stage_without_a_name_is_told_by_its_key() -> None:
    moved = {"tipo": "lead_movido", "de_etapa": "antiga", "para_etapa": "novo", "para_nome": "Novo"}
    assert told(**moved) == "Ana moveu de antiga para Novo."


def test_who_did_it_in_another_way_is_told() -> None:
    deleted = {"tipo": "lead_excluido"}
    assert told(**deleted, trabalho_id=3) == "Ana excluiu o lead, em lote."
    assert told(**deleted, chave_id=3) == "Uma integração excluiu o lead."
    nobody = NOTHING._replace(tipo="lead_criado", importacao_id=3)
    assert sentence(nobody, "UTC") == "Importado pelo sistema."
