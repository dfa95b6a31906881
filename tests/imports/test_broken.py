"""Broken files: each is refused with a sentence, or its lines are told, and never is it our fault.

The mutations are drawn from a seed, so that what fails once fails again.
"""

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.api import Reply, Team
from tests.support.leads import all_leads, upload
from tests.support.previews import preview
from tests.support.workbooks import sheet_of

EXPORTS = Path(__file__).parent / "exports"
# Which columns of the exports are a field's, so that a file that can be read goes in.
COLUMNS = {
    "Email": "email",
    "Phone Number": "telefone",
    "First Name": "nome",
    "Create Date": "criado_em",
    "Pessoa - Nome": "nome",
    "Pessoa - Telefone": "telefone",
    "Negócio - Valor": "valor",
    "CPF": "documento",
    "Nome completo": "nome",
    "Venda": "valor",
    "full_name": "nome",
    "phone_number": "telefone",
    "created_time": "criado_em",
}
SHEET = sheet_of(
    ["nome", "telefone", "valor", "uf"],
    ["Ana Exemplo", "(11) 98765-4321", 1234.5, "SP"],
    ["Rui Fictício", "(21) 98765-4321", 10, "RJ"],
)


def flip_bits(raw: bytes, draw: random.Random) -> bytes:
    mutated = bytearray(raw)
    for _ in range(draw.randint(1, 8)):
        mutated[draw.randrange(len(mutated))] ^= 1 << draw.randrange(8)
    return bytes(mutated)


def cut(raw: bytes, draw: random.Random) -> bytes:
    return raw[: draw.randrange(len(raw))]


def cut_out(raw: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(raw))
    return raw[:start] + raw[start + draw.randint(1, 40) :]


def repeat(raw: bytes, draw: random.Random) -> bytes:
    start = draw.randrange(len(raw))
    end = start + draw.randint(1, 200)
    return raw[:end] + raw[start:]


def put_zeros(raw: bytes, draw: random.Random) -> bytes:
    mutated = bytearray(raw)
    for _ in range(draw.randint(1, 8)):
        # Half of them in the names of the columns.
        mutated[draw.randrange(draw.choice([100, len(mutated)]))] = 0
    return bytes(mutated)


def swap_columns(raw: bytes, draw: random.Random) -> bytes:
    """In each line other two, and in some lines a cell more or less."""
    lines = raw.split(b"\n")
    mutated = []
    for line in lines:
        cells = line.split(b";" if line.count(b";") > line.count(b",") else b",")
        one, two = (draw.randrange(len(cells)) for _ in range(2))
        cells[one], cells[two] = cells[two], cells[one]
        mutated.append(b";".join(cells[: draw.choice([None, None, None, -1])]))
    return b"\n".join(mutated)


MUTATIONS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    flip_bits,
    cut,
    cut_out,
    repeat,
    put_zeros,
    swap_columns,
)


def sent(team: Team, raw: bytes) -> Reply:
    """With as much of the mapping as the file has columns for: only its contents can be wrong."""
    reply = upload(team.gestor.api, raw, {"colunas": COLUMNS})
    absent = {path.removeprefix("mapeamento.colunas.") for path in reply.campos or ()}
    if absent & COLUMNS.keys():
        left = {name: field for name, field in COLUMNS.items() if name not in absent}
        reply = upload(team.gestor.api, raw, {"colunas": left} if left else None)
    return reply


def is_told(team: Team, reply: Reply) -> bool:
    """A refusal is a sentence, and has written nothing; else every line is accounted for."""
    if reply.status != 200:
        assert reply.codigo in ("ARQUIVO_INVALIDO", "VALIDACAO")
        assert reply.message and reply.message[-1] == "."
        return not all_leads(team.gestor.api)
    report = reply.data
    counted = sum(report[name] for name in ("criados", "atualizados", "pulados", "rejeitados"))
    assert all(error["mensagem"] for error in report["erros"])
    return bool(counted + report.get("iguais", 0) == report["linhas"])


@pytest.mark.parametrize("seed", range(200))
def test_a_mutated_file_is_never_our_fault(team: Team, seed: int) -> None:
    draw = random.Random(seed)
    files = [path.read_bytes() for path in sorted(EXPORTS.glob("*.csv"))] + [SHEET]
    mutated = MUTATIONS[seed % len(MUTATIONS)](files[seed % len(files)], draw)
    looked_at = preview(team.gestor.api, mutated)
    assert looked_at.status in (201, 422), looked_at.body
    reply = sent(team, mutated)
    assert reply.status in (200, 422), reply.body
    assert is_told(team, reply)


LONG = b"x" * 1_000_000


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b"nome;uf\nA;SP\nB,RJ\n", (3,)),  # mixed delimiters
        (b"nome;uf\nA\nB;SP;1;2\nC;SP\n", (2, 3)),  # ragged rows
        (b"nome;uf\nA\x00B;SP\nC;SP\n", (2,)),
        (b"nome;cor\nA;" + LONG + b"\nB;azul\n", (2,)),
        (b'nome;cor\nA;"' + LONG + b'"\nB;azul\n', (2,)),
        (b"nome;criado_em\nA;31/12/1899\nB;1/1/1000\nC;\n", (2, 3)),
    ],
)
def test_a_broken_line_is_told_and_bars_no_other(
    team: Team, raw: bytes, said: tuple[int, ...]
) -> None:
    reply = upload(team.gestor.api, raw)
    assert reply.status == 200
    assert tuple(error["linha"] for error in reply.data["erros"]) == said
    assert reply.data["criados"] == reply.data["linhas"] - len(said) > 0


@pytest.mark.parametrize(
    ("raw", "said"),
    [
        (b'nome;uf\nA;"SP\nB;RJ\nC;SP\n', "linha 2"),
        (b"nome;Nome;nome\nA;B;C\n", "aparece duas vezes"),
        (b"", "vazio"),
        (b"\xef\xbb\xbf", "vazio"),
        (b";;;\n;;;\n", "nomes das colunas"),
        (b"\x00" * 5_000, "UTF-16 sem a marca"),
    ],
)
def test_a_broken_file_is_refused_with_a_sentence(team: Team, raw: bytes, said: str) -> None:
    reply = upload(team.gestor.api, raw)
    assert reply.status == 422
    assert said in str(reply.body)
    assert all_leads(team.gestor.api) == []
