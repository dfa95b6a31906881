"""A quote that swallows the lines behind it makes one person of many: the file is refused."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.imports.reading.reader import UnreadableFile
from tests.support.api import Team
from tests.support.leads import all_leads, imported, upload
from tests.support.parsed import parsed

HEADER = "nome;telefone;uf\n"


@pytest.mark.parametrize(
    ("csv", "line"),
    [
        # Never closed.
        (HEADER + 'Ana;"11 98765-4321;SP\nBia;11 98765-4322;RJ\nCaio;11 98765-4323;MG\n', 2),
        (HEADER + 'Ana;1;SP\n"Bia;2;RJ\nCaio;3;MG', 3),
        # Closed in the middle of a cell.
        (HEADER + '"Ana" Souza;11 98765-4321;SP\n', 2),
        (HEADER + 'Ana;"11 98765-4321;SP\nBia;"11 98765-4322";RJ\n', 2),
        (HEADER + '"Ana\nMaria";"1"2;SP\n', 3),
        # Closed where another cell ends: every row looks right, and two people are gone.
        (HEADER + 'Ana;"11 98765-4321;SP\nBia;11 98765-4322;RJ\nCaio;11 98765-4323";MG\n', 2),
        (HEADER + '"Ana;1;SP\nBia;2;RJ\nCaio";3;MG\n', 2),
        (HEADER + 'Ana;1;SP\nBia;2;"RJ\nCaio;3;MG\nDavi;4;SC"\nEva;5;PR\n', 3),
        (HEADER + '"Ana\nMaria";"1;SP\nBia;2;RJ\nCaio;3";MG\n', 3),
        # Closed where the row then has other cells.
        (HEADER + '"Ana;1;SP\nBia;2;RJ"\nCaio;3;MG\n', 2),
        (HEADER + 'Ana;"1;SP\n\nBia;2;RJ\n\nCaio;3;MG"\n', 2),
        ('nome,telefone,uf\nAna,"1,SP\nBia,2,RJ\nCaio,3",MG\n', 2),
        ('nome,uf\n"Ana,SP\nBia,RJ\nCaio",MG\n', 2),
        ('nome,obs\nAna,"bom\nBia,ruim\nCaio,x"\n', 2),
        # In the header.
        ('nome;"telefone;uf\nAna;1;SP\nBia;2";RJ\n', 1),
        ('nome;"telefone;uf\nAna;"1;SP\n', 1),
        ('"nome;uf\nAna";SP\nBia;RJ\n', 1),
        ('nome;"obs; uf\nAna; boa"; SP\nBia; ruim; RJ\n', 1),
        ('nome,"obs\nAna, boa \nBia, ruim"\n', 1),
        ('nome,"2023,2024\n1,10",20\nBia,2,3\n', 1),
        ('nome;"obs;uf\n";boa;SP\nBia;ruim;RJ\n', 1),
        ('nome;"obs\nAna;boa\nBia;ruim\n"\n', 1),
        ('nome;"uf\nAna;SP\nBia";RJ\n', 1),
        ('sep=;\nnome;telefone;uf\nAna;"1;SP\nBia;2;RJ\n', 3),
    ],
)
def test_a_quote_that_swallows_lines_is_named_by_its_line(team: Team, csv: str, line: int) -> None:
    for text in (csv, "\ufeff" + csv, csv.replace("\n", "\r\n")):
        reply = upload(team.gestor.api, text)
        assert (reply.status, reply.codigo) == (422, "ARQUIVO_INVALIDO"), csv
        assert f"na linha {line} " in reply.message, reply.message
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize(
    "text",
    [
        "Rua A\nCentro",
        "Rua A, 10\nCentro, Lins",
        "Rua A, 10\nCentro, Lins\nfundos, portão 2",
        "Ligar às 10h; depois das 12h não\nou amanhã; talvez",
        "R$ 1.500,00\nR$ 2.000,00",
        "um\n\n\ndois",
        "um,dois;três\nquatro",
        "um\ndois,três;quatro",
        'disse "sim"\ne desligou',
    ],
)
@pytest.mark.parametrize("delimiter", [",", ";"])
def test_a_text_of_several_lines_is_a_text(team: Team, text: str, delimiter: str) -> None:
    quoted = '"' + text.replace('"', '""') + '"'
    rows = [["nome", "x", "uf"], ["Ana", quoted, "SP"], ["Bia", quoted, "RJ"]]
    csv = "".join(delimiter.join(row) + "\n" for row in rows)
    assert imported(team.gestor.api, csv)["criados"] == 2
    kept = [lead["atributos"].get("x", "") for lead in all_leads(team.gestor.api)]
    assert kept == [text.strip()] * 2


def test_a_name_of_a_column_may_have_two_lines(team: Team) -> None:
    imported(team.gestor.api, 'nome;"Renda\nmensal"\nAna;10\n')
    (lead,) = all_leads(team.gestor.api)
    assert lead["renda_mensal"] == "10.00"


def test_a_quote_within_a_cell_is_a_sign_like_others(team: Team) -> None:
    imported(team.gestor.api, 'nome;uf\nAna "Aninha" Souza;SP\nCano 3/4";RJ\n')
    names = [lead["nome"] for lead in all_leads(team.gestor.api)]
    assert names == ['Ana "Aninha" Souza', 'Cano 3/4"']


def test_a_delimiter_within_a_quoted_name_delimits_nothing(team: Team) -> None:
    imported(team.gestor.api, '"Sobrenome, nome, apelido";"uf"\n"Souza, Ana";SP\n')
    (lead,) = all_leads(team.gestor.api)
    assert (lead["uf"], lead["atributos"]) == ("SP", {"Sobrenome, nome, apelido": "Souza, Ana"})


def test_a_file_that_is_one_open_cell_is_refused_at_once(team: Team) -> None:
    reply = upload(team.gestor.api, 'nome;uf\n"' + ("Ana;SP" * 20 + "\n") * 40_000)
    assert (reply.status, "na linha 2 " in reply.message) == (422, True)


PEOPLE = st.lists(
    st.tuples(
        st.sampled_from(["Ana", "Bia Souza", "Caio", "Davi de Lima"]),
        st.sampled_from(["", "bom", "ligar às 10h, sem falta", "R$ 1.500,00", " ruim "]),
        st.sampled_from(["SP", "RJ", "MG"]),
    ),
    min_size=2,
    max_size=8,
)


def test_half_of_the_lines_of_a_cell_tell_that_it_swallowed_rows() -> None:
    """The other half has a blank behind its delimiter, as a sentence has."""
    text = 'nome;origem;uf\nDavi;"R$ 1.500,00;SP\nCaio; ruim ";SP\n'
    with pytest.raises(UnreadableFile, match="linha 2 engolem"):
        parsed(text)


@given(st.data(), PEOPLE, st.sampled_from(";,"))
@settings(max_examples=300)
def test_stray_quotes_mix_nobody_up(
    data: st.DataObject, people: list[tuple[str, str, str]], delimiter: str
) -> None:
    """Two quotes anywhere: each lead that is made has one person's cells."""
    people = [
        (f"{nome} {n}", obs.replace(delimiter, ""), uf) for n, (nome, obs, uf) in enumerate(people)
    ]
    text = delimiter.join(["nome", "origem", "uf"]) + "\n"
    text += "".join(delimiter.join(person) + "\n" for person in people)
    for _ in range(2):
        place = data.draw(st.integers(text.index("\n") + 1, len(text)))
        text = text[:place] + '"' + text[place:]
    try:
        taken, _ = parsed(text)
    except UnreadableFile:
        return
    bare = {tuple(_bare(cell) for cell in person) for person in people}
    for row in taken.values():
        assert tuple(_bare(row[name] or "") for name in ("nome", "origem", "uf")) in bare, text


def _bare(cell: str) -> str:
    return cell.replace('"', "").strip()
