"""The parts of a multipart body: exactly a file and perhaps a mapping, nothing overlooked."""

import json
from io import BytesIO
from typing import Any

import pytest

from tests.support.api import Reply, Team
from tests.support.leads import all_leads

CSV = b"nome,uf\nA,SP\n"


def send(team: Team, *parts: bytes, query: str = "") -> Reply:
    """Each part is its headers' rest, a blank line and its content."""
    body = b"".join(
        b"--x\r\nContent-Disposition: form-data; name=" + part + b"\r\n" for part in parts
    )
    return team.gestor.api.call(
        "POST",
        f"/leads/import{query}",
        data=body + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )


def part(name: str, content: bytes, *, file: str = "", more: bytes = b"") -> bytes:
    filename = f'; filename="{file}"' if file else ""
    return f'"{name}"{filename}'.encode() + more + b"\r\n\r\n" + content


FILE = part("arquivo", CSV, file="a.csv")


@pytest.mark.parametrize(
    ("parts", "campo", "codigo"),
    [
        ([FILE, part("dry_run", b"1")], "dry_run", "CAMPO_DESCONHECIDO"),
        ([FILE, part("duplicados", b"erro")], "duplicados", "CAMPO_DESCONHECIDO"),
        ([FILE, part("mapeamentos", b"{}")], "mapeamentos", "CAMPO_DESCONHECIDO"),
        ([FILE, part("anexo", CSV, file="b.csv")], "anexo", "CAMPO_DESCONHECIDO"),
        ([FILE, part("n" * 300, b"1")], "n" * 64, "CAMPO_DESCONHECIDO"),
        ([FILE, FILE], "arquivo", "REPETIDO"),
        ([FILE, part("arquivo", CSV)], "arquivo", "REPETIDO"),
        ([FILE, part("mapeamento", b"{}"), part("mapeamento", b"{}")], "mapeamento", "REPETIDO"),
        (
            [FILE, part("mapeamento", b"{}"), part("mapeamento", b"{}", file="m.json")],
            "mapeamento",
            "REPETIDO",
        ),
        ([part("arquivo", CSV)], "arquivo", "OBRIGATORIO"),
        ([part("mapeamento", b"{}")], "arquivo", "OBRIGATORIO"),
    ],
)
def test_any_other_part_is_refused_by_name(
    team: Team, parts: list[bytes], campo: str, codigo: str
) -> None:
    reply = send(team, *parts)
    assert (reply.status, reply.campos) == (422, {campo: codigo})
    assert all_leads(team.gestor.api) == []


def test_a_mapping_comes_once(team: Team) -> None:
    reply = send(team, FILE, part("mapeamento", b"{}"), query="?mapeamento={}")
    assert (reply.status, reply.campos) == (422, {"mapeamento": "REPETIDO"})
    assert send(team, FILE, query='?mapeamento={"colunas":{"uf":null}}').status == 200
    assert all_leads(team.gestor.api)[0]["uf"] is None


@pytest.mark.parametrize("file", ["", "m.json"])
@pytest.mark.parametrize(
    "raw", [b"\xe3", b"\xff\xfe", b"\xed\xa0\x80"], ids=["latin-1", "utf-16", "surrogate"]
)
def test_a_mapping_that_is_no_utf_8_is_refused(team: Team, raw: bytes, file: str) -> None:
    mapping = b'{"padroes": {"cidade": "S' + raw + b'o Paulo"}}'
    reply = send(team, FILE, part("mapeamento", mapping, file=file))
    assert (reply.status, reply.campos) == (422, {"mapeamento": "TEXTO_INVALIDO"})
    assert all_leads(team.gestor.api) == []


def test_another_charset_of_a_part_is_refused_too(team: Team) -> None:
    mapping = '{"padroes": {"cidade": "São Paulo"}}'.encode("latin-1")
    said = b"\r\nContent-Type: text/plain; charset=iso-8859-1"
    reply = send(team, FILE, part("mapeamento", mapping, more=said))
    assert (reply.status, reply.campos) == (422, {"mapeamento": "TEXTO_INVALIDO"})


@pytest.mark.parametrize("file", ["", "m.json"])
def test_a_mapping_in_utf_8_arrives_as_written(team: Team, file: str) -> None:
    mapping = '{"padroes": {"cidade": "São \ufffd Paulo 👵"}}'.encode()
    assert send(team, FILE, part("mapeamento", mapping, file=file)).status == 200
    assert all_leads(team.gestor.api)[0]["cidade"] == "São \ufffd Paulo 👵"


@pytest.mark.parametrize(
    ("mapping", "campo", "codigo"),
    [
        ([], "mapeamento", "TIPO_INVALIDO"),
        ({"coluna": {}}, "mapeamento.coluna", "CAMPO_DESCONHECIDO"),
        ({"colunas": ["a"]}, "mapeamento.colunas", "TIPO_INVALIDO"),
        ({"colunas": None}, "mapeamento.colunas", "TIPO_INVALIDO"),
        ({"colunas": {"nome": 5}}, "mapeamento.colunas.nome", "TIPO_INVALIDO"),
        ({"colunas": {"nome": "x" * 81}}, "mapeamento.colunas.nome", "LONGO_DEMAIS"),
        ({"colunas": {f"c{n}": None for n in range(501)}}, "mapeamento.colunas", "LONGO_DEMAIS"),
        ({"valores": {"etapa": ["x"]}}, "mapeamento.valores.etapa", "TIPO_INVALIDO"),
        ({"valores": {"etapa": {"x": None}}}, "mapeamento.valores.etapa.x", "TIPO_INVALIDO"),
        ({"valores": None}, "mapeamento.valores", "TIPO_INVALIDO"),
        ({"padroes": {"cidade": 5}}, "mapeamento.padroes.cidade", "TIPO_INVALIDO"),
        ({"padroes": {"cidade": "x" * 2_001}}, "mapeamento.padroes.cidade", "LONGO_DEMAIS"),
    ],
)
def test_a_mapping_of_another_shape_is_refused_by_path(
    team: Team, mapping: Any, campo: str, codigo: str
) -> None:
    reply = team.gestor.api.call(
        "POST",
        "/leads/import",
        data={"arquivo": (BytesIO(CSV), "a.csv"), "mapeamento": json.dumps(mapping)},
        content_type="multipart/form-data",
    )
    assert (reply.status, reply.campos) == (422, {campo: codigo})
