"""duplicados=atualizar: what a line, a default and a stage may change of a lead that is there."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine, event

from models.db import db
from tests.support.api import Team
from tests.support.leads import all_leads, create, events, imported, new_cpf, new_phone

DAY = "2026-01-02"
AT = "2026-01-02T03:00:00"


def update(team: Team, csv: str, mapping: Any = None) -> dict[str, Any]:
    return imported(team.gestor.api, csv, mapping, duplicados="atualizar")


def read(team: Team, lead: dict[str, Any]) -> dict[str, Any]:
    return team.gestor.api.get(f"/leads/{lead['id']}").data


DEFAULTS = {
    "nome": "Sem nome",
    "email": "padrao@exemplo.com.br",
    "telefone": "(11) 91234-5678",
    "cidade": "Bauru",
    "valor": "1",
    "etiquetas": "padrão",
    "etapa": "ganho",
    "origem": "arquivo",
    "responsavel_id": "",
    "proximo_contato_em": "2027-01-01",
    "fechado_em": "2020-01-01",
    "atributos.a": "9",
    'atributos.c "d\\e': "9",
}


@pytest.mark.parametrize("columns", ["", ",cidade,valor,etapa,etiquetas,a,telefone"])
def test_a_default_overwrites_nothing(team: Team, sql: Engine, columns: str) -> None:
    """Neither for an empty cell nor for a column that the file has not."""
    lead = create(
        team.gestor.api,
        nome="Ana",
        documento=(document := new_cpf()),
        email=f"a{document}@exemplo.com.br",
        telefone=new_phone(),
        cidade="Lins",
        valor="10.00",
        etiquetas=["vip"],
        origem="site",
        etapa="proposta",
        proximo_contato_em="2026-09-01T12:00:00Z",
        atributos={"a": 1, 'c "d\\e': 2},
    )
    defaults = DEFAULTS | {"responsavel_id": str(team.vendedor.id)}
    csv = f"documento{columns}\n{document}{',' * columns.count(',')}\n"
    mapping = {
        "colunas": {"a": "atributos.a"} if columns else {},
        "padroes": {name: value for name, value in defaults.items() if name != "responsavel_id"},
    }
    before = events(sql, lead["id"])
    assert update(team, csv, mapping)["iguais"] == 1
    assert read(team, lead) == lead
    assert events(sql, lead["id"]) == before
    assert all_leads(team.gestor.api, q="ana")[0]["id"] == lead["id"]


def test_a_default_fills_what_a_lead_has_not(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, nome="Ana", documento=(document := new_cpf()), cidade="Lins")
    defaults = {"cidade": "Bauru", "origem": "arquivo", "etiquetas": "novo", "atributos.x": "1"}
    csv = f"documento,cidade\n{document},\n{new_cpf()},\n"
    report = update(team, csv, {"padroes": defaults})
    assert (report["criados"], report["atualizados"]) == (1, 1)
    after, fresh = all_leads(team.gestor.api)
    assert (after["id"], after["cidade"], fresh["cidade"]) == (lead["id"], "Lins", "Bauru")
    for found in (after, fresh):
        assert (found["origem"], found["etiquetas"]) == ("arquivo", ["novo"])
        assert found["atributos"] == {"x": 1}
    assert events(sql, lead["id"])[-1][1] == ["atributos", "etiquetas", "origem"]


def test_the_event_names_the_fields_as_that_of_a_change_does(team: Team, sql: Engine) -> None:
    changes = {"valor": "20.00", "nome": "Bia", "uf": "SP", "email": "bia@exemplo.com.br"}
    by_hand = create(team.gestor.api)
    team.gestor.api.patch(f"/leads/{by_hand['id']}", changes | {"atributos": {"x": 1}})
    by_file = create(team.gestor.api, documento=(document := new_cpf()))
    names, values = ",".join(changes), ",".join(changes.values())
    update(team, f"documento,x,{names}\n{document},1,{values}\n".replace("bia@", "outra@"))
    told = [events(sql, lead["id"])[-1][:2] for lead in (by_hand, by_file)]
    assert told == [("lead_alterado", ["atributos", "email", "nome", "uf", "valor"])] * 2


def test_a_default_stage_does_not_move_a_lead(team: Team) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()), etapa="proposta")
    defaults = {"etapa": "perdido", "motivo_perda": "não informado", "fechado_em": DAY}
    assert update(team, f"documento\n{document}\n", {"padroes": defaults})["iguais"] == 1
    assert read(team, lead) == lead
    moved = update(team, f"documento,etapa\n{document},perdido\n", {"padroes": defaults})
    after = read(team, lead)
    assert (moved["atualizados"], after["motivo_perda"]) == (1, "não informado")
    assert after["fechado_em"].startswith(AT)


def test_a_reason_is_taken_by_a_lead_that_stays_lost(team: Team, sql: Engine) -> None:
    lead = create(
        team.gestor.api, documento=(document := new_cpf()), etapa="perdido", motivo_perda="preço"
    )
    assert update(team, f"documento,motivo_perda\n{document},prazo\n")["atualizados"] == 1
    after = read(team, lead)
    assert (after["motivo_perda"], after["etapa"], after["versao"]) == ("prazo", "perdido", 2)
    assert after["fechado_em"] == lead["fechado_em"]
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["motivo_perda"])
    assert update(team, f"documento,motivo_perda\n{document},prazo\n")["iguais"] == 1


def test_a_default_reason_does_not_replace_one(team: Team) -> None:
    lead = create(
        team.gestor.api, documento=(document := new_cpf()), etapa="perdido", motivo_perda="preço"
    )
    csv = f"documento,etapa,motivo_perda\n{document},perdido,\n"
    assert update(team, csv, {"padroes": {"motivo_perda": "não informado"}})["iguais"] == 1
    assert read(team, lead) == lead


def test_a_reason_is_nothing_to_a_lead_that_is_not_lost(team: Team) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()))
    csv = f"documento,motivo_perda,fechado_em\n{document},prazo,{DAY}\n"
    assert update(team, csv)["iguais"] == 1
    assert read(team, lead) == lead


@pytest.mark.parametrize("etapa", ["", "ganho"])
def test_a_closing_date_is_taken_by_a_lead_that_stays_closed(
    team: Team, sql: Engine, etapa: str
) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()), etapa="ganho")
    csv = f"documento,etapa,fechado_em\n{document},{etapa},{DAY}\n"
    assert update(team, csv)["atualizados"] == 1
    after = read(team, lead)
    assert (after["fechado_em"][:19], after["etapa"]) == (AT, "ganho")
    assert events(sql, lead["id"])[-1][:2] == ("lead_alterado", ["fechado_em"])
    assert update(team, csv)["iguais"] == 1


def test_a_lead_that_is_closed_takes_the_date_and_says_so(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, documento=(document := new_cpf()))
    update(team, f"documento,etapa,fechado_em\n{document},ganho,{DAY}\n")
    assert read(team, lead)["fechado_em"].startswith(AT)
    kind, fields, *_ = events(sql, lead["id"])[-1]
    assert (kind, fields) == ("lead_movido", ["etapa", "fechado_em"])


def test_a_lead_that_is_won_after_it_was_lost_was_closed_now(team: Team) -> None:
    document = new_cpf()
    csv = f"documento,etapa,motivo_perda,fechado_em\n{document},perdido,preço,{DAY}\n"
    update(team, csv)
    (lost,) = all_leads(team.gestor.api)
    update(team, f"documento,etapa\n{document},ganho\n")
    (won,) = all_leads(team.gestor.api)
    assert lost["fechado_em"].startswith(AT)
    assert (won["motivo_perda"], won["fechado_em"] > "2026-01-03") == (None, True)


def test_a_new_lead_takes_defaults_whole(team: Team) -> None:
    mapping = {"padroes": {"etapa": "perdido", "motivo_perda": "não informado", "fechado_em": DAY}}
    for duplicados in ("pular", "atualizar", "erro"):
        csv = f"documento\n{new_cpf()}\n"
        assert imported(team.gestor.api, csv, mapping, duplicados=duplicados)["criados"] == 1
    for lead in all_leads(team.gestor.api):
        assert (lead["etapa"], lead["motivo_perda"]) == ("perdido", "não informado")
        assert lead["fechado_em"].startswith(AT)


def test_a_renamed_lead_is_found_by_what_it_has_now(team: Team) -> None:
    documents = [new_cpf() for _ in range(4)]
    for document in documents:
        create(team.gestor.api, nome="Antes", empresa="Padaria", documento=document)
    one, other, both, none = documents
    update(
        team,
        f"documento,nome,empresa\n{one},Depois,\n{other},,Açougue\n{both},Depois,Açougue\n"
        f"{none},Antes,Padaria\n",
    )

    def found(q: str) -> list[str]:
        return [lead["documento"] for lead in all_leads(team.gestor.api, q=q)]

    assert found("depois padaria") == [one]
    assert found("antes acougue") == [other]
    assert found("depois acougue") == [both]
    assert found("antes padaria") == [none]


def test_all_leads_are_written_at_once(app: Flask, team: Team) -> None:
    """And once each, however many have another name."""
    documents = [new_cpf() for _ in range(30)]
    for document in documents:
        create(team.gestor.api, nome="Antes", empresa="Padaria", documento=document)
    written: list[bool] = []

    def note(*call: Any) -> None:
        if call[2].startswith("update leads"):
            written.append(call[5])

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        update(team, "documento,nome\n" + "".join(f"{d},Depois\n" for d in documents))
    finally:
        event.remove(engine, "before_cursor_execute", note)
    assert written == [False]  # one statement, of one execution
    assert len(all_leads(team.gestor.api, q="depois padaria")) == 30
