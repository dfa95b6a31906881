"""What a file of leads looks like, format by format."""

from datetime import date, datetime

import pytest

from tests.support.api import Team
from tests.support.exports import export, exported, sheet, table
from tests.support.leads import create, rows

LEAD = {
    "nome": "Lead Exemplo",
    "telefone": "(11) 98765-4321",
    "email": "lead@exemplo.com.br",
    "documento": "529.982.247-25",
    "valor": "1500.50",
    "etiquetas": ["vip", "carteira"],
    "previsto_para": "2030-09-30",
    "proximo_contato_em": "2030-08-01T17:30:00Z",
    "atributos": {"idade": 41, "saldo": 1.5, "cep": "01310100", "casado": True},
    "contatos": [
        {"tipo": "telefone", "valor": "+5511987654321"},
        {"tipo": "email", "valor": "lead@exemplo.com.br"},
        {"tipo": "telefone", "valor": "+5521912345678"},
        {"tipo": "email", "valor": "outro@exemplo.com.br"},
    ],
}


def test_a_csv_is_for_programs(team: Team) -> None:
    lead = create(team.gestor.api, **LEAD)
    (row,) = exported(team.gestor.api)
    assert row["id"] == str(lead["id"])
    assert row["telefone"] == "'+5511987654321"
    assert (row["valor"], row["documento"]) == ("1500.50", "52998224725")
    assert row["etiquetas"] == "vip|carteira"
    assert row["previsto_para"] == "2030-09-30"
    assert row["proximo_contato_em"] == "2030-08-01T17:30:00Z"
    assert datetime.fromisoformat(row["criado_em"]) == datetime.fromisoformat(lead["criado_em"])
    assert row["contatos"] == "'+5521912345678 | outro@exemplo.com.br"
    assert (row["atributos.idade"], row["atributos.saldo"]) == ("41", "1.5")
    # A text among numbers says that it is one; what is neither has no cell of its own.
    assert row["atributos.cep"] == "'01310100"
    assert (row["atributos.casado"], row["atributos"]) == ("", '{"casado":true}')
    assert (row["score"], row["faixa"]) == (str(lead["score"]), lead["faixa"])


def test_excel_reads_it_the_brazilian_way(team: Team) -> None:
    create(team.gestor.api, **LEAD)
    file = export(team.gestor.api, "excel").raw
    assert file.startswith("\ufeffid;nome;".encode())
    (row,) = table(file, ";")
    assert (row["valor"], row["atributos.saldo"]) == ("1500,50", "1,5")
    assert row["previsto_para"] == "30/09/2030"
    assert row["proximo_contato_em"] == "01/08/2030 14:30:00"


def test_a_workbook_has_types(team: Team) -> None:
    lead = create(team.gestor.api, **LEAD)
    (row,) = sheet(export(team.gestor.api, "xlsx").raw)
    assert (row["id"], row["valor"]) == (lead["id"], 1500.5)
    assert row["previsto_para"] == date(2030, 9, 30)
    assert row["proximo_contato_em"] == datetime(2030, 8, 1, 14, 30)
    # Nothing runs the text of a workbook, so this one needs no mark.
    assert row["telefone"] == "+5511987654321"
    assert (row["atributos.idade"], row["atributos.cep"]) == (41, "'01310100")


def test_an_hour_that_clocks_showed_twice_is_told_in_utc(team: Team) -> None:
    for minute in (0, 59):
        create(team.gestor.api, proximo_contato_em=f"2018-02-18T02:{minute:02}:00Z")
    create(team.gestor.api, proximo_contato_em="2018-02-18T01:30:00Z")
    told = {row["proximo_contato_em"] for row in table(export(team.gestor.api, "excel").raw, ";")}
    # Both hours are 23:00 to 24:00 of the 17th; the first one is.
    assert told == {"2018-02-18T02:00:00Z", "2018-02-18T02:59:00Z", "17/02/2018 23:30:00"}


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@a", "＝1", "\u200b=1", '"=1', "'=1", "﹢1"])
def test_nothing_that_a_spreadsheet_would_run_is_in_a_cell(team: Team, text: str) -> None:
    create(team.gestor.api, nome=text, empresa=text, etiquetas=[text], atributos={"x": text})
    (row,) = exported(team.gestor.api)
    marked = {row[name] for name in ("nome", "empresa", "etiquetas", "atributos.x")}
    assert marked == {f"'{text}"}
    (cells,) = sheet(export(team.gestor.api, "xlsx").raw)
    assert cells["nome"].lstrip("'") == text.lstrip("'")


def test_it_has_the_filters_and_the_order_of_the_list(team: Team) -> None:
    for n, (uf, valor) in enumerate([("SP", "3"), ("RJ", "1"), ("SP", None), ("SP", "2")]):
        create(team.gestor.api, nome=f"Lead {n}", uf=uf, valor=valor)
    for asked in ({"ordenar": "valor"}, {"ordenar": "-valor"}, {"ordenar": "-score"}, {}):
        listed = team.gestor.api.get("/leads", query_string={"uf": "SP", **asked}).data["itens"]
        found = exported(team.gestor.api, uf="SP", **asked)
        assert [row["id"] for row in found] == [str(lead["id"]) for lead in listed]
    assert exported(team.gestor.api, q="nobody is called so") == []


def test_many_attributes_share_the_last_column(team: Team) -> None:
    """An import takes a hundred columns of attributes."""
    for n in range(3):
        many = {f"k{i:03}": i for i in range(n * 60, n * 60 + 60)}
        create(team.gestor.api, atributos={"comum": n, **many})
    found = exported(team.gestor.api)
    assert sum(name.startswith("atributos.") for name in found[0]) == 100
    assert {row["atributos.comum"] for row in found} == {"0", "1", "2"}


def test_deleted_leads_and_those_of_others_stay(team: Team, other_team: Team) -> None:
    kept = create(team.gestor.api)
    gone = create(team.gestor.api)
    team.gestor.api.delete(f"/leads/{gone['id']}")
    create(other_team.gestor.api)
    assert [row["id"] for row in exported(team.gestor.api)] == [str(kept["id"])]


def test_the_reply_is_a_file_with_a_name(team: Team) -> None:
    reply = export(team.gestor.api, "excel")
    assert reply.headers["Content-Type"].startswith("text/csv")
    named = reply.headers["Content-Disposition"]
    assert named.startswith('attachment; filename="leads-') and named.endswith('.csv"')
    assert reply.headers["Cache-Control"] == "no-store"
    whole = export(team.gestor.api, "xlsx")
    assert int(whole.headers["Content-Length"]) == len(whole.raw)


def test_who_exports_is_recorded_without_what_they_looked_for(team: Team, sql) -> None:
    export(team.gestor.api, uf="SP", q="Maria Exemplo")
    asked = (
        "select usuario_id, campos, eventos::text like '%Maria%' from eventos "
        "where equipe_id = :e and tipo = 'leads_exportados'"
    )
    assert rows(sql, asked, e=team.equipe_id) == [(team.gestor.id, ["q", "uf"], False)]


def test_what_is_refused_is_told_in_the_envelope(team: Team, sql) -> None:
    gestor = team.gestor.api
    assert gestor.get("/leads/export?etapa=inexistente").codigo == "VALIDACAO"
    assert gestor.get("/leads/export?formato=pdf").campos == {"formato": "VALOR_INVALIDO"}
    assert gestor.get("/leads/export?limite=1").campos == {"limite": "CAMPO_DESCONHECIDO"}
    assert team.vendedor.api.get("/leads/export").codigo == "PROIBIDO"
    said = "select count(*) from eventos where equipe_id = :e and tipo = 'leads_exportados'"
    assert rows(sql, said, e=team.equipe_id) == [(0,)]


def test_a_workbook_has_as_many_leads_as_an_import_takes(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.exports.workbook.MAX_ROWS", 1)
    create(team.gestor.api)
    assert len(sheet(export(team.gestor.api, "xlsx").raw)) == 1
    create(team.gestor.api)
    reply = team.gestor.api.get("/leads/export?formato=xlsx")
    assert (reply.status, reply.campos) == (422, {"formato": "VALOR_INVALIDO"})
