"""The same leads in every encoding and with every delimiter in which spreadsheets write them."""

import codecs

import pytest

from services.imports.reading.files import CSV, open_file
from tests.support.api import Team
from tests.support.leads import all_leads, imported, upload

# Made-up people.
TEXT = "nome;cidade;valor\nÊnio São João – “o bom”;Mogi Guaçu;1.234,56\nZoé;Iguaçu;7\n"


def read(team: Team, raw: bytes) -> list[tuple[str, str, str]]:
    imported(team.gestor.api, raw)
    leads = all_leads(team.gestor.api)
    return [(lead["nome"], lead["cidade"], lead["valor"]) for lead in leads]


def encoding(raw: bytes, charset: str | None = None) -> str:
    return open_file(lambda: iter([raw]), media=CSV, charset=charset).codificacao


@pytest.mark.parametrize(
    ("raw", "codificacao"),
    [
        (TEXT.encode(), "utf-8"),
        (TEXT.encode("utf-8-sig"), "utf-8"),
        (TEXT.encode("cp1252"), "windows-1252"),
        (TEXT.encode("utf-16"), "utf-16"),
        (codecs.BOM_UTF16_BE + TEXT.encode("utf-16-be"), "utf-16"),
        (TEXT.replace("\n", "\r\n").encode("cp1252"), "windows-1252"),
        (TEXT.replace("\n", "\r").encode("utf-16"), "utf-16"),
        (TEXT.replace("\n", "\r").encode(), "utf-8"),
    ],
)
def test_leads_are_the_same_in_every_encoding(team: Team, raw: bytes, codificacao: str) -> None:
    assert encoding(raw) == codificacao
    assert read(team, raw) == [
        ("Ênio São João – “o bom”", "Mogi Guaçu", "1234.56"),
        ("Zoé", "Iguaçu", "7.00"),
    ]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("said", [False, True])
def test_leads_are_the_same_with_every_delimiter(team: Team, delimiter: str, said: bool) -> None:
    lines = ["nome;uf;atributos.x", "Ana;SP;1", '"Rui; Dias, A|B\t";RJ;"a\n""b"""']
    if delimiter == ";":
        csv = "\n".join(lines)
    else:
        csv = "\n".join(line.replace(";", delimiter) for line in lines)
    imported(team.gestor.api, f"sep={delimiter}\n{csv}" if said else csv)
    first, second = all_leads(team.gestor.api)
    assert (first["nome"], first["uf"], first["atributos"]) == ("Ana", "SP", {"x": 1})
    assert (second["uf"], second["atributos"]) == ("RJ", {"x": 'a\n"b"'})


def test_what_is_no_utf_8_is_as_its_sender_says_before_it_is_windows(team: Team) -> None:
    raw = "nome\nJosé\n".encode("cp850")
    table = open_file(lambda: iter([raw]), media=CSV, charset="cp850")
    assert (table.codificacao, list(table.rows())[1]) == ("cp850", (2, ["José"]))
    assert encoding(TEXT.encode(), "windows-1252") == "utf-8"
    for charset in ("iso-8859-1", "us-ascii", "utf-8", "klingon", "base64", "utf-7", "\x00", ""):
        assert encoding(TEXT.encode("cp1252"), charset) == "windows-1252"


@pytest.mark.parametrize("size", [1, 2, 3, 7])
def test_blocks_may_end_anywhere(size: int) -> None:
    for code in ("utf-8", "utf-16", "cp1252"):
        raw = TEXT.replace("\n", "\r\n").encode(code)
        blocks = [raw[place : place + size] for place in range(0, len(raw), size)]
        table = open_file(lambda blocks=blocks: iter(blocks), media=CSV)
        for _ in range(2):  # from the first line each time
            rows = list(table.rows())
            assert [linha for linha, _ in rows] == [1, 2, 3]
            assert rows[1][1] == ["Ênio São João – “o bom”", "Mogi Guaçu", "1.234,56"]
        assert table.delimitador == ";"


def test_a_zero_behind_a_mark_is_its_lines_fault(team: Team) -> None:
    raw = "nome;uf\nA\0B;SP\nZoé;SP\n".encode("utf-8-sig")
    report = imported(team.gestor.api, raw)
    assert (report["codificacao"], report["criados"]) == ("utf-8", 1)
    assert [error["linha"] for error in report["erros"]] == [2]


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"\xef\xbb\xbf" + TEXT.encode("cp1252"), "marca de UTF-8"),
        (b"\xff\xfe" + TEXT.encode(), "marca de UTF-16"),
        (b"\xff\xfe" + TEXT.encode("utf-16-le")[:-1], "marca de UTF-16"),
        (TEXT.encode("utf-32"), "marca de UTF-16"),
        (TEXT.encode("utf-16-le"), "UTF-16 sem a marca"),
        (TEXT.encode("utf-16-be"), "UTF-16 sem a marca"),
        (b"nome\nA\nJo\x81o\n", "linha 3"),
        # One byte is wrong: the others are no Windows-1252.
        (TEXT.encode().replace("Iguaçu".encode(), b"Igua\xe7u"), "linha 3"),
        # As many are right as are wrong.
        ("nome;cidade\nJosé;Iguaçu\n".encode().replace(b"\xa7", b""), "linha 2"),
        (b"nome\nA\nB\xed\xa0\x80\n", "linha 3"),
        (b"\xef\xbb\xbf" + TEXT.encode("utf-16-le"), "marca de UTF-8"),
        (bytes(range(32)) * 9, "não é um texto"),
    ],
)
def test_a_text_that_is_not_as_it_says_is_refused(team: Team, raw: bytes, said: str) -> None:
    reply = upload(team.gestor.api, raw)
    assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
    assert said in reply.message
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "imagem"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "imagem"),
        (b"\x1f\x8b\x08\x00\x00", "compactado"),
        (b"7z\xbc\xaf\x27\x1c", "compactado"),
        (b"Rar!\x1a\x07\x00", "compactado"),
        (b"<html><table><tr><td>nome</td></tr></table>", "HTML"),
        (b'\xef\xbb\xbf<?xml version="1.0"?><Workbook/>', "XML"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "formato antigo"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "protegida por senha",
        ),
        (b"{\\rtf1 nome}", "RTF"),
        (b'[{"nome": "A"}]', "JSON"),
        (b'\xef\xbb\xbf{\n  "nome": "A"}', "JSON"),
    ],
)
def test_what_is_no_table_is_told_what_it_is(team: Team, raw: bytes, said: str) -> None:
    reply = upload(team.gestor.api, raw)
    assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO")
    assert said in reply.message
