"""What is kept of a lead when it closes: what was known of it before, whoever closes it."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Engine, Text, cast, func, select
from sqlalchemy.dialects.postgresql import ARRAY, array

from services.model import snapshots
from services.model.snapshots import lead_of
from services.rules.denied import CALENDAR, by_name
from tests.model.denied_names import EVERY
from tests.support.api import Team
from tests.support.leads import create, imported, new_phone, rows

KEPT = "select campos from lead_instantaneo where equipe_id = :e and lead_id = :id"
LEAD = {
    "origem": "Indicação",
    "valor": 1500,
    "atributos": {"Profissão": "médica", "parcelas": 2, "casa": True},
}


def kept(sql: Engine, team: Team, lead_id: int) -> dict[str, Any] | None:
    found = rows(sql, KEPT, e=team.equipe_id, id=lead_id)
    return found[0][0] if found else None


def patch(team: Team, lead: dict[str, Any]) -> Any:
    body = {"etapa": "ganho", "valor": 9000, "atributos": {"assinado": "sim"}}
    return team.gestor.api.patch(f"/leads/{lead['id']}", body)


def move(team: Team, lead: dict[str, Any]) -> Any:
    body = {"etapa": "perdido", "motivo_perda": "Preço"}
    return team.gestor.api.post(f"/leads/{lead['id']}/move", body)


def hang_up(team: Team, lead: dict[str, Any]) -> Any:
    body = {
        "tipo": "ligacao",
        "resultado": "sem_interesse",
        "etapa": "perdido",
        "motivo_perda": "Preço",
    }
    return team.gestor.api.post(f"/leads/{lead['id']}/activities", body)


def move_many(team: Team, lead: dict[str, Any]) -> Any:
    body = {"acao": "move", "ids": [lead["id"]], "etapa": "ganho"}
    return team.gestor.api.post("/leads/bulk", body)


def upsert(team: Team, lead: dict[str, Any]) -> Any:
    body = {"telefone": lead["telefone"], "etapa": "ganho", "valor": 9000}
    return team.gestor.api.call("PUT", "/leads?chave=telefone", json=body)


def import_again(team: Team, lead: dict[str, Any]) -> None:
    csv = f"telefone,etapa,valor\n{lead['telefone']},ganho,9000\n"
    assert imported(team.gestor.api, csv, duplicados="atualizar")["atualizados"] == 1


@pytest.mark.parametrize("close", [patch, move, hang_up, move_many, upsert, import_again])
def test_whoever_closes_a_lead_leaves_what_was_known_before(
    team: Team, sql: Engine, close: Callable[[Team, dict[str, Any]], Any]
) -> None:
    lead = create(team.gestor.api, **LEAD, telefone=new_phone(), documento="52998224725")
    assert kept(sql, team, lead["id"]) is None
    reply = close(team, lead)
    assert reply is None or reply.status in (200, 201), reply.body
    campos = kept(sql, team, lead["id"])
    assert campos is not None
    assert campos.pop("criado_em").startswith(lead["criado_em"][:19])
    assert campos == {
        "origem_chave": "indicacao",
        "valor_centavos": 150_000,
        "etiquetas": [],
        "telefone": True,
        "documento": True,
        "pessoa_juridica": False,
        "ddd": "11",
        "contatos": {"telefone": 1},
        "atributos": {"Profissão": "médica", "parcelas": 2, "casa": True},
    }
    closed = team.gestor.api.get(f"/leads/{lead['id']}").data["fechado_em"]
    assert registered(sql, lead["id"]) == [(closed,)]


def registered(sql: Engine, lead_id: int) -> list[Any]:
    told = (
        "select to_char(registrado_em at time zone 'utc', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"') "
        "from lead_instantaneo where lead_id = :id"
    )
    return [(at.replace(".000000Z", "Z"),) for (at,) in rows(sql, told, id=lead_id)]


def test_what_does_not_close_keeps_nothing(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, **LEAD)
    team.gestor.api.patch(f"/leads/{lead['id']}", {"etapa": "proposta", "valor": 2})
    move_many_to = {"acao": "move", "ids": [lead["id"]], "etapa": "novo"}
    team.gestor.api.post("/leads/bulk", move_many_to)
    assert kept(sql, team, lead["id"]) is None


def test_a_later_closing_says_what_was_known_then(team: Team, sql: Engine) -> None:
    """And one that only becomes another keeps what was known at the first."""
    path = f"/leads/{create(team.gestor.api, **LEAD)['id']}"
    lead_id = int(path.rsplit("/", 1)[1])
    for body in ({"etapa": "ganho"}, {"etapa": "perdido", "motivo_perda": "x", "valor": 7}):
        assert team.gestor.api.patch(path, body).status == 200
    assert (kept(sql, team, lead_id) or {})["valor_centavos"] == 150_000
    for body in ({"etapa": "novo"}, {"etapa": "ganho", "valor": 8}):
        assert team.gestor.api.patch(path, body).status == 200
    assert (kept(sql, team, lead_id) or {})["valor_centavos"] == 700
    told = team.gestor.api.get(path).data["fechado_em"]
    assert registered(sql, lead_id) == [(told,)]


def test_leads_that_arrive_closed_are_kept_as_they_came(team: Team, sql: Engine) -> None:
    api = team.gestor.api
    create(api, etapa="ganho", valor=3)
    other = {"telefone": new_phone(), "etapa": "perdido", "motivo_perda": "x"}
    other |= {"valor": 4, "fechado_em": "2026-01-02T03:04:05Z"}
    put = api.call("PUT", "/leads?chave=telefone", json=other)
    assert put.status == 201
    csv = (
        "nome,telefone,etapa,valor,fechado_em,profissao\n"
        f"Ana,{new_phone()},ganho,5,2026-02-01T10:00:00Z,médica\nBia,{new_phone()},novo,6,,\n"
    )
    assert imported(api, csv)["criados"] == 2
    found = rows(
        sql,
        "select campos->'valor_centavos', campos->'contatos', campos->'atributos' "
        "from lead_instantaneo where equipe_id = :e order by lead_id",
        e=team.equipe_id,
    )
    assert [valor for valor, *_ in found] == [300, 400, 500]
    assert found[-1][1:] == ({"telefone": 1}, {"profissao": "médica"})
    assert registered(sql, put.data["id"]) == [("2026-01-02T03:04:05Z",)]


def test_nothing_that_names_a_person_is_kept(team: Team, sql: Engine) -> None:
    """Nor what somebody must not be judged by, nor long texts, nor lists; at whatever depth."""
    atributos = {
        "sexo": "F",
        "Estado Civil": "casada",
        "religião": "x",
        "CPF do cônjuge": "1",
        "observação": "a" * 61,
        "lista": [1],
        "objeto": {"a": 1, "b": [2], "c": None, "d": {"CPF": "1", "e": "x" * 61, "f": "sim"}},
        "dono": {"sexo": "F", "religião": {"qual": "x"}},
        "sexual": {"x": {"orientação": 1}},
        "nulo": None,
        "plano": "a" * 60,
    }
    lead = create(
        team.gestor.api,
        nome="Fulana Ninguém",
        email="fulana.ninguem@exemplo.com.br",
        telefone="+5511987651234",
        documento="52998224725",
        empresa="Padaria da Fulana",
        id_externo="crm-77",
        atributos=atributos,
        etapa="ganho",
    )
    campos = kept(sql, team, lead["id"]) or {}
    objeto = {"a": 1, "d": {"f": "sim"}}
    assert campos["atributos"] == {"plano": "a" * 60, "objeto": objeto}
    text = str(campos).lower()
    for personal in ("fulan", "98765", "529982", "crm-77", "padaria"):
        assert personal not in text
    assert lead_of(campos)["email"] is True


def test_a_name_is_kept_out_where_no_gestor_could_let_it_in(sql: Engine) -> None:
    """PostgreSQL says of every name what Python says."""
    refused = {name: by_name(f"atributos.{name}") for name in EVERY}
    never = {
        name
        for name, why in refused.items()
        if why is not None and not why.optional and why is not CALENDAR
    }
    names = func.unnest(cast(array(EVERY), ARRAY(Text))).column_valued("nome")
    with sql.connect() as connection:
        found = connection.scalars(select(names).where(snapshots.forbidden(names)))
        assert set(found) == never


def test_another_equipe_has_its_own(team: Team, other_team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api, etapa="ganho")
    assert kept(sql, other_team, lead["id"]) is None
