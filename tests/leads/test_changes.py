"""Changing and deleting a lead: versions, events, stages."""

from concurrent.futures import ThreadPoolExecutor

import pytest
from sqlalchemy import Engine

from tests.support.api import Reply, Team, new_email
from tests.support.leads import all_leads, create, events, new_cpf, new_phone, rows


def change(team: Team, lead_id: int, **fields: object) -> Reply:
    return team.gestor.api.patch(f"/leads/{lead_id}", fields)


def test_only_the_given_fields_change(team: Team) -> None:
    before = create(team.gestor.api, empresa="Padaria", valor="10.00")
    after = change(team, before["id"], valor="20.00").data
    assert after["valor"] == "20.00"
    moved = {"valor", "versao", "atualizado_em"}
    assert {name for name in after if after[name] != before[name]} == moved
    assert after["versao"] == 2


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("email", None),
        ("telefone", None),
        ("documento", None),
        ("empresa", "Padaria"),
        ("cidade", "Campinas"),
        ("uf", "SP"),
        ("produto", "seguro"),
        ("valor", "10.00"),
        ("renda_mensal", "10.00"),
        ("origem", "site"),
        ("campanha", "outubro"),
        ("responsavel_id", None),
        ("proximo_contato_em", "2031-01-01T00:00:00Z"),
        ("ultimo_contato_em", "2026-01-01T00:00:00Z"),
        ("id_externo", "crm-1"),
    ],
)
def test_null_empties_a_field(team: Team, field: str, value: object) -> None:
    fresh = {
        "email": new_email("lead"),
        "telefone": new_phone(),
        "documento": new_cpf(),
        "responsavel_id": team.vendedor.id,
    }
    lead = create(team.gestor.api, **{field: value or fresh[field]})
    assert lead[field] is not None
    assert change(team, lead["id"], **{field: None}).data[field] is None


@pytest.mark.parametrize(
    ("field", "value", "empty"), [("etiquetas", ["vip"], []), ("atributos", {"a": {"b": 1}}, {})]
)
def test_null_empties_a_list_and_an_object(
    team: Team, field: str, value: object, empty: object
) -> None:
    lead = create(team.gestor.api, **{field: value})
    assert change(team, lead["id"], **{field: None}).data[field] == empty
    assert create(team.gestor.api, **{field: None})[field] == empty


def test_a_name_and_a_stage_cannot_be_emptied(team: Team) -> None:
    lead = create(team.gestor.api)
    for field in ("nome", "etapa"):
        assert change(team, lead["id"], **{field: None}).campos == {field: "TIPO_INVALIDO"}


def test_nothing_changed_bumps_nothing_and_writes_no_event(team: Team, sql: Engine) -> None:
    phone, document = new_phone(), new_cpf()
    lead = create(
        team.gestor.api,
        telefone=phone,
        documento=document,
        valor="0.10",
        proximo_contato_em="2031-01-01T12:00:00Z",
        atributos={"a": {"b": 1}},
    )
    same = {
        "nome": " Lead Exemplo ",
        "telefone": f"({phone[3:5]}) {phone[5:]}",
        "documento": f"{document[:3]}.{document[3:]}",
        "valor": 0.1,
        "proximo_contato_em": "2031-01-01T09:00:00-03:00",
        "atributos": {"a": {"b": 1}, "z": None},
        "etapa": "novo",
        "empresa": None,
    }
    reply = change(team, lead["id"], **same)
    assert (reply.status, reply.data) == (200, lead)
    assert change(team, lead["id"]).data == lead
    assert len([each for each in events(sql, lead["id"]) if each[0].startswith("lead")]) == 1


def test_attributes_are_merged(team: Team) -> None:
    lead = create(team.gestor.api, atributos={"a": 1, "b": {"c": 2, "d": 3}, "e": [1, 2]})
    patch = {"a": None, "b": {"c": None, "x": "y"}, "e": [3], "n": {"m": None}}
    kept = {"b": {"d": 3, "x": "y"}, "e": [3], "n": {}}
    assert change(team, lead["id"], atributos=patch).data["atributos"] == kept


def test_changing_1_to_true_is_a_change(team: Team) -> None:
    lead = create(team.gestor.api, atributos={"a": 1})
    after = change(team, lead["id"], atributos={"a": True}).data
    assert (after["atributos"]["a"] is True, after["versao"]) == (True, 2)


def test_merging_cannot_grow_attributes_beyond_their_bounds(team: Team) -> None:
    lead = create(team.gestor.api, atributos={f"a{n}": n for n in range(60)})
    for more in ({f"b{n}": n for n in range(60)}, {"long": "x" * 16_300}):
        assert change(team, lead["id"], atributos=more).campos == {"atributos": "LONGO_DEMAIS"}
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def test_a_huge_number_among_the_attributes_does_not_lock_the_lead(team: Team) -> None:
    lead = create(team.gestor.api, atributos={"a": 1e308, "b": 5e-324, "c": 2**63})
    assert change(team, lead["id"], atributos={"d": 1}).data["atributos"]["d"] == 1


def test_attributes_are_measured_as_they_come_back(team: Team) -> None:
    """Otherwise a lead of 16 kB would take 700 kB in every list."""
    many = {"nome": "Lead", "atributos": {"a": [1e308] * 2_000}}
    assert team.gestor.api.post("/leads", many).campos == {"atributos": "LONGO_DEMAIS"}


def test_a_change_writes_one_event_with_field_names_only(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    secret = {"nome": "Segredo", "email": new_email("segredo"), "documento": new_cpf()}
    change(team, lead["id"], **secret, cidade="Lugar")
    assert events(sql, lead["id"])[1:] == [
        ("lead_alterado", ["cidade", "documento", "email", "nome"], None, None, team.gestor.id)
    ]
    (stored,) = rows(
        sql, "select string_agg(e::text, ' ') from eventos e where lead_id = :id", id=lead["id"]
    )
    for value in (*secret.values(), "Lugar"):
        assert value not in stored[0]


def test_a_move_is_one_event_from_stage_to_stage(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    change(team, lead["id"], etapa="proposta", valor="5.00")
    assert events(sql, lead["id"])[1:] == [
        ("lead_movido", ["etapa", "valor"], "novo", "proposta", team.gestor.id)
    ]


def test_a_refused_change_leaves_no_trace(team: Team, sql: Engine) -> None:
    lead = create(team.gestor.api)
    refused = (
        {"nome": "Outro", "etapa": "inexistente"},
        {"nome": "Outro", "etapa": "perdido"},
        {"nome": "Outro", "responsavel_id": 2**62},
    )
    for body in refused:
        assert team.gestor.api.patch(f"/leads/{lead['id']}", body).status == 422
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead
    assert len(events(sql, lead["id"])) == 1


def test_a_lost_lead_needs_its_reason(team: Team) -> None:
    lead = create(team.gestor.api)
    assert change(team, lead["id"], etapa="perdido").campos == {
        "motivo_perda": "MOTIVO_OBRIGATORIO"
    }
    lost = change(team, lead["id"], etapa="perdido", motivo_perda="preço").data
    assert (lost["etapa"], lost["motivo_perda"]) == ("perdido", "preço")
    assert lost["fechado_em"] is not None
    assert change(team, lead["id"], motivo_perda=None).campos == {
        "motivo_perda": "MOTIVO_OBRIGATORIO"
    }


def test_reopening_clears_closing_and_reason(team: Team) -> None:
    lead = create(team.gestor.api, etapa="perdido", motivo_perda="preço")
    open_again = change(team, lead["id"], etapa="contatado").data
    assert (open_again["fechado_em"], open_again["motivo_perda"]) == (None, None)


def test_a_lead_won_after_it_was_lost_is_closed_anew(team: Team) -> None:
    lost = create(team.gestor.api, etapa="perdido", motivo_perda="preço")
    won = change(team, lost["id"], etapa="ganho").data
    assert won["fechado_em"] > lost["fechado_em"]
    assert won["motivo_perda"] is None


def test_another_change_does_not_move_the_closing(team: Team) -> None:
    won = create(team.gestor.api, etapa="ganho")
    assert change(team, won["id"], valor="9.00").data["fechado_em"] == won["fechado_em"]


def test_a_stale_etag_is_refused(team: Team) -> None:
    first = team.gestor.api.post("/leads", {"nome": "Lead"})
    path, stale = f"/leads/{first.data['id']}", first.headers["ETag"]
    second = team.gestor.api.patch(path, {"nome": "B"}, headers={"If-Match": stale})
    assert second.status == 200
    for header in (stale, '"v99"', '"foreign"', "", "junk", f"W/{stale}", "x" * 5_000):
        reply = team.gestor.api.patch(path, {"nome": "C"}, headers={"If-Match": header})
        assert (reply.status, reply.codigo) == (412, "VERSAO_DESATUALIZADA"), header
        assert team.gestor.api.delete(path, headers={"If-Match": header}).status == 412
    assert team.gestor.api.get(path).data == second.data


def test_if_match_compares_the_version_alone(team: Team) -> None:
    lead = create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    for number, header in enumerate(('W/"v{}-s1"', '"v{}"', '"v{}-outra"', '"x", "v{}"', "*"), 1):
        sent = {"If-Match": header.format(number)}
        assert team.gestor.api.patch(path, {"nome": f"N{number}"}, headers=sent).status == 200


def test_of_sixteen_writers_with_one_etag_one_wins(team: Team, sql: Engine) -> None:
    reply = team.gestor.api.post("/leads", {"nome": "Lead"})
    path, headers = f"/leads/{reply.data['id']}", {"If-Match": reply.headers["ETag"]}

    def attempt(number: int) -> int:
        return team.gestor.api.patch(path, {"nome": f"N{number}"}, headers=headers).status

    with ThreadPoolExecutor(16) as pool:
        statuses = sorted(pool.map(attempt, range(16)))
    assert statuses == [200] + [412] * 15
    assert team.gestor.api.get(path).data["versao"] == 2
    assert len(events(sql, reply.data["id"])) == 2


def test_writers_without_etag_lose_no_field(team: Team) -> None:
    lead = create(team.gestor.api)

    def attempt(number: int) -> int:
        return change(team, lead["id"], atributos={f"a{number}": number}).status

    with ThreadPoolExecutor(16) as pool:
        assert set(pool.map(attempt, range(32))) == {200}
    after = team.gestor.api.get(f"/leads/{lead['id']}").data
    assert after["atributos"] == {f"a{n}": n for n in range(32)}
    assert after["versao"] == 33


def test_a_deleted_lead_is_in_no_list_and_answers_404(team: Team, sql: Engine) -> None:
    lead, other = create(team.gestor.api), create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    assert team.gestor.api.delete(path).status == 200
    assert [item["id"] for item in all_leads(team.gestor.api)] == [other["id"]]
    assert [item["id"] for item in all_leads(team.gestor.api, ordenar="-score")] == [other["id"]]
    assert team.gestor.api.post("/leads/search", {"total": True}).data["total"] == 1
    for reply in (
        team.gestor.api.get(path),
        team.gestor.api.get(f"{path}/score"),
        team.gestor.api.patch(path, {"nome": "X"}),
        team.gestor.api.delete(path),
    ):
        assert (reply.status, reply.codigo) == (404, "NAO_ENCONTRADO")
    assert [event[0] for event in events(sql, lead["id"])] == ["lead_criado", "lead_excluido"]
    scored = "select 1 from lead_pontuacao where lead_id = :id"
    assert rows(sql, scored, id=lead["id"]) == []


def test_a_reason_of_loss_belongs_to_a_lost_lead(team: Team) -> None:
    lead = team.gestor.api.post("/leads", {"nome": "Lead"}).data
    reply = change(team, lead["id"], motivo_perda="preço")
    assert (reply.status, reply.campos) == (422, {"motivo_perda": "VALOR_INVALIDO"})
    created = team.gestor.api.post("/leads", {"nome": "Lead", "motivo_perda": "preço"})
    assert created.campos == {"motivo_perda": "VALOR_INVALIDO"}
