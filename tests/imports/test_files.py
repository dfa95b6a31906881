"""Files and mappings that cannot be used at all are refused as a whole, with a reason."""

from io import BytesIO
from typing import Any

import pytest

from tests.support.api import Reply, Team
from tests.support.leads import all_leads, imported, upload


@pytest.mark.parametrize(
    "csv",
    [
        b"",
        b"\xef\xbb\xbf",
        b"\n",
        b"\n\n",
        b",,\n",
        b",nome\nA,b\n",
        b"nome,nome\nA,B\n",
        b"nome, nome \nA,B\n",
        b"cor,atributos.cor\nA,B\n",
        b"nome," + b"x" * 65 + b"\nA,1\n",
        b"nome,a\x00b\nA,1\n",
        b"nome,a\x07b\nA,1\n",
        b"nome," + b",".join(b"c%d" % n for n in range(101)) + b"\n",
        b"nome\nJo\x81o\n",
        "nome,cidade\nA,B\n".encode("utf-16-le"),
        b"PK\x03\x04\x14\x00\x06\x00\x08\x00",
        b"\x1f\x8b\x08\x00\x00",
        b"nome\nA\xed\xa0\x80\n",
    ],
)
def test_a_file_that_cannot_be_read_is_refused(team: Team, csv: bytes) -> None:
    reply = upload(team.gestor.api, csv)
    assert reply.status == 422
    assert all_leads(team.gestor.api) == []


def test_a_header_alone_is_an_import_of_nothing(team: Team) -> None:
    for csv in ("nome,uf", "nome,uf\n", "nome,uf\n\n\n"):
        report = imported(team.gestor.api, csv)
        assert (report["linhas"], report["criados"], report["rejeitados"]) == (0, 0, 0)


def test_a_header_of_a_million_columns_is_refused_like_any_other(team: Team) -> None:
    names = ",".join(f"c{n % 300_000}" for n in range(600_000))
    reply = upload(team.gestor.api, names + "\n")
    assert reply.status == 422
    assert len(reply.data["erros"]) <= 50


@pytest.mark.parametrize(
    ("mapping", "status"),
    [
        ("{", 400),
        ("nada", 400),
        ('{"colunas": {"nome": NaN}}', 400),
        ('{"colunas": {"nome": "nome", "nome": null}}', 400),
        ('{"padroes": {"nome": "\\ud800"}}', 400),
        ("[" * 1_000 + "]" * 1_000, 400),
        ("[]", 422),
        ('"x"', 422),
        ("null", 422),
        ('{"outra": {}}', 422),
        ('{"colunas": []}', 422),
        ('{"colunas": {"nome": 1}}', 422),
        ('{"colunas": {"ausente": "nome"}}', 422),
        ('{"colunas": {"nome": "nada"}}', 422),
        ('{"colunas": {"nome": "atributos.\\u0000"}}', 422),
        ('{"colunas": {"nome": "atributos."}}', 422),
        ('{"colunas": {"nome": "uf", "uf": "uf"}}', 422),
        ('{"valores": {"nada": {"a": "b"}}}', 422),
        ('{"valores": {"etapa": "ganho"}}', 422),
        ('{"padroes": {"nada": "x"}}', 422),
        ('{"padroes": {"etapa": "inexistente"}}', 422),
        ('{"padroes": {"cidade": "\\u0000"}}', 422),
        ('{"padroes": {"atributos.x": "\\u0000"}}', 422),
        ('{"padroes": {"atributos.\\u0000": "x"}}', 422),
        ('{"padroes": {"valor": "dez"}}', 422),
    ],
)
@pytest.mark.parametrize("way", ["query", "text", "file"])
def test_a_mapping_that_does_not_fit_is_refused(
    team: Team, mapping: str, status: int, way: str
) -> None:
    csv = b"nome,uf\nA,SP\n"
    form: dict[str, Any] = {"arquivo": (BytesIO(csv), "a.csv")}
    sent: dict[str, Any] = {"data": csv, "content_type": "text/csv"}
    if way == "query":
        sent["query_string"] = {"mapeamento": mapping}
    else:
        part = mapping if way == "text" else (BytesIO(mapping.encode()), "m.json")
        sent = {"data": form | {"mapeamento": part}, "content_type": "multipart/form-data"}
    reply = team.gestor.api.call("POST", "/leads/import", **sent)
    assert reply.status == status, reply.body
    assert all_leads(team.gestor.api) == []


def test_a_mapped_value_that_is_no_value_is_the_lines_fault(team: Team) -> None:
    mapping = {"valores": {"etapa": {"sim": "inexistente"}, "uf": {"x": "a\x00b"}}}
    report = imported(team.gestor.api, "nome,etapa,uf\nA,sim,SP\nB,novo,x\n", mapping)
    assert [error["campo"] for error in report["erros"]] == ["etapa", "uf"]


@pytest.mark.parametrize(
    "content_type",
    [
        None,
        "",
        "application/json",
        "text/plain",
        "application/x-www-form-urlencoded",
        "application/vnd.ms-excel",
        "text/csvx",
        "multipart/mixed; boundary=x",
    ],
)
def test_another_content_type_is_refused(team: Team, content_type: str | None) -> None:
    reply = team.gestor.api.call(
        "POST", "/leads/import", data=b"nome\nA\n", content_type=content_type
    )
    assert (reply.status, reply.codigo) == (415, "TIPO_NAO_SUPORTADO")


def test_a_charset_behind_the_content_type_is_no_matter(team: Team) -> None:
    reply = team.gestor.api.call(
        "POST", "/leads/import", data=b"nome\nA\n", content_type="Text/CSV; charset=utf-8"
    )
    assert reply.status == 200


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"nada",
        b"--x--\r\n",
        b"--x\r\n\r\n\r\n--x--\r\n",
        b'--x\r\nContent-Disposition: form-data; name="outro"\r\n\r\nnome\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="arquivo"\r\n\r\nnome\nA\r\n--x--\r\n',
        b'--x\r\nContent-Disposition: form-data; name="arquivo"; filename="a',
        b"--x\r\nContent-Disposition: \xff\xfe\x00\r\n\r\nA\r\n--x--\r\n",
    ],
)
@pytest.mark.parametrize("boundary", ["x", "", "\xe9", "x" * 300])
def test_a_multipart_body_without_the_file_is_refused(
    team: Team, body: bytes, boundary: str
) -> None:
    reply = team.gestor.api.call(
        "POST",
        "/leads/import",
        data=body,
        content_type=f'multipart/form-data; boundary="{boundary}"',
    )
    assert 400 <= reply.status < 500
    assert all_leads(team.gestor.api) == []


def test_a_crowd_of_parts_is_refused(team: Team) -> None:
    part = b'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n1\r\n'
    reply = team.gestor.api.call(
        "POST",
        "/leads/import",
        data=part * 2_000 + b"--x--\r\n",
        content_type="multipart/form-data; boundary=x",
    )
    assert reply.status == 413


def large(size: int) -> bytes:
    line = b"A," + b"x" * 997 + b"\n"
    return (b"nome,empresa\n" + line * (size // len(line) + 1))[:size]


@pytest.mark.parametrize("way", ["csv", "multipart"])
def test_a_file_beyond_fifty_megabytes_is_too_large(team: Team, way: str) -> None:
    at_once, limit = 5 * 1024 * 1024, 50 * 1024 * 1024

    def send(size: int, path: str = "/leads/import") -> Reply:
        file = large(size)
        if way == "csv":
            return team.gestor.api.call("POST", path, data=file, content_type="text/csv")
        part = b'--x\r\nContent-Disposition: form-data; name="arquivo"; filename="a"\r\n\r\n'
        return team.gestor.api.call(
            "POST",
            path,
            data=part + file + b"\r\n--x--\r\n",
            content_type="multipart/form-data; boundary=x",
        )

    for size in (limit + 1, limit + 128 * 1024 + 1, 70_000_000):
        for reply in (send(size), send(size, "/leads/import/preview")):
            assert (reply.status, reply.codigo) == (413, "CORPO_MUITO_GRANDE")
    assert send(at_once).status == 200  # every line of it is bad: the company is too long
    assert [send(size).status for size in (at_once + 1, limit)] == [202, 202]


@pytest.mark.parametrize(
    "query",
    ["duplicados=sim", "duplicados=pular&duplicados=erro", "dry_run=2", "dry_run=", "mapa={}"],
)
def test_a_bad_parameter_is_refused(team: Team, query: str) -> None:
    reply = team.gestor.api.call(
        "POST", f"/leads/import?{query}", data=b"nome\nA\n", content_type="text/csv"
    )
    assert (reply.status, list(reply.campos)) == (422, [query.split("=")[0]])
