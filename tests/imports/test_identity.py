"""No line makes one person another: strong keys that disagree, ids that lost digits, fillers."""

from typing import Any

import pytest

from tests.support.api import Team, new_email
from tests.support.leads import all_leads, create, imported, new_cpf, new_phone


def update(team: Team, csv: str, **query: Any) -> dict[str, Any]:
    return imported(team.gestor.api, csv, duplicados="atualizar", **query)


def read(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    return team.gestor.api.get(f"/leads/{lead['id']}").data


@pytest.mark.parametrize("shared", ["email", "telefone", "documento", "id_externo"])
@pytest.mark.parametrize("strong", ["documento", "id_externo"])
def test_a_strong_key_that_disagrees_forbids_the_update(
    team: Team, shared: str, strong: str
) -> None:
    if shared == strong:
        return
    same = {
        "email": new_email("casa"),
        "telefone": new_phone(),
        "documento": new_cpf(),
        "id_externo": "crm-1",
    }[shared]
    own, other = (new_cpf(), new_cpf()) if strong == "documento" else ("crm-2", "crm-3")
    joao = create(team.gestor.api, nome="João", **{shared: same, strong: own})
    report = update(team, f"nome,{shared},{strong}\nMaria,{same},{other}\n")
    (error,) = report["erros"]
    assert (report["rejeitados"], error["linha"]) == (1, 2)
    assert (error["campo"], error["codigo"]) == (strong, "IDENTIDADE_DIVERGENTE")
    assert other not in error["mensagem"]
    assert read(team, joao) == joao


def test_a_strong_key_that_a_lead_has_not_is_taken(team: Team) -> None:
    email, document = new_email("casa"), new_cpf()
    lead = create(team.gestor.api, email=email)
    assert update(team, f"email,documento\n{email},{document}\n")["atualizados"] == 1
    assert read(team, lead)["documento"] == document


def test_contacts_change_where_a_strong_key_agrees(team: Team) -> None:
    document, phone = new_cpf(), new_phone()
    lead = create(team.gestor.api, nome="Ana", documento=document, email=new_email("antes"))
    email = new_email("depois")
    csv = f"nome,documento,email,telefone\nAna Maria,{document},{email},{phone}\n"
    assert update(team, csv)["atualizados"] == 1
    after = read(team, lead)
    assert (after["nome"], after["email"], after["telefone"]) == ("Ana Maria", email, phone)


def test_a_line_of_another_person_stands_in_no_other_lines_way(team: Team) -> None:
    email, document = new_email("casa"), new_cpf()
    create(team.gestor.api, nome="João", email=email, documento=new_cpf())
    csv = f"nome,email,documento\nMaria,{email},{document}\nMaria,,{document}\n"
    report = update(team, csv)
    assert (report["criados"], report["rejeitados"]) == (1, 1)
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["João", "Maria"]


@pytest.mark.parametrize("rounded", ["1,23E+15", "1.2345E+11", "1.23e15", "4,79998E+10", "1E+15"])
@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("id_externo", "VALOR_INVALIDO"),
        ("documento", "DOCUMENTO_INVALIDO"),
        ("telefone", "TELEFONE_INVALIDO"),
    ],
)
def test_an_id_that_a_spreadsheet_rounded_is_refused(
    team: Team, rounded: str, field: str, code: str
) -> None:
    csv = f'nome,{field}\nUm,"{rounded}"\nDois,"{rounded}"\n'
    for duplicados in ("pular", "atualizar"):
        report = imported(team.gestor.api, csv, duplicados=duplicados)
        assert [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]] == [
            (2, field, code),
            (3, field, code),
        ]
    assert all_leads(team.gestor.api) == []


def test_an_id_is_refused_by_the_api_alike(team: Team) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "A", "id_externo": "1,23E+15"})
    assert (reply.status, reply.campos) == (422, {"id_externo": "VALOR_INVALIDO"})
    assert create(team.gestor.api, id_externo="12345.0")["id_externo"] == "12345"


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("telefone", "(47) 9998-8776/7", "TELEFONE_INVALIDO"),
        ("telefone", "(47) 9998-8776-7", "TELEFONE_INVALIDO"),
        ("telefone", "4799-9887 760", "TELEFONE_INVALIDO"),
        ("telefone", "4799988776.5", "TELEFONE_INVALIDO"),
        ("telefone", "11987654321,00", "TELEFONE_INVALIDO"),
        ("telefone", "479.998.877.60", "TELEFONE_INVALIDO"),
        ("documento", "2914177798.0", "DOCUMENTO_INVALIDO"),
        ("documento", "291417779.80", "DOCUMENTO_INVALIDO"),
        ("documento", "29.141.777.980", "DOCUMENTO_INVALIDO"),
    ],
)
def test_marks_are_dropped_only_where_a_mask_puts_them(
    team: Team, field: str, cell: str, code: str
) -> None:
    """Each of these is a stranger's number once its marks are gone."""
    report = imported(team.gestor.api, f'nome,{field}\nA,"{cell}"\n')
    assert [(e["campo"], e["codigo"]) for e in report["erros"]] == [(field, code)]
    reply = team.gestor.api.post("/leads", {"nome": "A", field: cell})
    assert (reply.status, reply.campos) == (422, {field: code})


@pytest.mark.parametrize(
    ("field", "cell", "kept"),
    [
        ("telefone", "4799988776.0", "+5547999988776"),
        ("telefone", "5547999988776.0", "+5547999988776"),
        ("documento", "52998224725.0", "52998224725"),
        ("documento", "529.982.247-25", "52998224725"),
        ("id_externo", "12345.0", "12345"),
        ("id_externo", "1.0.0", "1.0.0"),
    ],
)
def test_the_decimal_of_a_spreadsheet_is_undone(
    team: Team, field: str, cell: str, kept: str
) -> None:
    imported(team.gestor.api, f"nome,{field}\nA,{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead[field] == kept
