"""A file is looked at, corrected and imported without being sent again. All people are made up."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.imports.proposing import counting
from tests.support.api import Api, Team, open_team
from tests.support.jobs import work
from tests.support.leads import all_leads, create, rows, run
from tests.support.previews import XLSX, fields, preview, previewed, take
from tests.support.workbooks import workbook

CSV = (
    "Nome completo;Celular;Estado;Cargo\n"
    "Ana Exemplo;(11) 98765-4321;SP;Sócia\n"
    "Bia Exemplo;(11) 98765-4322;Rio de Janeiro;\n"
    "Lia Exemplo;ligar;RJ;\n"
)
COUNTS = ("criariam", "atualizariam", "iguais", "pulariam", "rejeitariam")


def _counts(found: dict[str, Any]) -> list[int]:
    counts = [found[name] for name in COUNTS]
    assert sum(counts) == found["contadas"] <= found["linhas"]
    return counts


def _files(sql: Engine, team: Team) -> int:
    """How many files and blocks of files are kept."""
    found = rows(
        sql,
        "select (select count(*) from importacao_arquivos where equipe_id = :e) "
        "+ (select count(*) from importacao_blocos where equipe_id = :e)",
        e=team.equipe_id,
    )
    return int(found[0][0])


def test_a_preview_says_what_a_file_is_and_what_it_would_come_to(team: Team, sql: Engine) -> None:
    found = previewed(team.gestor.api, CSV.encode("cp1252"))
    assert (found["codificacao"], found["delimitador"]) == ("windows-1252", ";")
    assert (found["linhas"], _counts(found)) == (3, [2, 0, 0, 0, 1])
    assert fields(found) == {
        "Nome completo": "nome",
        "Celular": "telefone",
        "Estado": "uf",
        "Cargo": "atributos.Cargo",
    }
    assert found["mapeamento"] == {
        "colunas": {"Nome completo": "nome", "Celular": "telefone", "Estado": "uf"},
        "valores": {},
        "padroes": {},
    }
    phone = found["colunas"][1]
    assert phone["amostra"] == ["(**) *****-4321", "(**) *****-4322", "l***"]
    assert [each["linha"] for each in phone["contradicoes"]] == [4]
    assert all_leads(team.gestor.api) == []
    assert rows(sql, "select 1 from importacoes where equipe_id = :e", e=team.equipe_id) == []
    assert _files(sql, team) == 2


def test_the_file_is_imported_as_proposed_and_then_deleted(team: Team, sql: Engine) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    reply = take(team.gestor.api, previa)
    assert reply.status == 200, reply.body
    assert (reply.data["criados"], reply.data["rejeitados"]) == (2, 1)
    leads = all_leads(team.gestor.api)
    assert sorted((lead["nome"], lead["uf"], lead["telefone"]) for lead in leads) == [
        ("Ana Exemplo", "SP", "+5511987654321"),
        ("Bia Exemplo", "RJ", "+5511987654322"),
    ]
    assert _files(sql, team) == 0


def test_it_is_imported_once(team: Team) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    assert take(team.gestor.api, previa).status == 200
    again = take(team.gestor.api, previa)
    assert (again.status, again.codigo) == (409, "PREVIA_USADA")
    assert len(all_leads(team.gestor.api)) == 2


def test_a_retry_with_its_key_gets_the_same_reply(team: Team) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    key = {"Idempotency-Key": f"previa-{previa}"}
    first, again = (take(team.gestor.api, previa, headers=key) for _ in range(2))
    assert (first.status, first.raw) == (again.status, again.raw)
    assert again.headers["Idempotent-Replayed"] == "true"


def test_a_mapping_may_be_corrected(team: Team) -> None:
    found = previewed(team.gestor.api, CSV)
    mapping = found["mapeamento"]
    mapping["colunas"] |= {"Cargo": "produto", "Estado": None}
    assert take(team.gestor.api, found["previa"], mapping).status == 200
    lead = next(each for each in all_leads(team.gestor.api) if each["nome"] == "Ana Exemplo")
    assert (lead["produto"], lead["uf"]) == ("Sócia", None)


@pytest.mark.parametrize(
    "wrong",
    [
        {"colunas": {"Celular": "salario"}},
        {"colunas": {"Fone": "telefone"}},
        {"colunas": {"Celular": "nome", "Nome completo": "nome"}},
        {"colunas": []},
        {"padroes": {"contatos": "1"}},
        {"linhas": {}},
    ],
)
def test_a_wrong_mapping_leaves_the_preview_as_it_was(team: Team, wrong: Any) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    reply = take(team.gestor.api, previa, wrong)
    assert reply.status == 422
    assert all(name.startswith("mapeamento") for name in reply.campos)
    assert all_leads(team.gestor.api) == []
    assert take(team.gestor.api, previa).status == 200


def test_what_a_correction_would_do_can_be_asked_first(team: Team) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    mapping = {"colunas": {"Nome completo": "nome"}}
    checked = take(team.gestor.api, previa, mapping, dry_run=1)
    assert (checked.data["criados"], checked.data["id"]) == (3, None)
    assert all_leads(team.gestor.api) == []
    assert take(team.gestor.api, previa).data["criados"] == 2


def test_a_preview_lasts_a_day(team: Team, sql: Engine) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    when = "update importacao_previas set expira_em = now() - interval '1 second' where id = :id"
    run(sql, when, id=previa)
    reply = take(team.gestor.api, previa)
    assert (reply.status, reply.codigo) == (409, "PREVIA_EXPIRADA")
    assert all_leads(team.gestor.api) == []


def test_a_preview_is_its_equipe_s_and_a_gestor_s(app: Flask, team: Team) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    stranger = open_team(app).gestor.api
    for asked in (previa, 2**62):
        reply = take(stranger, asked)
        assert (reply.status, reply.codigo) == (404, "NAO_ENCONTRADO")
    assert take(team.vendedor.api, previa).status == 403
    assert preview(team.vendedor.api, CSV).status == 403
    assert take(team.gestor.api, previa).status == 200


@pytest.mark.parametrize(
    ("body", "query", "status"),
    [
        ({"data": b"{", "content_type": "application/json"}, {}, 400),
        ({"json": {"outro": 1}}, {}, 422),
        ({"data": b"nome\nA\n", "content_type": "text/csv"}, {}, 415),
        ({"json": {"mapeamento": {}}}, {"mapeamento": "{}"}, 422),
        ({}, {"planilha": "Leads"}, 422),
        ({}, {"mapeamento": "{"}, 400),
    ],
)
def test_a_body_that_is_no_mapping_is_refused(
    team: Team, body: dict[str, Any], query: dict[str, Any], status: int
) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    asked = {"previa": previa, **query}
    assert (
        team.gestor.api.call("POST", "/leads/import", query_string=asked, **body).status == status
    )
    assert take(team.gestor.api, previa).status == 200


def test_a_mapping_may_also_come_in_the_query(team: Team) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    mapping = '{"colunas": {"Nome completo": "empresa"}}'
    assert take(team.gestor.api, previa, mapeamento=mapping).status == 200
    assert {lead["empresa"] for lead in all_leads(team.gestor.api)} >= {"Ana Exemplo"}


def test_the_counts_are_those_of_the_import(team: Team) -> None:
    lead = create(team.gestor.api, nome="Ana Exemplo", telefone="11987654321")
    skipping = previewed(team.gestor.api, CSV)
    assert _counts(skipping) == [1, 0, 0, 1, 1]
    asked = {"duplicados": "atualizar"}
    found = previewed(team.gestor.api, CSV, **asked)
    assert _counts(found) == [1, 1, 0, 0, 1]
    done = take(team.gestor.api, found["previa"], **asked).data
    assert (done["criados"], done["atualizados"], done["rejeitados"]) == (1, 1, 1)
    assert _counts(previewed(team.gestor.api, CSV, **asked)) == [0, 0, 2, 0, 1]
    assert team.gestor.api.get(f"/leads/{lead['id']}").data["uf"] == "SP"


def test_of_a_long_file_the_first_lines_are_counted(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(counting, "MOST", 2)
    found = previewed(team.gestor.api, CSV)
    assert (found["linhas"], found["contadas"], _counts(found)) == (3, 2, [2, 0, 0, 0, 0])
    assert take(team.gestor.api, found["previa"]).data["linhas"] == 3


def test_a_column_that_means_two_things_is_told_and_not_imported(team: Team) -> None:
    csv = "Nome completo;Valor total\nAna;1.234,56\nBia;1,234.56\n"
    found = previewed(team.gestor.api, csv)
    assert _counts(found) == [0, 0, 0, 0, 2]
    assert "linha 3" in found["colunas"][1]["contradicoes"][0]["mensagem"]
    assert take(team.gestor.api, found["previa"]).status == 422
    mapping = {"colunas": {"Nome completo": "nome", "Valor total": None}}
    assert take(team.gestor.api, found["previa"], mapping).data["criados"] == 2


def test_a_file_of_which_nothing_is_recognised_needs_a_mapping(team: Team) -> None:
    found = previewed(team.gestor.api, "col1;col2\nAna;x\nBia;y\n")
    assert _counts(found) == [0, 0, 0, 0, 2]
    refused = take(team.gestor.api, found["previa"])
    assert (refused.status, refused.codigo) == (422, "ARQUIVO_INVALIDO")
    done = take(team.gestor.api, found["previa"], {"colunas": {"col1": "nome"}})
    assert done.data["criados"] == 2


def test_a_file_of_one_column_is_no_title(team: Team) -> None:
    found = previewed(team.gestor.api, 'Cliente\n"Exemplo, Ana"\nNome\n"Silva, Rui"\n')
    assert (fields(found), found["linhas"]) == ({"Cliente": "nome"}, 3)


@pytest.mark.parametrize(
    ("csv", "said"),
    [
        ("Leads de agosto\n\nNome;E-mail;UF\nAna;ana@exemplo.com.br;SP\n", "linha 3"),
        ("Cliente;;\nNome;E-mail;UF\nAna;ana@exemplo.com.br;SP\n", "linha 2"),
        ("Cliente\nnome;telefone;email\nAna;11987654321;ana@exemplo.com.br\n", "linha 2"),
        ("", "vazio"),
        ('nome;uf\n"Ana;SP\n', "aspas"),
        ("nome;nome\nAna;Bia\n", None),
        ("nome;Celu\0lar\nAna;11987654321\n", "coluna 2"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", None),
    ],
)
def test_what_cannot_be_read_is_not_kept(
    team: Team, sql: Engine, csv: str | bytes, said: str | None
) -> None:
    reply = preview(team.gestor.api, csv)
    assert reply.status in (415, 422), reply.body
    assert said is None or said in str(reply.body)
    assert _files(sql, team) == 0


def test_a_stage_that_no_database_keeps_is_not_proposed(team: Team) -> None:
    found = previewed(team.gestor.api, "nome;Etapa do funil\nAna;W\0on\nBia;Won\n")
    assert found["mapeamento"]["valores"] == {"etapa": {"Won": "ganho"}}
    assert _counts(found) == [1, 0, 0, 0, 1]


def test_what_a_line_says_of_a_closing_and_an_open_lead_has_not_is_told(team: Team) -> None:
    csv = (
        "Nome;Etapa do funil;Motivo da perda;fechado_em\nAna;Lost;preço;01/08/2025\n"
        "Bia;New;preço;\nLia;;;02/08/2025\nEva;Won;;03/08/2025\nIda;Novo;N/A;-\n"
    )
    found = previewed(team.gestor.api, csv)
    told = {each["campo"]: each["contradicoes"] for each in found["colunas"]}
    assert [each["linha"] for each in told["motivo_perda"]] == [3]
    assert [each["linha"] for each in told["fechado_em"]] == [4]
    assert "não é fechada" in told["fechado_em"][0]["mensagem"]
    assert (told["etapa"], _counts(found)) == ([], [5, 0, 0, 0, 0])


def test_a_mapping_is_no_part_of_a_preview(team: Team) -> None:
    reply = preview(team.gestor.api, CSV, mapeamento="{}")
    assert (reply.status, reply.campos) == (422, {"mapeamento": "CAMPO_DESCONHECIDO"})


def test_a_sheet_is_named_once(team: Team) -> None:
    def build(book: Any) -> None:
        book.add_worksheet("Capa").write_row(0, 0, ["Relatório"])
        sheet = book.add_worksheet("Leads")
        sheet.write_row(0, 0, ["Nome completo", "Valor do negócio"])
        sheet.write_row(1, 0, ["Ana Exemplo", 1.5])

    found = previewed(team.gestor.api, workbook(build), XLSX, planilha="Leads")
    assert (found["codificacao"], found["delimitador"], found["linhas"]) == ("xlsx", None, 1)
    assert fields(found) == {"Nome completo": "nome", "Valor do negócio": "valor"}
    assert take(team.gestor.api, found["previa"]).status == 200
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["valor"]) == ("Ana Exemplo", "1.50")


def test_a_sheet_is_named_by_a_text(team: Team) -> None:
    reply = preview(team.gestor.api, CSV, planilha="Lea\0ds")
    assert (reply.status, reply.campos) == (422, {"planilha": "TEXTO_INVALIDO"})


@pytest.mark.parametrize(
    ("charset", "code"), [("cp850", "cp850"), ("klingon", "cp1252"), ("x" * 41, "cp1252")]
)
def test_a_kept_file_is_read_as_its_sender_says(team: Team, charset: str, code: str) -> None:
    raw = "Nome completo\nJosé\n".encode(code)
    found = previewed(team.gestor.api, raw, f"text/csv; charset={charset}")
    assert take(team.gestor.api, found["previa"]).status == 200
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["José"]


def test_the_file_of_a_job_is_deleted_when_it_is_done(app: Flask, team: Team, sql: Engine) -> None:
    previa = previewed(team.gestor.api, CSV)["previa"]
    reply = take(team.gestor.api, previa, headers={"Prefer": "respond-async"})
    assert (reply.status, reply.data["estado"]) == (202, "na_fila")
    assert take(team.gestor.api, previa).codigo == "PREVIA_USADA"
    work(app)
    assert len(all_leads(team.gestor.api)) == 2
    assert _files(sql, team) == 0


def test_two_who_take_it_at_one_moment_import_it_once(app: Flask, team: Team) -> None:
    """The turn lets only one of them in; whoever comes after finds it used."""
    previa = previewed(team.gestor.api, CSV)["previa"]
    other = Api(app, team.gestor.api.token)
    replies = [take(api, previa).status for api in (team.gestor.api, other)]
    assert sorted(replies) == [200, 409]
    assert len(all_leads(team.gestor.api)) == 2
