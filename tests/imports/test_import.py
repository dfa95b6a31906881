"""Importing a file: what becomes of its columns, its lines and its history."""

import json
from io import BytesIO
from typing import Any

import pytest
from sqlalchemy import Engine, text

from config import ROOT
from models.db import db
from services.idempotencyService import KeyInFlight
from services.imports.writing import settle
from tests.support.api import Reply, Team, new_email
from tests.support.leads import all_leads, create, events, imported, new_cpf, rows, upload

# The columns of a bank's public campaign data, as the documentation maps them.
BANK = (
    'age;job;balance;contact;duration;y\n"58";"management";2143;"unknown";261;"no"\n'
    '33;"technician";-29;"cellular";151;"yes"\n'
)
BANK_MAPPING = {
    "colunas": {"y": "etapa", "job": "atributos.profissao", "contact": "origem", "duration": None},
    "valores": {"etapa": {"yes": "ganho", "no": "perdido"}, "origem": {"unknown": ""}},
    "padroes": {"motivo_perda": "não informado", "campanha": "banco"},
}

# What a reply says of a file.
COUNTS = ("linhas", "criados", "atualizados", "iguais", "pulados", "rejeitados")
TOLD = ("erros", "linhas_puladas", "avisos")
REPORT = ("id", "estado", *COUNTS, "avisados", *TOLD, "colunas")


def send(team: Team, **form: Any) -> Reply:
    return team.gestor.api.call(
        "POST", "/leads/import", data=form, content_type="multipart/form-data"
    )


def traces(sql: Engine, team: Team) -> dict[str, int]:
    """How many rows each table that an import writes has for the equipe."""
    tables = ("leads", "lead_pontuacao", "importacoes", "importacao_linhas", "idempotencia")
    counted = {t: f"select count(*) from {t} where equipe_id = :e" for t in tables}
    counted["eventos"] = "select count(*) from eventos where equipe_id = :e and lead_id is not null"
    return {t: rows(sql, query, e=team.equipe_id)[0][0] for t, query in counted.items()}


def test_a_mapping_says_what_columns_become(team: Team) -> None:
    report = imported(team.gestor.api, BANK, BANK_MAPPING)
    assert {name: report[name] for name in REPORT[1:]} == {
        "estado": "concluida",
        "linhas": 2,
        "criados": 2,
        "atualizados": 0,
        "iguais": 0,
        "pulados": 0,
        "rejeitados": 0,
        "avisados": 0,
        "erros": [],
        "linhas_puladas": [],
        "avisos": [],
        "colunas": [
            {"coluna": "age", "campo": "atributos.age"},
            {"coluna": "job", "campo": "atributos.profissao"},
            {"coluna": "balance", "campo": "atributos.balance"},
            {"coluna": "contact", "campo": "origem"},
            {"coluna": "duration", "campo": None},
            {"coluna": "y", "campo": "etapa"},
        ],
    }
    lost, won = all_leads(team.gestor.api)
    assert lost["atributos"] == {"age": 58, "profissao": "management", "balance": 2143}
    assert (lost["etapa"], lost["motivo_perda"]) == ("perdido", "não informado")
    assert (lost["nome"], lost["origem"], lost["campanha"]) == ("Sem nome", None, "banco")
    assert won["atributos"] == {"age": 33, "profissao": "technician", "balance": -29}
    assert (won["etapa"], won["motivo_perda"], won["origem"]) == ("ganho", None, "cellular")
    assert lost["fechado_em"] is not None is not won["fechado_em"]


def test_blank_text_of_a_mapping_is_nothing(team: Team) -> None:
    mapping = {
        "valores": {"nome": {"A": " "}},
        "padroes": {"cidade": " ", "etapa": "\u00a0", "atributos.x": " "},
    }
    imported(team.gestor.api, "nome,uf\nA,SP\n", mapping)
    imported(team.gestor.api, "nome,uf\n,SP\n", {"padroes": {"nome": " ", "valor": " 10 "}})
    first, second = all_leads(team.gestor.api)
    assert (first["nome"], first["cidade"], first["etapa"]) == ("Sem nome", None, "novo")
    assert (first["atributos"], second["nome"], second["valor"]) == ({}, "Sem nome", "10.00")


def test_without_a_mapping_headers_that_are_fields_fill_them(team: Team) -> None:
    csv = "nome,valor,cor,atributos.idade,id,score,versao,faixa\nA,10.5,azul,7,99,100,9,quente\n"
    assert imported(team.gestor.api, csv)["criados"] == 1
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["valor"], lead["versao"]) == ("A", "10.50", 1)
    assert lead["atributos"] == {"cor": "azul", "idade": 7}
    assert lead["id"] != 99


def test_a_column_mapped_to_a_read_only_field_is_refused(team: Team) -> None:
    for target in ("id", "equipe_id", "score", "versao", "atualizado_em", "nada", ""):
        reply = upload(team.gestor.api, "nome,x\nA,1\n", {"colunas": {"x": target}})
        assert (reply.status, list(reply.campos)) == (422, ["mapeamento.colunas"]), target
    assert all_leads(team.gestor.api) == []


@pytest.mark.parametrize(
    "csv",
    [
        "nome,cidade\nA,Lins\n",
        "nome;cidade\nA;Lins\n",
        "\ufeffnome,cidade\nA,Lins\n",
        "\ufeffnome;cidade\r\nA;Lins\r\n",
        "nome,cidade\rA,Lins\r",
        "nome,cidade\nA,Lins",
        '"nome","cidade"\n"A","Lins"\n',
        " nome , cidade \n  A , Lins \n",
        "nome,cidade\n\nA,Lins\n\n\n",
        '"nome";"cidade"\n"A";"Lins"\n',
    ],
)
def test_the_usual_dialects_are_understood(team: Team, csv: str) -> None:
    assert imported(team.gestor.api, csv)["criados"] == 1
    (lead,) = all_leads(team.gestor.api)
    assert (lead["nome"], lead["cidade"], lead["atributos"]) == ("A", "Lins", {})


def test_a_multipart_file_with_its_mapping(team: Team) -> None:
    mapping = b'{"colunas": {"quem": "nome"}}'
    as_text = send(team, arquivo=(BytesIO(b"quem\nA\n"), "a.csv"), mapeamento=mapping.decode())
    as_file = send(
        team,
        arquivo=(BytesIO(b"quem\nB\n"), "../../b.csv"),
        mapeamento=(BytesIO(mapping), "m.json"),
    )
    assert (as_text.status, as_file.status) == (200, 200)
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["A", "B"]


def test_quotes_line_ends_and_backslashes_arrive_as_written(team: Team) -> None:
    odd = ['a "b" c', "um\ndois", "tab\taqui", "c:\\novo\\N", "\\N", "ponto; vírgula, e", "\\."]
    lines = "".join(f'"{text.replace(chr(34), chr(34) * 2)}","{n}"\n' for n, text in enumerate(odd))
    assert imported(team.gestor.api, "nome,x\n" + lines)["criados"] == len(odd)
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == odd
    found = all_leads(team.gestor.api, q="um dois")
    assert [lead["nome"] for lead in found] == ["um\ndois"]
    assert [lead["nome"] for lead in all_leads(team.gestor.api, q="c:\\novo\\n")] == ["c:\\novo\\N"]


def test_an_apostrophe_before_a_formula_is_taken_away(team: Team) -> None:
    cells = ["'=1+1", "'+55", "'-3", "'@x", "'normal", "''=1", "=1"]
    imported(team.gestor.api, "nome\n" + "\n".join(cells) + "\n")
    kept = [lead["nome"] for lead in all_leads(team.gestor.api)]
    # One is taken off: the export writes one before a text that begins so itself.
    assert kept == ["=1+1", "+55", "-3", "@x", "'normal", "'=1", "=1"]


def test_each_lead_has_one_event_with_its_import(team: Team, sql: Engine) -> None:
    report = imported(team.gestor.api, "nome,email,etapa\nSegredo,a@exemplo.com.br,ganho\nB,,\n")
    assert rows(
        sql,
        "select e.tipo, e.usuario_id, e.importacao_id, e.para_etapa, l.nome from eventos e "
        "join leads l on l.id = e.lead_id where e.equipe_id = :e order by e.id",
        e=team.equipe_id,
    ) == [
        ("lead_criado", team.gestor.id, report["id"], "ganho", "Segredo"),
        ("lead_criado", team.gestor.id, report["id"], "novo", "B"),
    ]


def test_imported_leads_are_scored_like_created_ones(team: Team) -> None:
    fields = {"nome": "A", "origem": "indicação", "valor": "20000", "renda_mensal": "8000.00"}
    created = create(team.gestor.api, **fields)
    imported(team.gestor.api, ",".join(fields) + "\n" + ",".join(fields.values()) + "\n")
    twin = all_leads(team.gestor.api)[-1]
    assert twin["id"] != created["id"]
    assert (twin["score"], twin["faixa"]) == (created["score"], created["faixa"])


def test_the_run_is_kept(team: Team, sql: Engine) -> None:
    report = imported(team.gestor.api, "nome,uf\nA,SP\nB,XX\n")
    columns = ", ".join(REPORT)
    (run,) = rows(sql, f"select {columns} from importacoes where equipe_id = :e", e=team.equipe_id)
    assert run == tuple(report[name] for name in REPORT)


def test_the_shipped_extract_becomes_what_its_mapping_says(team: Team, sql: Engine) -> None:
    csv = (ROOT / "demo" / "bank-2000.csv").read_bytes()
    mapping = json.loads((ROOT / "demo" / "mapping.json").read_text())
    report = imported(team.gestor.api, csv, mapping)
    assert (report["linhas"], report["criados"], report["erros"]) == (2_000, 2_000, [])
    won = csv.count(b';"yes"\n') + csv.endswith(b';"yes"')
    data = team.gestor.api.get("/metrics").data
    assert (data["ganhos"], data["perdidos"]) == (won, 2_000 - won)
    kept = rows(
        sql,
        "select distinct jsonb_object_keys(atributos) from leads where equipe_id = :e",
        e=team.equipe_id,
    )
    assert not {"marital", "duration", "day", "month"} & {name for (name,) in kept}
    assert traces(sql, team)["eventos"] == 2_000


def test_a_dry_run_reports_the_same_and_leaves_nothing(team: Team, sql: Engine) -> None:
    create(team.gestor.api, documento=(document := new_cpf()))
    csv = f"nome,documento,uf\nA,,SP\nB,,XX\nC,{document},RJ\n"
    before = traces(sql, team)
    dry = imported(team.gestor.api, csv, dry_run=1, duplicados="atualizar")
    assert traces(sql, team) == before
    assert dry["id"] is None
    assert (dry["criados"], dry["atualizados"], dry["rejeitados"]) == (1, 1, 1)
    wet = imported(team.gestor.api, csv, duplicados="atualizar")
    assert dry | {name: wet[name] for name in ("id", "criado_em", "concluida_em")} == wet


def test_an_import_that_breaks_half_way_leaves_nothing(
    team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = traces(sql, team)

    written = []

    def broken(*_: Any, **__: Any) -> None:
        written.extend(db.session.execute(text("select id from leads")))
        raise KeyInFlight

    monkeypatch.setattr(settle, "derive_new", broken)
    assert upload(team.gestor.api, "nome\nA\n").status == 409
    assert len(written) == 1
    assert traces(sql, team) == before


def test_a_file_that_names_members_gives_them_leads(team: Team, other_team: Team) -> None:
    csv = f"nome,responsavel_id\nA,{team.vendedor.id}\nB,{other_team.vendedor.id}\nC,{2**62}\n"
    report = imported(team.gestor.api, csv)
    assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [
        (3, "USUARIO_INEXISTENTE"),
        (4, "USUARIO_INEXISTENTE"),
    ]
    assert [lead["nome"] for lead in all_leads(team.vendedor.api)] == ["A"]


def test_an_import_touches_one_equipe_only(team: Team, other_team: Team, sql: Engine) -> None:
    email = new_email("lead")
    foreign = create(other_team.gestor.api, email=email)
    csv = f"nome,email\nMeu,{email}\n"
    assert imported(team.gestor.api, csv, duplicados="atualizar")["criados"] == 1
    assert other_team.gestor.api.get(f"/leads/{foreign['id']}").data == foreign
    assert len(events(sql, foreign["id"])) == 1
