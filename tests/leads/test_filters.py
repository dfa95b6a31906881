"""What each filter of the list lets through."""

from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Team, new_email
from tests.support.leads import all_leads, create, new_cpf, new_phone, run


def names(team: Team, **query: Any) -> str:
    """The names of the leads that a filter lets through, in alphabetical order."""
    return "".join(sorted(lead["nome"] for lead in all_leads(team.gestor.api, **query)))


def searched(team: Team, **body: Any) -> str:
    reply = team.gestor.api.post("/leads/search", {"limite": 100, **body})
    assert reply.status == 200, reply.body
    return "".join(sorted(lead["nome"] for lead in reply.data["itens"]))


@pytest.mark.parametrize(
    ("field", "values"),
    [
        ("etapa", ("contatado", "proposta", "ganho")),
        ("origem", ("site", "indicação", "lista")),
        ("uf", ("SP", "RJ", "MG")),
        ("produto", ("consórcio", "seguro", "crédito")),
    ],
)
def test_a_repeated_value_means_any_of(team: Team, field: str, values: tuple[str, ...]) -> None:
    for name, value in zip("ABC", values, strict=True):
        create(team.gestor.api, nome=name, **{field: value})
    create(team.gestor.api, nome="Z")
    first, second, _ = values
    assert names(team, **{field: first}) == searched(team, **{field: [first]}) == "A"
    assert names(team, **{field: [first, second]}) == "AB"
    assert searched(team, **{field: [first, second]}) == "AB"
    absent = {"uf": "AC", "etapa": "qualificado"}.get(field, "inexistente")
    assert names(team, **{field: absent}) == ""


def test_bands_are_filtered_too(team: Team) -> None:
    create(team.gestor.api, nome="F", origem="lista fria")
    create(team.gestor.api, nome="M", origem="indicação")
    create(team.gestor.api, nome="Q", origem="indicação", etapa="proposta")
    assert [names(team, faixa=band) for band in ("frio", "morno", "quente")] == ["F", "M", "Q"]
    assert names(team, faixa=["frio", "quente"]) == "FQ"
    assert names(team, faixa=["frio", "quente"], ordenar="-score") == "FQ"


def test_repeated_labels_mean_all_of(team: Team) -> None:
    create(team.gestor.api, nome="A", etiquetas=["vip"])
    create(team.gestor.api, nome="B", etiquetas=["vip", "retorno"])
    create(team.gestor.api, nome="C", etiquetas=["retorno", "vip", "x"])
    create(team.gestor.api, nome="D", etiquetas=["vi"])
    assert names(team, etiqueta="vip") == "ABC"
    assert names(team, etiqueta=["vip", "retorno"]) == "BC"
    assert searched(team, etiqueta=["x", "retorno"]) == "C"


def test_by_responsible_and_by_none(team: Team) -> None:
    create(team.gestor.api, nome="A", responsavel_id=team.vendedor.id)
    create(team.gestor.api, nome="B", responsavel_id=team.colleague.id)
    create(team.gestor.api, nome="C")
    assert names(team, responsavel_id=team.vendedor.id) == "A"
    assert searched(team, responsavel_id=team.colleague.id) == "B"
    assert names(team, responsavel_id="nenhum") == searched(team, responsavel_id="nenhum") == "C"


def test_filters_of_different_names_are_joined_by_and(team: Team) -> None:
    create(team.gestor.api, nome="A", uf="SP", origem="site")
    create(team.gestor.api, nome="B", uf="SP", origem="lista")
    create(team.gestor.api, nome="C", uf="RJ", origem="site")
    assert names(team, uf="SP", origem=["site", "x"]) == "A"


@pytest.fixture
def dated(team: Team, sql: Engine) -> Team:
    """Leads around the local midnights of 1 and 2 August (03:00 UTC)."""
    moments = {
        "A": "2026-08-01T02:59:59.999999Z",
        "B": "2026-08-01T03:00:00Z",
        "C": "2026-08-02T02:59:59.999999Z",
        "D": "2026-08-02T03:00:00Z",
        "E": "2026-08-03T03:00:00Z",
    }
    for name, moment in moments.items():
        lead = create(team.gestor.api, nome=name)
        run(sql, "update leads set criado_em = :m where id = :id", m=moment, id=lead["id"])
    return team


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"criado_de": "2026-08-01"}, "BCDE"),
        ({"criado_ate": "2026-08-01"}, "ABC"),
        ({"criado_de": "2026-08-01", "criado_ate": "2026-08-01"}, "BC"),
        ({"criado_de": "2026-08-01", "criado_ate": "2026-08-02"}, "BCD"),
        ({"criado_de": "2026-08-02T03:00:00Z"}, "DE"),
        ({"criado_ate": "2026-08-02T03:00:00Z"}, "ABC"),
        ({"criado_ate": "2026-08-02T00:00:00Z"}, "AB"),
        ({"criado_ate": "2026-08-02T00:00:00-03:00"}, "ABC"),
        ({"criado_de": "2026-08-01T03:00:00Z", "criado_ate": "2026-08-01T03:00:00Z"}, ""),
        ({"criado_de": "2026-08-02", "criado_ate": "2026-08-01"}, ""),
    ],
)
def test_days_are_in_the_equipes_zone_and_intervals_are_half_open(
    dated: Team, query: dict[str, str], found: str
) -> None:
    assert names(dated, **query) == searched(dated, **query) == found


def test_days_follow_the_equipes_zone(dated: Team) -> None:
    dated.gestor.api.patch("/equipe", {"fuso": "UTC"})
    assert names(dated, criado_de="2026-08-01", criado_ate="2026-08-01") == "AB"


@pytest.mark.parametrize(
    ("q", "found"),
    [
        ("joao", "João da Silva"),
        ("JOÃO", "João da Silva"),
        ("jo\u0061\u0303o", "João da Silva"),
        ("  da   silva ", "João da Silva"),
        ("padaria sao", "Lead"),
        ("lead padaria", "Lead"),
        ("%", "100% Crédito"),
        ("0%", "100% Crédito"),
        ("_", "a_b"),
        ("a_b", "a_b"),
        ("\\", "c\\d"),
        ("c\\d", "c\\d"),
        ("' or 1=1 --", ""),
    ],
)
def test_q_finds_names_and_companies_as_they_are_typed(team: Team, q: str, found: str) -> None:
    for name in ("João da Silva", "100% Crédito", "a_b", "axb", "c\\d"):
        create(team.gestor.api, nome=name)
    create(team.gestor.api, nome="Lead", empresa="Padaria São José")
    assert names(team, q=q) == searched(team, q=q) == found


def test_q_follows_a_change_of_name(team: Team) -> None:
    lead = create(team.gestor.api, nome="Antes")
    team.gestor.api.patch(f"/leads/{lead['id']}", {"nome": "Depois", "empresa": "Açaí"})
    assert (names(team, q="antes"), names(team, q="acai")) == ("", "Depois")


def test_search_finds_a_person_by_document_email_or_phone(team: Team) -> None:
    document, email, phone = new_cpf(), new_email("lead"), new_phone()
    create(team.gestor.api, nome="A", documento=document, email=email, telefone=phone)
    create(team.gestor.api, nome="B", documento=new_cpf())
    masked = f"{document[:3]}.{document[3:6]}.{document[6:9]}-{document[9:]}"
    old = f"{phone[3:5]} {phone[6:]}"
    for key in ({"documento": masked}, {"email": email.upper()}, {"telefone": old}):
        assert searched(team, **key) == "A"
    assert searched(team, documento=document, email=new_email("outro")) == ""
    assert searched(team, documento=document, etapa=["novo"]) == "A"


def test_personal_keys_are_no_query_parameters(team: Team) -> None:
    for name in ("documento", "email", "telefone"):
        reply = team.gestor.api.get("/leads", query_string={name: "x"})
        assert reply.campos == {name: "CAMPO_DESCONHECIDO"}


@pytest.mark.parametrize(
    ("query", "campo", "codigo"),
    [
        ("etapas=novo", "etapas", "CAMPO_DESCONHECIDO"),
        ("page=2", "page", "CAMPO_DESCONHECIDO"),
        ("equipe_id=1", "equipe_id", "CAMPO_DESCONHECIDO"),
        ("limite=5&limite=6", "limite", "REPETIDO"),
        ("q=a&q=b", "q", "REPETIDO"),
        ("ordenar=valor&ordenar=-valor", "ordenar", "REPETIDO"),
        ("limite=0", "limite", "FORA_DA_FAIXA"),
        ("limite=101", "limite", "FORA_DA_FAIXA"),
        ("limite=-1", "limite", "FORA_DA_FAIXA"),
        ("limite=abc", "limite", "TIPO_INVALIDO"),
        ("limite=", "limite", "TIPO_INVALIDO"),
        ("limite=1.5", "limite", "TIPO_INVALIDO"),
        (f"limite={'9' * 30}", "limite", "FORA_DA_FAIXA"),
        ("ordenar=nome", "ordenar", "VALOR_INVALIDO"),
        ("ordenar=--valor", "ordenar", "VALOR_INVALIDO"),
        ("ordenar=valor;drop", "ordenar", "VALOR_INVALIDO"),
        ("faixa=fervendo", "faixa.0", "VALOR_INVALIDO"),
        ("uf=XX", "uf.0", "VALOR_INVALIDO"),
        ("responsavel_id=eu", "responsavel_id", "TIPO_INVALIDO"),
        ("criado_de=ontem", "criado_de", "DATA_INVALIDA"),
        ("criado_de=2026-02-30", "criado_de", "DATA_INVALIDA"),
        ("criado_de=2026-08-01T00:00:00", "criado_de", "DATA_INVALIDA"),
        ("criado_ate=9999-12-31", "criado_ate", "DATA_INVALIDA"),
        ("criado_de=2026-W32-1", "criado_de", "DATA_INVALIDA"),
        ("q=", "q", "CURTO_DEMAIS"),
        ("total=sim", "total", "VALOR_INVALIDO"),
        ("&".join(["etapa=x"] * 21), "etapa", "LONGO_DEMAIS"),
    ],
)
def test_a_bad_parameter_is_named(team: Team, query: str, campo: str, codigo: str) -> None:
    reply = team.gestor.api.get(f"/leads?{query}")
    assert reply.status == 422
    assert reply.campos.get(campo) == codigo, reply.data


def test_every_word_of_a_search_is_looked_for_in_any_order(team: Team) -> None:
    lead = create(team.gestor.api, nome="José da Silva", empresa="Padaria Central")
    create(team.gestor.api, nome="José Souza")
    found = team.gestor.api.get("/leads", query_string={"q": "padaria JOSE"}).data["itens"]
    assert [item["id"] for item in found] == [lead["id"]]


def test_a_search_for_accents_alone_is_refused(team: Team) -> None:
    reply = team.gestor.api.get("/leads", query_string={"q": "\u0301"})
    assert reply.campos == {"q": "VALOR_INVALIDO"}
