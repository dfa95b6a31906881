"""What a gestor is told of a draft: of its rules, and of the leads that there are."""

from typing import Any

from sqlalchemy import Engine

from services.rules.weighing import counting
from tests.support.api import Team
from tests.support.leads import create, new_phone, run

DRAFTS = "/scores/rules/drafts"


def rule(campo: str, operador: str = "preenchido", valor: Any = None) -> dict[str, Any]:
    said = {"campo": campo, "operador": operador, "valor": valor}
    return {**said, "pontos": 5, "motivo": "Porque sim"}


def told(team: Team, *rules: Any, **more: Any) -> list[tuple[str, list[int]]]:
    """Told alike when a draft is begun, looked at and written again."""
    api = team.gestor.api
    made = api.post(DRAFTS, {"base": 35, "regras": rules, **more})
    assert made.status == 201, made.body
    path = f"{DRAFTS}/{made.data['n']}"
    assert api.get(path).data["avisos"] == made.data["avisos"]
    names = ("base", "grupos", "regras", "faixas")
    again = api.call("PUT", path, json={name: made.data[name] for name in names})
    assert again.data["avisos"] == made.data["avisos"]
    assert api.delete(path).status == 200
    return [(each["codigo"], each["regras"]) for each in made.data["avisos"]]


BANDS = {"faixas": {"quente": 38, "morno": 36}}


def test_a_rule_that_holds_of_no_lead_is_told(team: Team, other_team: Team) -> None:
    asked = (rule("telefone"), rule("email"), rule("atributos.conta", "minimo", 3))
    assert told(team, *asked, **BANDS) == []  # there is no lead yet
    create(team.gestor.api, telefone=new_phone())
    create(other_team.gestor.api, email="a@exemplo.com.br", atributos={"conta": "4"})
    deleted = create(team.gestor.api, email="b@exemplo.com.br")
    team.gestor.api.delete(f"/leads/{deleted['id']}")
    assert told(team, *asked, **BANDS) == [("NUNCA_VALE", [1]), ("NUNCA_VALE", [2])]
    create(team.gestor.api, email="c@exemplo.com.br", atributos={"conta": "3"})
    assert told(team, *asked, **BANDS) == []


def test_beyond_what_takes_a_moment_the_newest_are_looked_at(
    team: Team, sql: Engine, monkeypatch: Any
) -> None:
    monkeypatch.setattr(counting, "_MOST", 2)
    monkeypatch.setattr(counting, "_FEWEST", 1)
    for n in range(3):
        create(team.gestor.api, **({"telefone": new_phone()} if n == 0 else {"uf": "SP"}))
    aged = "update leads set criado_em = criado_em - interval '1 day' * (cast(uf is null as int)) "
    run(sql, aged + "where equipe_id = :e", e=team.equipe_id)
    made = team.gestor.api.post(
        DRAFTS, {"base": 35, "regras": [rule("telefone"), rule("uf")], **BANDS}
    )
    (only,) = made.data["avisos"]
    assert (only["codigo"], only["regras"]) == ("NUNCA_VALE", [0])
    assert "2 leads mais novos" in only["mensagem"]


def test_stages_are_the_equipes_own(team: Team) -> None:
    asked = (rule("etapa", "igual", "visita"), rule("etapa", "igual", "novo"))
    create(team.gestor.api)
    assert told(team, *asked, **BANDS) == [("INALCANCAVEL", [0])]
    stages = team.gestor.api.get("/stages").data
    items = [{name: each[name] for name in ("chave", "nome", "tipo")} for each in stages["itens"]]
    body = {"itens": [{"nome": "Visita", "tipo": "aberta"}, *items]}
    tag = team.gestor.api.get("/stages").headers["ETag"]
    put = team.gestor.api.call("PUT", "/stages", json=body, headers={"If-Match": tag})
    assert put.status == 200, put.body
    assert told(team, *asked, **BANDS) == [("NUNCA_VALE", [0])]


def test_all_that_is_odd_is_told_at_once(team: Team) -> None:
    create(team.gestor.api)
    asked = (
        rule("telefone"),
        rule("telefone"),
        rule("contatos", "vazio"),
        rule("uf", "igual", "São Paulo"),
    )
    bands = {"faixas": {"quente": 90, "morno": 36}}
    assert told(team, *asked, **bands) == [
        ("CONTRADITORIA", [2]),
        ("INALCANCAVEL", [3]),
        ("INALCANCAVEL", []),
        ("DUPLICADA", [0, 1]),
        ("NUNCA_VALE", [0]),
        ("NUNCA_VALE", [1]),
    ]


def test_what_contradicts_itself_is_refused(team: Team) -> None:
    between = rule("valor", "entre", ["3000.00", "200.00"])
    refused = team.gestor.api.post(DRAFTS, {"regras": [rule("telefone"), between]})
    assert (refused.status, refused.campos) == (422, {"regras.1.valor": "VALOR_INVALIDO"})
    group = {"nome": "g", "minimo": 5, "maximo": 4}
    refused = team.gestor.api.post(DRAFTS, {"grupos": [group], "regras": [rule("telefone")]})
    assert refused.status == 422
