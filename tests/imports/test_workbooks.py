"""Workbooks: cells by their type, the sheet that is shown, and what is refused of them."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import pytest
from xlsxwriter import Workbook

from services.imports.reading import archives, files
from services.imports.reading.files import XLSX, open_file
from services.imports.reading.reader import UnreadableFile
from tests.support.api import Reply, Team
from tests.support.leads import all_leads, imported, upload
from tests.support.workbooks import fill, part_of, sheet_of, with_part, workbook

SHEET = "xl/worksheets/sheet1.xml"


def lead_of(team: Team, header: list[str], *cells: Any) -> dict[str, Any]:
    report = imported(team.gestor.api, sheet_of(header, list(cells)))
    assert report["erros"] == []
    return all_leads(team.gestor.api)[-1]


def refused(team: Team, file: bytes) -> str:
    reply: Reply = upload(team.gestor.api, file)
    assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO"), reply.body
    assert all_leads(team.gestor.api) == []
    return reply.message


def test_cells_are_taken_by_their_type(team: Team) -> None:
    header = ["nome", "valor", "criado_em", "previsto_para", "telefone", "a", "b", "c", "d"]
    lead = lead_of(
        team,
        header,
        "Ana Exemplo",
        1234.5,
        datetime(2026, 8, 1, 14, 30),
        date(2026, 12, 1),
        11987654321,
        True,
        1.5,
        1.234,
        0.1 + 0.2,
    )
    assert (lead["valor"], lead["telefone"]) == ("1234.50", "+5511987654321")
    assert lead["criado_em"] == "2026-08-01T17:30:00Z"
    assert lead["previsto_para"] == "2026-12-01"
    assert lead["atributos"] == {"a": "VERDADEIRO", "b": 1.5, "c": 1.234, "d": 0.3}


def test_a_number_means_what_it_is_and_a_text_what_its_column_means(team: Team) -> None:
    """The texts are Brazilian; the number 1.5 says nothing about them, nor they about it."""
    rows = [["valor"], [1.5], ["1.500"], ["12,50"], [1234.25]]
    report = imported(team.gestor.api, sheet_of(*rows, ["2.000,10"], [1.5]))
    assert [lead["valor"] for lead in all_leads(team.gestor.api)] == [
        "1.50",
        "1500.00",
        "12.50",
        "1234.25",
        "2000.10",
        "1.50",
    ]
    assert report["erros"] == []


def test_rows_are_numbered_as_in_the_sheet(team: Team) -> None:
    file = sheet_of(["nome", "uf"], ["Ana", "SP"], ["Rui", "XX"], top=3, left=2)
    report = imported(team.gestor.api, file)
    assert (report["criados"], [error["linha"] for error in report["erros"]]) == (1, [6])


def test_blank_rows_and_formats_are_nothing(team: Team) -> None:
    def build(book: Workbook) -> None:
        sheet = book.add_worksheet()
        fill(book, sheet, [["nome", "uf"], ["Ana", "SP"], ["", ""], ["Rui", "RJ"]])
        sheet.write_blank(1_000_000, 16_000, None, book.add_format({"bold": True}))

    assert imported(team.gestor.api, workbook(build))["linhas"] == 2


def test_the_first_sheet_that_is_shown_is_read_unless_one_is_named() -> None:
    def build(book: Workbook) -> None:
        for name in ("Rascunho", "Leads", "Outros"):
            fill(book, book.add_worksheet(name), [["nome"], [name]])
        book.worksheets()[0].hide()
        book.worksheets()[1].activate()

    def read(sheet: str | None) -> list[str]:
        table = open_file(files.whole(workbook(build)), media=XLSX, sheet=sheet)
        assert (table.codificacao, table.delimitador) == ("xlsx", None)
        return [cells[0] for _, cells in table.rows()]

    assert read(None) == ["nome", "Leads"]
    assert read("Outros") == ["nome", "Outros"]
    assert read("Rascunho") == ["nome", "Rascunho"]
    with pytest.raises(UnreadableFile) as caught:
        read("leads 2")
    (error,) = caught.value.fields
    assert (error.campo, error.opcoes, error.parecido) == ("planilha", ("Leads", "Outros"), "Leads")


def test_a_formula_is_its_value_and_an_error_says_nothing(team: Team) -> None:
    def build(book: Workbook) -> None:
        sheet = book.add_worksheet()
        fill(book, sheet, [["nome", "valor", "cidade"]])
        sheet.write_formula(1, 0, '="Ana"&" Exemplo"', None, "Ana Exemplo")
        sheet.write_formula(1, 1, "=10*12.5", None, 125)
        sheet.write_formula(1, 2, "=NA()", None, "#N/A")

    imported(team.gestor.api, workbook(build))
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["valor"], lead["cidade"]) == ("Ana Exemplo", "125.00", None)


@pytest.mark.parametrize("value", ["", "<v></v>", "<v/>"])
def test_a_formula_whose_value_was_not_saved_is_told(team: Team, value: str) -> None:
    """Nobody knows what it would come to; the cell would be taken for an empty one."""
    cells = (
        '<row r="1"><c r="A1" t="str"><v>nome</v></c><c r="B1" t="str"><v>valor</v></c></row>'
        '<row r="2"><c r="A2" t="str"><f>""</f><v></v></c><c r="B2"><f>1+1</f><v>2</v></c></row>'
    )
    file = with_part(sheet_of(["nome"]), SHEET, sheet_xml(cells))
    assert imported(team.gestor.api, file, dry_run=1)["criados"] == 1
    cells += f'<row r="3"><c r="A3"/><c r="B3"><f>1+1</f>{value}</c></row><row r="4"/>'
    assert "linha 3" in refused(team, with_part(file, SHEET, sheet_xml(cells)))


def test_a_formula_of_a_sheet_that_is_not_read_is_no_matter(team: Team) -> None:
    def build(book: Workbook) -> None:
        fill(book, book.add_worksheet("Leads"), [["nome"], ["Ana Exemplo"]])
        fill(book, book.add_worksheet("Resumo"), [["nome"]])

    second = "xl/worksheets/sheet2.xml"
    cells = '<row r="1"><c r="A1"><f>COUNTA(Leads!A:A)</f></c></row>'
    file = with_part(workbook(build), second, sheet_xml(cells))
    reply = upload(team.gestor.api, file, planilha="Resumo")
    assert (reply.status, "linha 1" in reply.message) == (422, True)
    assert imported(team.gestor.api, file)["criados"] == 1


def test_a_list_to_choose_from_and_a_small_chart_are_no_formulas(team: Team) -> None:
    def build(book: Workbook) -> None:
        sheet = book.add_worksheet("Leads")
        fill(book, sheet, [["nome", "etapa"], ["Ana Exemplo", "novo"]])
        fill(book, book.add_worksheet("Etapas"), [[1], [2]])
        sheet.add_sparkline("C2", {"range": "Etapas!A1:A2"})

    file = workbook(build)
    listed = (
        b"<x14:dataValidations><x14:dataValidation><x14:formula1><xm:f>Etapas!$A$1:$A$2</xm:f>"
        b"</x14:formula1></x14:dataValidation></x14:dataValidations></ext></extLst>"
    )
    part = part_of(file, SHEET).replace(b"</ext></extLst>", listed)
    assert part.count(b"<xm:f>") == 2
    assert imported(team.gestor.api, with_part(file, SHEET, part))["criados"] == 1


def test_merged_cells_say_the_same_in_each_row(team: Team) -> None:
    def build(book: Workbook) -> None:
        sheet = book.add_worksheet()
        fill(book, sheet, [["nome", "empresa"], ["Ana"], ["Rui"], ["Eva", "Outra"]])
        sheet.merge_range(1, 1, 2, 1, "Loja Exemplo")

    imported(team.gestor.api, workbook(build))
    assert [lead["empresa"] for lead in all_leads(team.gestor.api)] == [
        "Loja Exemplo",
        "Loja Exemplo",
        "Outra",
    ]


def test_a_day_before_1900_is_its_lines_error(team: Team) -> None:
    def build(book: Workbook) -> None:
        sheet = book.add_worksheet()
        fill(book, sheet, [["nome", "criado_em"], ["A"], ["B"], ["C", "31/12/1899"]])
        day = book.add_format({"num_format": "dd/mm/yyyy"})
        sheet.write_number(1, 1, -5, day)
        sheet.write_number(2, 1, 0, day)

    report = imported(team.gestor.api, workbook(build))
    assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [
        (linha, "DATA_INVALIDA") for linha in (2, 3, 4)
    ]


def test_a_long_number_whose_digits_are_lost_is_no_id(team: Team) -> None:
    report = imported(team.gestor.api, sheet_of(["nome", "id_externo"], ["A", 12345678901234567]))
    assert [(e["linha"], e["campo"]) for e in report["erros"]] == [(2, "id_externo")]


def test_a_title_above_the_table_is_told(team: Team) -> None:
    file = sheet_of(["Relatório de leads"], [], ["Nome completo", "Celular"], ["Ana", "1"])
    assert "linha 3" in refused(team, file)


@pytest.mark.parametrize(
    ("rows", "said"), [([], "vazi"), ([["nome", "nome"], ["A", "B"]], "aparece duas vezes")]
)
def test_an_empty_sheet_and_repeated_names(team: Team, rows: list[list[str]], said: str) -> None:
    reply = upload(team.gestor.api, sheet_of(*rows))
    assert reply.status == 422
    assert said in str(reply.body)


def test_more_rows_than_a_sheet_may_have(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("services.imports.reading.workbooks.MAX_ROWS", 3)
    assert imported(team.gestor.api, sheet_of(["nome"], ["A"], ["B"], ["C"]))["criados"] == 3
    reply = upload(team.gestor.api, sheet_of(["nome"], ["D"], ["E"], ["F"], ["G"]))
    assert (reply.status, "mais de 3 linhas" in reply.message) == (422, True)


def sheet_xml(cells: str) -> bytes:
    whole = part_of(sheet_of(["nome"]), SHEET).decode()
    before, _, rest = whole.partition("<sheetData>")
    return f"{before}<sheetData>{cells}</sheetData>{rest.partition('</sheetData>')[2]}".encode()


@pytest.mark.parametrize(
    "cells",
    [
        '<row r="1"><c r="A1"><v>1</v></c></row>'
        '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
        '<row r="1"><c><v>1</v></c></row><row r="9999999"><c/><c/><c><v>1</v></c></row>',
        "<row>" + "<c><v>1</v></c>" * 3_000 + '</row><row r="90000"><c><v>2</v></c></row>',
    ],
)
def test_a_cell_at_the_end_of_the_world_takes_no_memory(team: Team, cells: str) -> None:
    file = with_part(sheet_of(["nome"]), SHEET, sheet_xml(cells))
    assert "Deixe nela só a tabela" in refused(team, file)


def bomb(size: int) -> bytes:
    return with_part(sheet_of(["nome"], ["A"]), "xl/media/image1.png", b"\x00" * size)


def test_what_does_not_fit_unpacked_is_refused(team: Team, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "MAX_UNPACKED", 4 * 1024 * 1024)
    assert "descompactada" in refused(team, bomb(5 * 1024 * 1024))
    # A directory that lies: it says one byte.
    lying = bytearray(bomb(5 * 1024 * 1024))
    place = lying.rindex(b"PK\x01\x02", 0, lying.rindex(b"xl/media/image1.png"))
    lying[place + 24 : place + 28] = (1).to_bytes(4, "little")
    assert "descompactada" in refused(team, bytes(lying))
    assert imported(team.gestor.api, bomb(1024))["criados"] == 1


def zipped(**parts: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return file.getvalue()


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (zipped(**{"leads.csv": b"nome\nA\n"}), "ZIP"),
        (zipped(**{"xl/workbook.bin": b""}), ".xlsb"),
        (zipped(**{"content.xml": b""}), ".ods"),
        (zipped(**{"word/document.xml": b""}), "Word"),
        (zipped(), "ZIP"),
        (zipped(**{f"x{n}": b"" for n in range(10_001)}), "10000 partes"),
        (zipped(**{"xl/workbook.xml": b"<workbook/>"}), "danificada"),
        (zipped(**{"xl/workbook.xml": b"<!DOCTYPE a><workbook/>"}), "danificada"),
        (sheet_of(["nome"], ["A"])[:-40], "danificada"),
        (sheet_of(["nome"], ["A"])[:600], "danificada"),
        (with_part(sheet_of(["nome"]), SHEET, b"<worksheet"), "danificada"),
        (with_part(sheet_of(["nome"]), SHEET, b""), "danificada"),
    ],
)
def test_other_and_damaged_archives_are_told(team: Team, file: bytes, said: str) -> None:
    assert said in refused(team, file)


def test_a_locked_archive_is_told(team: Team) -> None:
    file = bytearray(sheet_of(["nome"], ["A"]))
    for mark, place in ((b"PK\x01\x02", 8), (b"PK\x03\x04", 6)):
        at = file.find(mark)
        while at >= 0:
            file[at + place] |= 1
            at = file.find(mark, at + 1)
    assert "senha" in refused(team, bytes(file))
