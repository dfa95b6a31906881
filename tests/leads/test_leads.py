"""Creating and reading one lead."""

import pytest
from sqlalchemy import Engine

from tests.support.api import Api, Team, new_email
from tests.support.leads import create, events, new_cpf, new_phone, rows

FIELDS = (
    "id nome email telefone documento empresa cidade uf produto valor renda_mensal origem campanha "
    "etiquetas etapa motivo_perda responsavel_id proximo_contato_em ultimo_contato_em fechado_em "
    "previsto_para nao_contatar_em score faixa probabilidade atributos id_externo versao "
    "etapa_desde criado_em atualizado_em"
).split()


def test_a_name_is_enough(team: Team) -> None:
    lead = create(team.gestor.api, nome="  Padaria Exemplo ")
    assert list(lead) == [*FIELDS, "contatos"]
    assert (lead["nome"], lead["etapa"], lead["versao"]) == ("Padaria Exemplo", "novo", 1)
    assert (lead["etiquetas"], lead["atributos"], lead["responsavel_id"]) == ([], {}, None)


def test_every_field_is_kept_and_read_back(team: Team) -> None:
    given = {
        "nome": "Lead Exemplo",
        "email": new_email("lead"),
        "telefone": new_phone(),
        "documento": new_cpf(),
        "empresa": "Padaria Central",
        "cidade": "São José",
        "uf": "SP",
        "produto": "consórcio",
        "valor": "150000.55",
        "renda_mensal": "8000.00",
        "origem": "indicação",
        "campanha": "outubro",
        "etiquetas": ["vip", "retorno"],
        "etapa": "perdido",
        "motivo_perda": "sem orçamento",
        "responsavel_id": team.vendedor.id,
        "proximo_contato_em": "2031-08-01T14:30:00.000000Z",
        "ultimo_contato_em": "2026-01-02T03:04:05.678900Z",
        "atributos": {"idade": 41, "lista": [1, None, "x"], "nó": {"a": True}},
        "id_externo": "crm-4711",
    }
    lead = create(team.gestor.api, **given)
    written = {name: lead[name] for name in given}
    for name in ("proximo_contato_em", "ultimo_contato_em"):
        assert written.pop(name).rstrip("0Z").rstrip(".0") == given.pop(name).rstrip("0Z").rstrip(
            ".0"
        )
    assert written == given
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def test_document_phone_email_and_state_are_normalised(team: Team) -> None:
    document, phone, email = new_cpf(), new_phone(), new_email("lead")
    masked = f"{document[:3]}.{document[3:6]}.{document[6:9]}-{document[9:]}"
    lead = create(
        team.gestor.api,
        documento=f" {masked} ",
        telefone=f"({phone[3:5]}) {phone[5:10]}-{phone[10:]}",
        email=f" {email.upper()} ",
        uf="sp",
    )
    assert lead["documento"] == document
    assert lead["telefone"] == phone
    assert lead["email"] == email
    assert lead["uf"] == "SP"


def test_text_is_trimmed_and_composed(team: Team) -> None:
    lead = create(team.gestor.api, nome=" Joa\u0303o ", etiquetas=[" vip ", "vip", "frio"])
    assert lead["nome"] == "Jo\u00e3o"
    assert lead["etiquetas"] == ["vip", "frio"]


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("0.10", "0.10"),
        (0.1, "0.10"),
        ("0", "0.00"),
        (7, "7.00"),
        ("999999999999.99", "999999999999.99"),
        (1234.56, "1234.56"),
    ],
)
def test_money_is_exact(team: Team, sent: object, kept: str) -> None:
    lead = create(team.gestor.api, valor=sent, renda_mensal=sent)
    assert (lead["valor"], lead["renda_mensal"]) == (kept, kept)


@pytest.mark.parametrize(
    "valor", ["-0.01", "0.001", "1000000000000.00", "NaN", "Infinity", "1e400", "", "dez", True, []]
)
def test_an_invalid_value_is_refused(team: Team, valor: object) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "L", "valor": valor})
    assert reply.status == 422
    assert list(reply.campos) == ["valor"]


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("documento", "11111111111", "DOCUMENTO_INVALIDO"),
        ("documento", "12345678900", "DOCUMENTO_INVALIDO"),
        ("email", "sem-arroba", "EMAIL_INVALIDO"),
        ("telefone", "123", "TELEFONE_INVALIDO"),
        ("uf", "XX", "VALOR_INVALIDO"),
        ("etapa", "inexistente", "ETAPA_INEXISTENTE"),
        ("proximo_contato_em", "2026-08-01T14:30:00", "DATA_INVALIDA"),
        ("nome", "   ", "OBRIGATORIO"),
        ("nome", "x" * 161, "LONGO_DEMAIS"),
        ("nome", None, "TIPO_INVALIDO"),
        ("etiquetas", ["a,b"], "VALOR_INVALIDO"),
        ("etiquetas", [str(n) for n in range(21)], "LONGO_DEMAIS"),
        ("atributos", {str(n): n for n in range(101)}, "LONGO_DEMAIS"),
        ("atributos", {"a": {"b": {"c": {"d": 1}}}}, "LONGO_DEMAIS"),
        ("atributos", {"a": "x" * 16_400}, "LONGO_DEMAIS"),
        ("atributos", {"": 1}, "LONGO_DEMAIS"),
        ("atributos", {"a": 10**30}, "TEXTO_INVALIDO"),
        ("versao", 7, "CAMPO_DESCONHECIDO"),
        ("score", 100, "CAMPO_DESCONHECIDO"),
        ("equipe_id", 1, "CAMPO_DESCONHECIDO"),
        ("fechado_em", "2026-08-01T14:30:00Z", "CAMPO_DESCONHECIDO"),
    ],
)
def test_a_bad_field_is_named_with_its_code(
    team: Team, field: str, value: object, code: str
) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "Lead", field: value})
    assert reply.status == 422
    assert {path.split(".")[0]: found for path, found in reply.campos.items()} == {field: code}


@pytest.mark.parametrize("field", ["nome", "empresa", "cidade", "produto", "origem", "etiquetas"])
@pytest.mark.parametrize("char", ["\ufdfa", "\U0001d160", "\ufb03", "\u0958"])
def test_text_that_grows_when_normalised_is_bounded(team: Team, field: str, char: str) -> None:
    limit = 40 if field == "etiquetas" else 80
    value: object = [char * limit] if field == "etiquetas" else char * limit * 2
    body = {"nome": "Lead", field: value}
    assert team.gestor.api.post("/leads", body).status in (201, 422)


def test_nothing_is_kept_of_a_refused_lead(team: Team, sql: Engine) -> None:
    team.gestor.api.post("/leads", {"nome": "Lead", "etapa": "inexistente"})
    team.gestor.api.post("/leads", {"nome": "Lead", "etapa": "perdido"})
    counted = "select count(*) from {} where equipe_id = :e"
    assert rows(sql, counted.format("leads"), e=team.equipe_id) == [(0,)]
    assert rows(sql, counted.format("lead_pontuacao"), e=team.equipe_id) == [(0,)]


def test_creating_writes_one_event_that_names_the_given_fields(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, nome="Segredo", email=new_email("lead"), etapa="contatado")
    assert events(sql, lead["id"]) == [
        ("lead_criado", ["email", "etapa", "nome"], None, "contatado", team.gestor.id)
    ]


def test_the_new_lead_is_where_location_says(team: Team) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "Lead"})
    assert team.gestor.api.get(reply.headers["Location"]).data == reply.data


def test_an_unchanged_lead_is_not_sent_again(team: Team) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "Lead"})
    path, tag = f"/leads/{reply.data['id']}", reply.headers["ETag"]
    for sent in (tag, f"W/{tag}", f'"x", {tag}', "*"):
        again = team.gestor.api.get(path, headers={"If-None-Match": sent})
        assert (again.status, again.raw, again.headers["ETag"]) == (304, b"", tag)


def test_a_changed_lead_is_sent_with_another_etag(team: Team) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "Lead"})
    path, tag = f"/leads/{reply.data['id']}", reply.headers["ETag"]
    team.gestor.api.patch(path, {"nome": "Outro"})
    again = team.gestor.api.get(path, headers={"If-None-Match": tag})
    assert (again.status, again.data["nome"]) == (200, "Outro")
    assert again.headers["ETag"] != tag


def test_personal_data_is_not_cached_by_others(team: Team) -> None:
    lead = create(team.gestor.api)
    assert team.gestor.api.get("/leads").headers["Cache-Control"] == "no-store"
    assert team.gestor.api.get(f"/leads/{lead['id']}").headers["Cache-Control"] == "no-store"


def test_a_missing_and_a_foreign_lead_read_the_same(team: Team, other_team: Team) -> None:
    foreign = create(other_team.gestor.api)["id"]

    def answer(lead_id: int) -> object:
        reply = team.gestor.api.get(f"/leads/{lead_id}")
        body = reply.body or {}
        return reply.status, body["message"], body["data"]["codigo"]

    assert answer(foreign) == answer(2**62) == (404, "Recurso não encontrado.", "NAO_ENCONTRADO")


def test_leads_cannot_be_read_without_a_token(api: Api, team: Team) -> None:
    lead = create(team.gestor.api)
    for path in ("/leads", f"/leads/{lead['id']}", f"/leads/{lead['id']}/score"):
        reply = api.get(path)
        assert (reply.status, reply.codigo) == (401, "NAO_AUTENTICADO")
        assert reply.headers["WWW-Authenticate"].startswith("Bearer")
