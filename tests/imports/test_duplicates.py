"""Lines that repeat a lead or each other: skipped, merged or reported."""

from concurrent.futures import ThreadPoolExecutor
from time import sleep
from typing import Any

import pytest
from sqlalchemy import Engine

from tests.support.api import Api, Team, new_email
from tests.support.leads import all_leads, create, events, imported, new_cpf, new_phone, upload


def counts(report: dict[str, Any]) -> tuple[int, int, int, int]:
    """criados, atualizados, pulados, rejeitados; every line is in one of them."""
    found = tuple(report[n] for n in ("criados", "atualizados", "pulados", "rejeitados"))
    assert sum(found) == report["linhas"]
    return found  # type: ignore[return-value]


@pytest.mark.parametrize("key", ["documento", "email", "telefone", "id_externo"])
def test_a_lead_that_is_there_is_skipped_unless_asked(team: Team, key: str) -> None:
    fresh = {"documento": new_cpf(), "email": new_email("l"), "telefone": new_phone()}
    value = fresh.get(key, "crm-1")
    lead = create(team.gestor.api, **{key: value})
    csv = f"nome,{key}\nOutro,{value}\nNovo,\n"
    assert counts(imported(team.gestor.api, csv)) == (1, 0, 1, 0)
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def test_the_ninth_digit_makes_no_difference(team: Team) -> None:
    phone = new_phone()
    create(team.gestor.api, telefone=phone)
    csv = f"nome,telefone\nA,{phone[3:5]} {phone[6:]}\n"
    assert counts(imported(team.gestor.api, csv)) == (0, 0, 1, 0)


def test_a_deleted_lead_is_not_there(team: Team) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, documento=document)
    team.gestor.api.delete(f"/leads/{lead['id']}")
    csv = f"nome,documento\nA,{document}\n"
    assert counts(imported(team.gestor.api, csv, duplicados="atualizar")) == (1, 0, 0, 0)


@pytest.mark.parametrize("duplicados", ["pular", "atualizar", "erro"])
def test_lines_that_repeat_each_other_make_one_lead(team: Team, duplicados: str) -> None:
    document, email = new_cpf(), new_email("lead")
    csv = f"nome,documento,email\nA,{document},\nB,{document},{email}\nC,,{email}\nD,,\nE,,\n"
    report = imported(team.gestor.api, csv, duplicados=duplicados)
    skips = duplicados == "pular"
    assert counts(report) == ((4, 0, 1, 0) if skips else (4, 0, 0, 1))
    # B repeats A and is not taken, so it stands in no way of C.
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["A", "C", "D", "E"]
    (told,) = report["linhas_puladas"] if skips else report["erros"]
    assert (told["linha"], told["campo"]) == (3, "documento")
    assert told["codigo"] == "DUPLICADO_NO_ARQUIVO"


def test_erro_reports_the_line_of_a_lead_that_is_there(team: Team) -> None:
    document = new_cpf()
    create(team.gestor.api, documento=document)
    report = imported(team.gestor.api, f"nome,documento\nA,\nB,{document}\n", duplicados="erro")
    assert counts(report) == (1, 0, 0, 1)
    assert [(e["linha"], e["codigo"]) for e in report["erros"]] == [(3, "LEAD_DUPLICADO")]


def test_atualizar_writes_what_the_line_has_and_keeps_the_rest(team: Team, sql: Engine) -> None:
    document = new_cpf()
    lead = create(
        team.gestor.api,
        nome="Antes",
        documento=document,
        cidade="Lins",
        valor="10.00",
        atributos={"a": 1, "b": 2},
    )
    csv = f"nome,documento,cidade,valor,etapa,b,c\nDepois,{document},,20,proposta,3,x\n"
    assert counts(imported(team.gestor.api, csv, duplicados="atualizar")) == (0, 1, 0, 0)
    after = team.gestor.api.get(f"/leads/{lead['id']}").data
    assert (after["nome"], after["cidade"], after["valor"]) == ("Depois", "Lins", "20.00")
    assert (after["etapa"], after["versao"]) == ("proposta", 2)
    assert after["atributos"] == {"a": 1, "b": 3, "c": "x"}
    assert after["score"] > lead["score"]
    assert events(sql, lead["id"])[1:] == [
        (
            "lead_movido",
            ["atributos", "etapa", "nome", "valor"],
            "novo",
            "proposta",
            team.gestor.id,
        )
    ]
    assert [item["id"] for item in all_leads(team.gestor.api, q="depois")] == [lead["id"]]
    assert all_leads(team.gestor.api, q="antes") == []


def test_a_line_that_changes_nothing_is_told_as_that(team: Team, sql: Engine) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, nome="A", documento=document, valor="0.10", atributos={"x": 1})
    csv = f'nome,documento,valor,x\nA,{document},"0,10",1\n'
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert (report["linhas"], report["iguais"]) == (1, 1)
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead
    assert len(events(sql, lead["id"])) == 1


def test_a_line_that_fits_two_leads_is_reported(team: Team) -> None:
    document, email = new_cpf(), new_email("lead")
    create(team.gestor.api, documento=document)
    create(team.gestor.api, email=email)
    csv = f"nome,documento,email\nA,{document},{email}\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert counts(report) == (0, 0, 0, 1)
    assert report["erros"][0]["codigo"] == "LEAD_DUPLICADO"


def test_two_lines_for_one_lead_change_it_once(team: Team, sql: Engine) -> None:
    """They share no key with each other, but both are this lead's."""
    document, email = new_cpf(), new_email("lead")
    lead = create(team.gestor.api, documento=document, email=email)
    csv = f"nome,documento,email\nPrimeiro,{document},\nSegundo,,{email}\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert counts(report) == (0, 1, 0, 1)
    assert team.gestor.api.get(f"/leads/{lead['id']}").data["nome"] == "Primeiro"
    assert len(events(sql, lead["id"])) == 2


def test_an_update_may_close_and_reopen_a_lead(team: Team) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, documento=document, etapa="perdido", motivo_perda="preço")
    for stage, closed in (("novo", False), ("ganho", True)):
        csv = f"documento,etapa\n{document},{stage}\n"
        imported(team.gestor.api, csv, duplicados="atualizar", reabrir=1)
        after = team.gestor.api.get(f"/leads/{lead['id']}").data
        assert (after["etapa"], after["motivo_perda"]) == (stage, None)
        assert (after["fechado_em"] is not None) is closed


def test_merging_cannot_grow_attributes_beyond_their_bounds(team: Team) -> None:
    document = new_cpf()
    lead = create(team.gestor.api, documento=document, atributos={f"a{n}": n for n in range(90)})
    names = ",".join(f"b{n}" for n in range(20))
    csv = f"documento,{names}\n{document}{',1' * 20}\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert counts(report) == (0, 0, 0, 1)
    assert team.gestor.api.get(f"/leads/{lead['id']}").data == lead


def in_the_end(api: Api, csv: str) -> dict[str, Any]:
    """Import it, waiting for the equipe's other imports as a client should."""
    while (reply := upload(api, csv)).codigo == "IMPORTACAO_EM_ANDAMENTO":
        sleep(0.01)
    assert reply.status == 200, reply.body
    return dict(reply.data)


def test_parallel_imports_of_one_file_make_each_lead_once(team: Team) -> None:
    csv = "nome,documento\n" + "".join(f"L{n},{new_cpf()}\n" for n in range(40))
    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda _: in_the_end(team.gestor.api, csv), range(4)))
    assert sorted(counts(report)[0] for report in reports) == [0, 0, 0, 40]
    assert len(all_leads(team.gestor.api)) == 40


def test_an_import_and_creates_of_its_leads_make_each_once(team: Team) -> None:
    documents = [new_cpf() for _ in range(30)]
    csv = "nome,documento\n" + "".join(f"L,{document}\n" for document in documents)

    def single(document: str) -> int:
        return team.gestor.api.post("/leads", {"nome": "L", "documento": document}).status

    with ThreadPoolExecutor(8) as pool:
        whole = pool.submit(imported, team.gestor.api, csv)
        statuses = list(pool.map(single, reversed(documents)))
    created, updated, _, rejected = counts(whole.result())
    assert (created + statuses.count(201), updated, rejected) == (30, 0, 0)
    assert len(all_leads(team.gestor.api)) == 30


@pytest.mark.parametrize("duplicados", ["pular", "erro"])
def test_a_line_that_was_not_taken_stands_in_no_other_lines_way(
    team: Team, duplicados: str
) -> None:
    email, phone, document = new_email("lead"), new_phone(), new_cpf()
    create(team.gestor.api, email=email)
    csv = (
        f"nome,email,telefone,documento\nViva,{email},{phone},\nNova,,{phone},{document}\n"
        f"De novo,,,{document}\n"
    )
    report = imported(team.gestor.api, csv, duplicados=duplicados)
    assert counts(report) == ((1, 0, 2, 0) if duplicados == "pular" else (1, 0, 0, 2))
    assert [lead["nome"] for lead in all_leads(team.gestor.api)] == ["Lead Exemplo", "Nova"]
    assert [(e["linha"], e["codigo"], e["campo"]) for e in report["erros"]] == (
        []
        if duplicados == "pular"
        else [(2, "LEAD_DUPLICADO", "email"), (4, "DUPLICADO_NO_ARQUIVO", "documento")]
    )


def test_a_line_that_fits_two_leads_stands_in_no_updates_way(team: Team) -> None:
    document, email = new_cpf(), new_email("lead")
    create(team.gestor.api, nome="Primeiro", documento=document)
    create(team.gestor.api, email=email)
    csv = f"nome,documento,email\nA,{document},{email}\nB,{document},\n"
    report = imported(team.gestor.api, csv, duplicados="atualizar")
    assert counts(report) == (0, 1, 0, 1)
    assert [(e["linha"], e["campo"]) for e in report["erros"]] == [(2, "documento")]
    assert all_leads(team.gestor.api)[0]["nome"] == "B"


@pytest.mark.parametrize("where", ["lead", "line"])
def test_a_duplicate_is_reported_with_the_field_that_is_known(team: Team, where: str) -> None:
    keys = {
        "documento": new_cpf(),
        "email": new_email("lead"),
        "telefone": new_phone(),
        "id_externo": "crm-7",
    }
    lines = [",".join(keys.values())] if where == "line" else []
    if where == "lead":
        create(team.gestor.api, **keys)
    names = list(keys)
    lines += [
        ",".join(value if name == own else "" for name, value in keys.items()) for own in names
    ]
    lines.append(f",{keys['email']},{keys['telefone']},{keys['id_externo']}")
    report = imported(
        team.gestor.api, ",".join(names) + "\n" + "\n".join(lines) + "\n", duplicados="erro"
    )
    assert [error["campo"] for error in report["erros"]] == [*names, "email"]
    code = "LEAD_DUPLICADO" if where == "lead" else "DUPLICADO_NO_ARQUIVO"
    assert {error["codigo"] for error in report["erros"]} == {code}
    owner = "Outro lead" if where == "lead" else "Outra linha"
    assert report["erros"][1]["mensagem"] == f"{owner} tem este e-mail."


def test_the_second_line_of_one_lead_names_its_own_key(team: Team) -> None:
    document, email = new_cpf(), new_email("lead")
    create(team.gestor.api, documento=document, email=email)
    csv = f"nome,documento,email\nA,{document},\nB,,{email}\n"
    (error,) = imported(team.gestor.api, csv, duplicados="atualizar")["erros"]
    assert (error["campo"], error["codigo"]) == ("email", "DUPLICADO_NO_ARQUIVO")
