"""Bad cells and bad lines: reported by line, field and code, while good lines are kept."""

import pytest

from tests.support.api import Team
from tests.support.leads import all_leads, imported

BAD_CELLS = [
    ("documento", "52998224724", "DOCUMENTO_INVALIDO"),
    ("email", "sem-arroba", "EMAIL_INVALIDO"),
    ("telefone", "123", "TELEFONE_INVALIDO"),
    ("uf", "XX", "VALOR_INVALIDO"),
    ("valor", "dez", "VALOR_INVALIDO"),
    ("valor", "NaN", "VALOR_INVALIDO"),
    ("valor", "sNaN", "VALOR_INVALIDO"),
    ("valor", "Infinity", "VALOR_INVALIDO"),
    ("valor", "1_000", "VALOR_INVALIDO"),
    ("valor", "-1", "FORA_DA_FAIXA"),
    ("valor", "1e3", "VALOR_INVALIDO"),
    ("valor", "1e400", "VALOR_INVALIDO"),
    ("valor", "1e-400", "VALOR_INVALIDO"),
    ("valor", "1e999999999", "VALOR_INVALIDO"),
    ("valor", '"1,500.00"', "VALOR_INVALIDO"),
    ("valor", '"1,230.00"', "VALOR_INVALIDO"),
    ("valor", '"1.2.3,4"', "VALOR_INVALIDO"),
    ("valor", '"12.34,56"', "VALOR_INVALIDO"),
    ("valor", '"1.234.56"', "VALOR_INVALIDO"),
    ("valor", '"1.234,"', "VALOR_INVALIDO"),
    ("valor", "1.", "VALOR_INVALIDO"),
    ("valor", ".5", "VALOR_INVALIDO"),
    ("valor", "+1", "VALOR_INVALIDO"),
    ("valor", "R$", "VALOR_INVALIDO"),
    ("valor", "R$ R$ 1", "VALOR_INVALIDO"),
    ("valor", "1 000", "VALOR_INVALIDO"),
    ("valor", "\uff11", "VALOR_INVALIDO"),
    ("valor", "-R$ 1", "FORA_DA_FAIXA"),
    ("valor", "R$ -1", "FORA_DA_FAIXA"),
    ("valor", "0.001", "FORA_DA_FAIXA"),
    ("valor", "1234.500", "FORA_DA_FAIXA"),
    ("valor", '"1,500"', "FORA_DA_FAIXA"),
    ("valor", '"1.500,001"', "FORA_DA_FAIXA"),
    ("valor", "1.000.000.000.000", "FORA_DA_FAIXA"),
    ("valor", "9" * 5_000, "FORA_DA_FAIXA"),
    ("renda_mensal", "1000000000000", "FORA_DA_FAIXA"),
    ("etapa", "inexistente", "ETAPA_INEXISTENTE"),
    ("etapa", "perdido", "MOTIVO_OBRIGATORIO"),
    ("responsavel_id", "0", "USUARIO_INEXISTENTE"),
    ("responsavel_id", "9" * 20, "USUARIO_INEXISTENTE"),
    ("proximo_contato_em", "31/02/2026", "DATA_INVALIDA"),
    ("proximo_contato_em", "2026-W32-1", "DATA_INVALIDA"),
    ("ultimo_contato_em", "ontem", "DATA_INVALIDA"),
    ("fechado_em", "9999-12-31T23:59:59-23:59", "DATA_INVALIDA"),
    ("empresa", "x" * 161, "LONGO_DEMAIS"),
    ("campanha", "a\x00b", "TEXTO_INVALIDO"),
    ("cidade", "a\x07b", "TEXTO_INVALIDO"),
    ("etiquetas", "x" * 41, "LONGO_DEMAIS"),
    ("etiquetas", "|".join(map(str, range(21))), "LONGO_DEMAIS"),
    ("atributos.x", "x" * 2_001, "LONGO_DEMAIS"),
    ("atributos.x", "a\x00b", "TEXTO_INVALIDO"),
    ("id_externo", "x" * 121, "LONGO_DEMAIS"),
]


@pytest.mark.parametrize(("field", "cell", "code"), BAD_CELLS)
def test_a_bad_cell_is_reported_and_the_others_kept(
    team: Team, field: str, cell: str, code: str
) -> None:
    report = imported(team.gestor.api, f"nome,{field}\nA,\nB,{cell}\nC,\n")
    assert (report["linhas"], report["criados"], report["rejeitados"]) == (3, 2, 1)
    (error,) = report["erros"]
    assert (error["linha"], error["codigo"]) == (3, code)
    assert error["campo"] == ("motivo_perda" if code == "MOTIVO_OBRIGATORIO" else field)
    assert len(cell) < 8 or cell[:40] not in error["mensagem"]
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["A", "C"]


@pytest.mark.parametrize("char", ["\ufdfa", "\U0001d160", "\u0958", "\x85", "\ufffe", "\U0010ffff"])
def test_odd_but_honest_text_is_kept_or_reported(team: Team, char: str) -> None:
    report = imported(team.gestor.api, f"nome,empresa,x\n{char * 80},{char * 160},{char}\n")
    blank = char.isspace()  # and a blank line is none
    assert report["criados"] + report["rejeitados"] == report["linhas"] == (0 if blank else 1)


@pytest.mark.parametrize(
    "cell", ["1\u0662\u0663", "1\uff12", "\u00b2", "1e5", "0x1F", "00123", "+1", "1.", ".5"]
)
def test_an_attribute_that_is_no_plain_number_is_text(team: Team, cell: str) -> None:
    imported(team.gestor.api, f"nome,x\nA,{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead["atributos"] == {"x": cell}


@pytest.mark.parametrize(
    ("cell", "value"), [("0", 0), ("-7", -7), ("12.50", 12.5), ("999999999999999", 10**15 - 1)]
)
def test_an_attribute_that_is_a_number_is_one(team: Team, cell: str, value: float) -> None:
    imported(team.gestor.api, f"nome,x\nA,{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead["atributos"] == {"x": value}


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ("1234.56", "1234.56"),
        ("1.234,56", "1234.56"),
        ("R$ 1.234,56", "1234.56"),
        ("1.234", "1234.00"),
        ("1.234.567", "1234567.00"),
        ("0,1", "0.10"),
        ("0.10", "0.10"),
        ("12.5", "12.50"),
        ("1.500", "1500.00"),
        ("1.50", "1.50"),
        ("1.234,5", "1234.50"),
        ("0012,5", "12.50"),
        ("R$\u00a01.234,56", "1234.56"),
        ("000", "0.00"),
        ("R$1000", "1000.00"),
        ("999.999.999.999,99", "999999999999.99"),
    ],
)
def test_money_is_read_as_people_write_it(team: Team, cell: str, value: str) -> None:
    imported(team.gestor.api, f"nome;valor\nA;{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead["valor"] == value


@pytest.mark.parametrize(
    ("cell", "instant"),
    [
        ("2026-08-01", "2026-08-01T03:00:00"),
        ("01/08/2026", "2026-08-01T03:00:00"),
        ("01/08/2026 14:30", "2026-08-01T17:30:00"),
        ("2026-08-01T14:30:00Z", "2026-08-01T14:30:00"),
        ("2026-08-01T14:30:00-03:00", "2026-08-01T17:30:00"),
    ],
)
def test_dates_are_read_as_people_write_them(team: Team, cell: str, instant: str) -> None:
    imported(team.gestor.api, f"nome,proximo_contato_em\nA,{cell}\n")
    (lead,) = all_leads(team.gestor.api)
    assert lead["proximo_contato_em"].startswith(instant)


def test_labels_come_in_one_cell(team: Team) -> None:
    imported(team.gestor.api, 'nome,etiquetas\nA,"vip, retorno;vip|a b"\n')
    (lead,) = all_leads(team.gestor.api)
    assert lead["etiquetas"] == ["vip", "retorno", "a b"]


def test_labels_are_no_array_syntax(team: Team) -> None:
    imported(team.gestor.api, 'nome,etiquetas\nA,"{x}|a""b|c\\d|NULL"\n')
    (lead,) = all_leads(team.gestor.api)
    assert lead["etiquetas"] == ["{x}", 'a"b', "c\\d", "NULL"]


def test_every_bad_cell_of_a_line_is_reported_and_the_line_counted_once(team: Team) -> None:
    report = imported(team.gestor.api, "nome,uf,valor,email\nA,XX,dez,b\n")
    assert [error["campo"] for error in report["erros"]] == ["uf", "valor", "email"]
    assert (report["linhas"], report["rejeitados"]) == (1, 1)


def test_the_errors_of_a_line_stand_in_the_order_of_its_cells(team: Team) -> None:
    long = "x" * 2_001
    report = imported(team.gestor.api, f"uf,cor,valor,etapa\nXX,{long},dez,perdido\n")
    fields = [error["campo"] for error in report["erros"]]
    assert fields == ["uf", "atributos.cor", "valor", "motivo_perda"]


def test_a_line_with_other_columns_is_reported(team: Team) -> None:
    report = imported(team.gestor.api, "nome,uf\nA\nB,SP\nC,SP,mais\n")
    assert [(error["linha"], error["codigo"]) for error in report["erros"]] == [
        (2, "COLUNAS_DEMAIS"),
        (4, "COLUNAS_DEMAIS"),
    ]
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["B"]


def test_a_line_is_numbered_as_an_editor_shows_its_first_one(team: Team) -> None:
    """A quoted cell may span several lines: the number is that of the line on which it begins."""
    report = imported(team.gestor.api, 'nome,uf\n\n"a\nb\nc",XX\nD,XX\n')
    assert [error["linha"] for error in report["erros"]] == [3, 6]


@pytest.mark.parametrize(
    ("field", "cell", "code"),
    [
        ("nome", "x", "LONGO_DEMAIS"),
        ("email", "x", "EMAIL_INVALIDO"),
        ("valor", "9", "FORA_DA_FAIXA"),
        ("etiquetas", "x", "LONGO_DEMAIS"),
        ("atributos.x", "x", "LONGO_DEMAIS"),
    ],
)
def test_a_huge_cell_is_its_lines_fault(team: Team, field: str, cell: str, code: str) -> None:
    for size in (140_000, 4_000_000):
        huge = (cell * size)[:size]
        report = imported(team.gestor.api, f'id_externo,{field}\n,\n{size},\n,"{huge}"\n')
        assert (report["linhas"], report["criados"], report["rejeitados"]) == (2, 1, 1)
        assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [(4, code)]


def test_a_huge_cell_that_is_left_out_does_no_harm(team: Team) -> None:
    csv = f"nome,foto\nA,{'x' * 200_000}\n"
    assert imported(team.gestor.api, csv, {"colunas": {"foto": None}})["criados"] == 1


def test_only_the_first_hundred_errors_are_told_but_all_are_counted(team: Team) -> None:
    report = imported(team.gestor.api, "nome,uf\n" + "A,XX\n" * 250 + "B,SP\n")
    assert (report["linhas"], report["rejeitados"], report["criados"]) == (251, 250, 1)
    assert [error["linha"] for error in report["erros"]] == list(range(2, 102))


def test_a_file_of_bad_lines_alone_creates_nothing(team: Team) -> None:
    report = imported(team.gestor.api, "nome,uf\nA,XX\n")
    assert (report["estado"], report["criados"], report["rejeitados"]) == ("concluida", 0, 1)


def test_an_imported_lead_keeps_within_the_bounds_of_its_attributes(team: Team) -> None:
    names = ",".join(f"a{n}" for n in range(20))
    cells = ",".join("x" * 1_500 for _ in range(20))
    report = imported(team.gestor.api, f"nome,{names}\nA,{cells}\n")
    assert [(e["campo"], e["codigo"]) for e in report["erros"]] == [("atributos", "LONGO_DEMAIS")]


def test_a_closing_date_of_the_file_is_kept_only_for_closed_leads(team: Team) -> None:
    csv = "nome,etapa,fechado_em\nA,ganho,2026-01-02\nB,novo,2026-01-02\nC,ganho,\n"
    imported(team.gestor.api, csv)
    won, open_, now = all_leads(team.gestor.api)
    assert won["fechado_em"].startswith("2026-01-02T03:00:00")
    assert open_["fechado_em"] is None
    assert now["fechado_em"] is not None
