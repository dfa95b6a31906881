"""What an export says so that nothing is lost: marked texts, and a column of attributes."""

import json

import pytest

from tests.support.api import Team
from tests.support.leads import all_leads, imported


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("'1.500", "1.500"),
        ("'7", "7"),
        ("'N/A", "N/A"),
        ("'R$ 5", "R$ 5"),
        ("''7", "'7"),
        ("'sim", "'sim"),
        ("'", "'"),
        ("7", 7),
        ("N/A", None),
    ],
)
def test_a_marked_attribute_is_that_text(team: Team, cell: str, value: object) -> None:
    imported(team.gestor.api, f"nome,atributos.x\nA,{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead["atributos"].get("x") == value


def test_a_marked_text_says_nothing_of_its_column(team: Team) -> None:
    imported(team.gestor.api, 'nome,atributos.x\nA,"\'1.500,00"\nB,1.25\n')
    assert [lead["atributos"]["x"] for lead in all_leads(team.gestor.api)] == ["1.500,00", 1.25]


def test_attributes_may_come_together(team: Team) -> None:
    cell = json.dumps({"casado": True, "filhos": [{"idade": 3}], "x": 1}).replace('"', '""')
    imported(team.gestor.api, f'nome,atributos.x,atributos\nA,2,"{cell}"\nB,3,\n')
    first, second = all_leads(team.gestor.api)
    # What has a column of its own is there.
    assert first["atributos"] == {"casado": True, "filhos": [{"idade": 3}], "x": 2}
    assert second["atributos"] == {"x": 3}


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("{", "JSON_MALFORMADO"),
        ("[1]", "TIPO_INVALIDO"),
        ("1", "TIPO_INVALIDO"),
        ('{"a": {"b": {"c": {"d": 1}}}}', "LONGO_DEMAIS"),
        (json.dumps({f"k{n}": n for n in range(101)}), "LONGO_DEMAIS"),
    ],
)
def test_attributes_that_cannot_be_taken_reject_their_line(
    team: Team, cell: str, code: str
) -> None:
    quoted = cell.replace('"', '""')
    report = imported(team.gestor.api, f'nome,atributos\nA,"{quoted}"\nB,\n')
    assert [(e["linha"], e["campo"], e["codigo"]) for e in report["erros"]] == [
        (2, "atributos", code)
    ]
    assert report["criados"] == 1


def test_columns_and_object_together_are_counted(team: Team) -> None:
    names = ",".join(f"atributos.k{n}" for n in range(60))
    cell = json.dumps({f"j{n}": n for n in range(60)}).replace('"', '""')
    line = f'A,{",".join(["1"] * 60)},"{cell}"'
    report = imported(team.gestor.api, f"nome,{names},atributos\n{line}\n")
    assert [e["codigo"] for e in report["erros"]] == ["LONGO_DEMAIS"]
