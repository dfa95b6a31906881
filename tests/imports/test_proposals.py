"""What the columns of a file are proposed to be, by their names and by what stands below them.

All people here are made up.
"""

from typing import Any

import pytest

from services.imports.converting.converters import TeamFacts
from services.imports.proposing.masking import masked
from services.imports.proposing.proposals import Proposed, propose
from services.imports.proposing.sources import COMMON, SOURCES, bare, recognised
from services.imports.proposing.values import Known
from services.leads.fields import FIELDS

_KINDS = {"novo": "aberta", "contatado": "aberta", "proposta": "aberta"}
_KINDS |= {"ganho": "ganha", "perdido": "perdida"}
_PEOPLE = {1: "vera@exemplo.com.br", 2: "caio@exemplo.com.br"}
_STAGES = {chave: chave for chave in _KINDS}
_REASONLESS = TeamFacts(_KINDS, _STAGES, _PEOPLE, None, "America/Sao_Paulo")
_KNOWN = Known(_REASONLESS, {"vera exemplo": 1, "caio exemplo": 2})


def _propose(header: str, *rows: str, known: Known = _KNOWN) -> Proposed:
    lines = [(number, row.split(";")) for number, row in enumerate(rows, 2)]
    return propose(header.split(";"), lines, known)


def _fields(proposed: Proposed) -> dict[str, Any]:
    return {each["coluna"]: each["campo"] for each in proposed.columns}


def _column(proposed: Proposed, name: str) -> dict[str, Any]:
    return next(each for each in proposed.columns if each["coluna"] == name)


# Header lines as six systems export them, and the field of each column.
EXPORTS = {
    "HubSpot": {
        "Record ID": "id_externo",
        "First Name": "nome",
        "Last Name": "sobrenome",
        "Email": "email",
        "Phone Number": "telefone",
        "City": "cidade",
        "State/Region": "uf",
        "Company name": "empresa",
        "Contact owner": "responsavel_id",
        "Lead Status": "etapa",
        "Create Date": "criado_em",
    },
    "RD Station": {
        "Email": "email",
        "Nome": "nome",
        "Telefone": "telefone",
        "Celular": "contatos",
        "Empresa": "empresa",
        "Cargo": "atributos.Cargo",
        "Estado": "uf",
        "Cidade": "cidade",
        "Tags": "etiquetas",
        "Origem da primeira conversão": "origem",
        "Data da primeira conversão": "criado_em",
    },
    "Pipedrive": {
        "Pessoa - Nome": "nome",
        "Pessoa - Telefone": "telefone",
        "Pessoa - E-mail": "email",
        "Organização - Nome": "empresa",
        "Negócio - Título": "atributos.Negócio - Título",
        "Negócio - Valor": "valor",
        "Negócio - Etapa": "etapa",
        "Negócio - Proprietário": "responsavel_id",
    },
    "Agendor": {
        "Nome": "nome",
        "CPF": "documento",
        "E-mail": "email",
        "Telefone": "telefone",
        "Celular": "contatos",
        "WhatsApp": "contatos",
        "Cargo": "atributos.Cargo",
        "Empresa": "empresa",
        "Cidade": "cidade",
        "Estado": "uf",
        "Origem": "origem",
        "Usuário responsável": "responsavel_id",
    },
    "Kommo": {
        "ID": "id_externo",
        "Título do lead": "atributos.Título do lead",
        "Nome completo": "nome",
        "Telefone comercial": "contatos",
        "Celular": "telefone",
        "Email comercial": "email",
        "Venda": "valor",
        "Etapa do lead": "etapa",
        "Funil de vendas": "atributos.Funil de vendas",
        "Usuário responsável": "responsavel_id",
        "Tags": "etiquetas",
        "Criado em": "criado_em",
    },
    "Meta": {
        "id": "id_externo",
        "created_time": "criado_em",
        "ad_name": "atributos.ad_name",
        "adset_name": "atributos.adset_name",
        "campaign_name": "campanha",
        "form_name": "atributos.form_name",
        "is_organic": "atributos.is_organic",
        "platform": "origem",
        "full_name": "nome",
        "phone_number": "telefone",
        "email": "email",
    },
}


@pytest.mark.parametrize("source", EXPORTS)
def test_the_header_of_an_export_tells_its_source_and_its_fields(source: str) -> None:
    expected = EXPORTS[source]
    found = recognised(expected)
    assert found and found.name == source
    proposed = _propose(";".join(expected))
    assert _fields(proposed) == expected
    assert all(0 <= each["confianca"] <= 1 and each["motivo"] for each in proposed.columns)


@pytest.mark.parametrize("shout", [str.upper, str.lower, lambda name: f"\u200b {name} "])
def test_a_header_is_known_however_it_is_written(shout: Any) -> None:
    for source, expected in EXPORTS.items():
        written = [shout(name) for name in expected]
        found = recognised(written)
        assert found and found.name == source
        proposed = propose(written, [], _KNOWN)
        named = [each["campo"] for each in proposed.columns]
        known = [campo for campo in expected.values() if not campo.startswith("atributos.")]
        assert [campo for campo in named if not campo.startswith("atributos.")] == known


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("Nome completo", "nome"),
        ("CPF/CNPJ", "documento"),
        ("cpf ou cnpj", "documento"),
        ("Razão Social", "empresa"),
        ("Município", "cidade"),
        ("Fonte", "origem"),
        ("Etapa do funil", "etapa"),
        ("Valor (R$)", "valor"),
        ("Salário", "renda_mensal"),
        ("WhatsApp", "telefone"),
        ("Data de Cadastro", "criado_em"),
        ("Motivo da perda", "motivo_perda"),
        ("Previsão de fechamento", "previsto_para"),
        ("Produto de interesse", "produto"),
        ("Marcadores", "etiquetas"),
    ],
)
def test_usual_names_are_proposed_and_are_less_sure_than_a_field_s_own(
    name: str, field: str
) -> None:
    column = _column(_propose(f"{name};uf"), name)
    assert column["campo"] == field
    assert 0.5 < column["confianca"] < _column(_propose(f"{field};uf"), field)["confianca"]


def test_the_cells_decide_what_a_name_with_two_meanings_is() -> None:
    for cells, field in (("SP RJ MG", "uf"), ("Novo Proposta Ganho", "etapa")):
        assert _fields(_propose("Nome;Estado", *(f"Ana;{cell}" for cell in cells.split()))) == {
            "Nome": "nome",
            "Estado": field,
        }
    for cell, field in (
        ("Ana Exemplo", "nome"),
        ("(11) 98765-4321", "telefone"),
        ("ana@exemplo.com.br", "email"),
    ):
        assert _fields(_propose("Contato;uf", f"{cell};SP"))["Contato"] == field


def test_a_column_without_a_known_name_is_known_by_its_cells() -> None:
    rows = ["529.982.247-25;x1;a1@exemplo.com.br", "111.444.777-35;x2;a2@exemplo.com.br"]
    proposed = _propose("col1;col2;col3", *rows, "390.533.447-05;x3;a3@exemplo.com.br")
    assert _fields(proposed) == {
        "col1": "documento",
        "col2": "atributos.col2",
        "col3": "email",
    }
    assert _column(proposed, "col1")["confianca"] < 0.7
    # Two cells may be chance.
    assert _fields(_propose("col1;col2;col3", *rows))["col1"] == "atributos.col1"


def test_cells_that_do_not_fit_are_named_and_make_a_field_less_sure() -> None:
    rows = ["(11) 98765-4321", "ligar depois", "(11) 98765-4322", "N/A", "(11) 98765-4323"]
    column = _column(_propose("Celular", *rows), "Celular")
    assert (column["campo"], column["confianca"]) == ("telefone", round(0.9 * 3 / 4, 2))
    assert column["contradicoes"] == [
        {"linha": 3, "valor": "l*** d***", "mensagem": column["contradicoes"][0]["mensagem"]}
    ]
    assert "3 de 4" in column["motivo"]


def test_a_column_whose_cells_are_something_else_is_no_field() -> None:
    column = _column(_propose("Celular;uf", "ligar;SP", "não;SP", "(11) 98765-4321;SP"), "Celular")
    assert (column["campo"], column["confianca"]) == ("atributos.Celular", 0)
    assert [each["linha"] for each in column["contradicoes"]] == [2, 3]
    # A field's own name is certain: its lines will be refused, and the preview says so.
    own = _column(_propose("telefone;uf", "ligar;SP", "não;SP"), "telefone")
    assert (own["campo"], own["confianca"], len(own["contradicoes"])) == ("telefone", 0, 2)


def test_few_words_over_and_over_are_no_names_and_numbers_no_words() -> None:
    rows = [f"{'celular' if n % 2 else 'fixo'};{n};{n}" for n in range(30)]
    proposed = _propose("Contact;Campaign;Nome", *rows)
    fields = _fields(proposed)
    assert fields["Contact"] == "atributos.Contact"
    assert fields["Campaign"] == "atributos.Campaign"
    # They tell of nobody, so they are shown.
    assert _column(proposed, "Contact")["amostra"] == ["fixo", "celular"]
    # Of a field's own name only the confidence falls.
    assert (fields["Nome"], _column(proposed, "Nome")["confianca"]) == ("nome", 0)


def test_a_column_that_is_written_in_two_ways_contradicts_itself() -> None:
    column = _column(_propose("Valor total", "1.234,56", "1,234.56"), "Valor total")
    assert column["campo"] == "valor"
    assert "linha 2" in column["contradicoes"][0]["mensagem"]
    assert "linha 3" in column["contradicoes"][0]["mensagem"]


def test_a_surname_that_the_name_has_already_is_not_joined() -> None:
    apart = _propose("Primeiro nome;Sobrenome", "Ana;Exemplo", "Bia;Exemplo")
    assert _fields(apart) == {"Primeiro nome": "nome", "Sobrenome": "sobrenome"}
    whole = _propose("Nome;Sobrenome", "Ana Exemplo;Exemplo", "Bia Exêmplo;EXEMPLO")
    assert _fields(whole) == {"Nome": "nome", "Sobrenome": "atributos.Sobrenome"}


def test_a_second_column_of_a_field_is_kept_as_an_attribute() -> None:
    proposed = _propose("Valor da carta;Preço", "100;200")
    assert sorted(_fields(proposed).values()) == ["atributos.Preço", "valor"]
    assert _column(proposed, "Preço")["motivo"].startswith("O campo valor já vem")


def test_the_column_that_says_more_is_the_principal_telephone() -> None:
    rows = ["(11) 98765-4321;", "(11) 98765-4322;(11) 3765-4322"]
    proposed = _propose(
        "Telefone residencial;Celular", *[";".join(r.split(";")[::-1]) for r in rows]
    )
    assert _fields(proposed) == {"Telefone residencial": "contatos", "Celular": "telefone"}


def test_stages_of_other_systems_are_mapped_where_the_tenant_has_such_ones() -> None:
    rows = ["OPEN_DEAL;x;x", "UNQUALIFIED;x;x", "Connected;x;x", "novo;x;x", "Zumbi;x;x"]
    proposed = _propose("Lead Status;Record ID;Lifecycle Stage", *rows)
    assert proposed.mapping.valores == {
        "etapa": {"OPEN_DEAL": "proposta", "UNQUALIFIED": "perdido", "Connected": "contatado"}
    }
    # A lost lead needs a reason.
    assert set(proposed.mapping.padroes) == {"motivo_perda"}
    (wrong,) = _column(proposed, "Lead Status")["contradicoes"]
    assert (wrong["linha"], wrong["valor"]) == (6, "Zumbi")


def test_a_reason_is_proposed_only_where_the_file_tells_none_and_any_will_do() -> None:
    assert _propose("Etapa;Motivo da perda", "Lost;preço").mapping.padroes == {}
    assert _propose("Etapa", "Won").mapping.padroes == {}
    strict = TeamFacts(_KINDS, _STAGES, {}, ["Preço"], "UTC")
    assert _propose("Etapa", "Lost", known=Known(strict, {})).mapping.padroes == {}


def test_people_are_proposed_by_name() -> None:
    proposed = _propose("Responsável", "Vera Exemplo", "vera  exêmplo", "Fulano de Fora")
    assert proposed.mapping.valores == {
        "responsavel_id": {"Vera Exemplo": "1", "vera  exêmplo": "1"}
    }
    (wrong,) = _column(proposed, "Responsável")["contradicoes"]
    assert (wrong["linha"], wrong["valor"]) == (4, "F*** d*** F***")


def test_what_the_server_sets_is_left_out() -> None:
    proposed = _propose("nome;id;score", "Ana;1;2")
    assert _fields(proposed) == {"nome": "nome", "id": None, "score": None}


def test_columns_that_no_lead_has_room_for_are_left_out_and_named() -> None:
    names = ["nome", "x" * 65, *(f"c{n}" for n in range(101))]
    columns = propose(names, [], _KNOWN).columns
    out = [each["coluna"] for each in columns if each["campo"] is None]
    assert out[0] == "x" * 65
    assert len(out) == 3
    assert all(each["motivo"] for each in columns)


@pytest.mark.parametrize(
    ("cell", "field", "shown"),
    [
        ("529.982.247-25", "documento", "***.***.247-25"),
        ("52998224725", "documento", "******24725"),
        ("11.222.333/0001-81", "documento", "**.***.***/*001-81"),
        ("ana.souza@exemplo.com.br", "email", "a***@e***"),
        ("(11) 98765-4321", "telefone", "(**) *****-4321"),
        ("Ana d'Ávila", "nome", "A*** d***'Á***"),
        ("52998224725", "cidade", "*******4725"),
        ("ana@exemplo.com", "produto", "a***@e***"),
        ("Rua Exemplo 12", "atributos.endereco", "R*** E*** 12"),
        ("52998224725", None, "*******4725"),
        ("R$ 1.250.000,00", "valor", "R$ 1.250.000,00"),
        ("31/12/2025 14:30:00", "criado_em", "31/12/2025 14:30:00"),
        ("São Paulo", "cidade", "São Paulo"),
    ],
)
def test_what_is_shown_of_a_cell(cell: str, field: str | None, shown: str) -> None:
    assert masked(cell, field) == shown


def test_samples_are_three_different_cells_and_masked() -> None:
    rows = ["Ana Exemplo", "Ana Exemplo", "N/A", "Bia Exemplo", "Caio Exemplo", "Davi Exemplo"]
    sample = _column(_propose("Nome completo", *rows), "Nome completo")["amostra"]
    assert sample == ["A*** E***", "B*** E***", "C*** E***"]


def test_sources_name_fields_that_a_column_may_go_to() -> None:
    known = {*FIELDS, "sobrenome"}
    for source in [*SOURCES, COMMON]:
        named = {meaning.campo for meanings in source.fields.values() for meaning in meanings}
        assert named <= known, source.name
        fields = source.fields.keys()
        assert source.marks <= fields | source.attributes, source.name
        # A name cannot be both.
        assert fields.isdisjoint(source.attributes), source.name


def test_bare_names() -> None:
    assert bare("CPF/CNPJ") == bare(" cpf - cnpj ") == "cpfcnpj"
    assert bare("Valor (R$)") == "valorr"
