"""What an activity may say, field by field."""

from typing import Any

import pytest

from models.activity import MAX_TEXT
from tests.support.activities import act, at, of_lead, post
from tests.support.api import Team
from tests.support.leads import create, imported, new_cpf

LATER = "2031-05-02T12:00:00Z"
DATES = [
    ("0001-01-01T00:00:00Z", "DATA_INVALIDA"),
    ("9999-12-31T23:59:59Z", "DATA_INVALIDA"),
    ("1899-12-31T23:59:59Z", "DATA_INVALIDA"),
    ("2031-05-02", "DATA_INVALIDA"),
    ("2031-05-02T12:00:00", "DATA_INVALIDA"),
    (20310502, "DATA_INVALIDA"),
]
WRONG: list[tuple[dict[str, Any], str, str]] = [
    ({"tipo": "visita"}, "tipo", "VALOR_INVALIDO"),
    ({"tipo": None}, "tipo", "VALOR_INVALIDO"),
    ({"resultado": "sumiu"}, "resultado", "VALOR_INVALIDO"),
    ({"resultado": 1}, "resultado", "VALOR_INVALIDO"),
    ({"tipo": "nota", "resultado": "atendeu"}, "resultado", "VALOR_INVALIDO"),
    ({"texto": "a\0b"}, "texto", "TEXTO_INVALIDO"),
    ({"texto": " \n "}, "texto", "OBRIGATORIO"),
    ({"texto": ""}, "texto", "CURTO_DEMAIS"),
    ({"texto": 7}, "texto", "TIPO_INVALIDO"),
    ({"texto": "x" * (MAX_TEXT + 1)}, "texto", "LONGO_DEMAIS"),
    *(
        ({name: date}, name, code)
        for name in ("prevista_para", "concluida_em")
        for date, code in DATES
    ),
    ({"concluida_em": at(minutes=5)}, "concluida_em", "FORA_DA_FAIXA"),
    ({"etapa": "lugar nenhum"}, "etapa", "ETAPA_INEXISTENTE"),
    ({"motivo_perda": "preço"}, "motivo_perda", "VALOR_INVALIDO"),
    ({"etapa": "contatado", "motivo_perda": "preço"}, "motivo_perda", "VALOR_INVALIDO"),
    ({"etapa": "perdido"}, "motivo_perda", "MOTIVO_OBRIGATORIO"),
    ({"lead_id": 1}, "lead_id", "CAMPO_DESCONHECIDO"),
    ({"usuario_id": 1}, "usuario_id", "CAMPO_DESCONHECIDO"),
    ({"responsavel_id": 1}, "responsavel_id", "CAMPO_DESCONHECIDO"),
]


@pytest.mark.parametrize(("said", "field", "code"), WRONG)
def test_what_is_refused(team: Team, said: dict[str, Any], field: str, code: str) -> None:
    """When it is written and when it is changed alike, and nothing is kept of it."""
    lead = create(team.vendedor.api)
    reply = team.vendedor.api.post(f"/leads/{lead['id']}/activities", {"tipo": "ligacao", **said})
    assert (reply.status, reply.campos) == (422, {field: code})
    assert of_lead(team.vendedor.api, lead["id"]) == []
    known = act(team.vendedor.api, lead)
    reply = team.vendedor.api.patch(f"/activities/{known['atividade']['id']}", said)
    assert (reply.status, reply.campos) == (422, {field: code})
    assert of_lead(team.vendedor.api, lead["id"]) == [known["atividade"]]
    assert team.vendedor.api.get(f"/leads/{lead['id']}").data == known["lead"]


@pytest.mark.parametrize("field", ["etapa", "motivo_perda"])
def test_a_lead_is_not_emptied_by_an_activity(team: Team, field: str) -> None:
    lead = create(team.vendedor.api)
    known = act(team.vendedor.api, lead, **{field: None})["atividade"]["id"]
    reply = team.vendedor.api.patch(f"/activities/{known}", {field: None})
    assert (reply.status, reply.campos) == (422, {field: "TIPO_INVALIDO"})
    reply = team.vendedor.api.patch(f"/activities/{known}", {"contato": "x"})
    assert (reply.status, reply.campos) == (422, {"contato": "CAMPO_DESCONHECIDO"})


def test_a_kind_is_needed_and_a_text_is_composed(team: Team) -> None:
    lead = create(team.vendedor.api)
    path = f"/leads/{lead['id']}/activities"
    assert team.vendedor.api.post(path, {}).campos == {"tipo": "OBRIGATORIO"}
    found = act(team.vendedor.api, lead, texto="  Jose\u0301  ")["atividade"]
    assert found["texto"] == "José"
    long = act(team.vendedor.api, lead, texto="é" * MAX_TEXT)["atividade"]
    assert len(long["texto"]) == MAX_TEXT
    emptied = {"texto": None, "resultado": None, "prevista_para": None, "concluida_em": None}
    assert act(team.vendedor.api, lead, **emptied)["atividade"]["texto"] is None


@pytest.mark.parametrize("date", ["0001-01-01T00:00:00Z", "9999-12-31T23:59:59Z"])
def test_a_next_contact_is_of_our_time_too(team: Team, date: str) -> None:
    lead = create(team.vendedor.api)
    reply = team.vendedor.api.patch(f"/leads/{lead['id']}", {"proximo_contato_em": date})
    assert (reply.status, reply.campos) == (422, {"proximo_contato_em": "DATA_INVALIDA"})


@pytest.mark.parametrize(
    ("query", "field", "code"),
    [
        ("responsavel_id=ninguem", "responsavel_id", "VALOR_INVALIDO"),
        ("responsavel_id=0", "responsavel_id", "FORA_DA_FAIXA"),
        ("limite=0", "limite", "FORA_DA_FAIXA"),
        ("limite=101", "limite", "FORA_DA_FAIXA"),
        ("de=ontem", "de", "CAMPO_DESCONHECIDO"),
    ],
)
def test_what_is_asked_of_tasks(team: Team, query: str, field: str, code: str) -> None:
    reply = team.gestor.api.get(f"/tasks?{query}")
    assert (reply.status, reply.campos) == (422, {field: code})


def test_nothing_was_done_about_a_lead_before_there_was_one(team: Team) -> None:
    """An imported lead may be of long ago, and so may be what was done about it."""
    api, lead = team.vendedor.api, create(team.vendedor.api)
    early = {"tipo": "ligacao", "concluida_em": at(minutes=-5)}
    path = f"/leads/{lead['id']}/activities"
    refused = api.post(path, early)
    assert (refused.status, refused.campos) == (422, {"concluida_em": "FORA_DA_FAIXA"})
    assert "criação do lead" in refused.data["erros"][0]["mensagem"]
    known = act(api, lead)["atividade"]
    known_path = f"/activities/{known['id']}"
    assert api.patch(known_path, {"concluida_em": at(days=-1)}).status == 422
    assert api.patch(known_path, {"concluida_em": known["concluida_em"]}).status == 200
    assert api.post(path, {"tipo": "ligacao", "concluida_em": lead["criado_em"]}).status == 201
    document = new_cpf()
    file = (
        f"nome,documento,responsavel_id,criado_em\nAna,{document},{team.vendedor.id},2024-01-01\n"
    )
    imported(team.gestor.api, file)
    (old,) = team.gestor.api.post("/leads/search", {"documento": document}).data["itens"]
    assert act(api, old, concluida_em="2024-06-01T12:00:00Z")
    assert post(api, old, concluida_em="2023-12-30T12:00:00Z").status == 422
