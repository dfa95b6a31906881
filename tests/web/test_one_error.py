"""A wrong value is one error, and its sentence is Portuguese as people write it."""

from typing import Any

import pytest

from controllers.web.requests.messages import _number
from services.errors import at_least, at_most
from tests.support.api import Team
from tests.support.leads import create

BAD = [0, -1, 1.5, 2**63, True, "todo mundo", "12", "", [], {}, [1], {"id": 1}]


@pytest.mark.parametrize("value", BAD)
def test_a_person_that_is_none_is_one_error(team: Team, value: Any) -> None:
    lead = create(team.gestor.api)["id"]
    api, found = team.gestor.api, []
    found.append(api.post(f"/leads/{lead}/assign", {"responsavel_id": value}))
    bulk = {"acao": "assign", "ids": [lead], "responsavel_id": value}
    found.append(api.post("/leads/bulk", bulk))
    found.append(api.patch(f"/users/{team.vendedor.id}", {"leads": value}))
    for reply in found:
        assert reply.status == 422, reply.body
        (error,) = reply.data["erros"]
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number:
            assert error["codigo"] == "VALOR_INVALIDO"
            assert error["mensagem"].startswith("Use o número de um usuário")


@pytest.mark.parametrize("value", ["0", "-1", "1.5", str(2**63), "eu", "", "1_0"])
@pytest.mark.parametrize("path", ["/tasks", "/leads"])
def test_in_a_query_too(team: Team, path: str, value: str) -> None:
    reply = team.gestor.api.get(path, query_string={"responsavel_id": value})
    assert reply.status == 422
    (error,) = reply.data["erros"]
    assert error["campo"] == "responsavel_id"


def test_any_other_value_of_several_types_is_one_error_too(team: Team) -> None:
    body = {"acao": "tag", "ids": [1], "etiquetas": [1]}
    assert len(team.gestor.api.post("/leads/bulk", body).data["erros"]) == 1


def test_one_is_no_plural_and_whole_numbers_have_no_fraction(team: Team) -> None:
    assert at_least(1, "itens") == "O mínimo é de 1 item."
    assert at_least(2, "itens") == "O mínimo é de 2 itens."
    assert at_least(1) == "O mínimo é de 1 caractere."
    assert at_most(1, "etiquetas") == "O máximo é de 1 etiqueta."
    assert [_number(each) for each in (0.0, 2160.0, 0.5, 10, 1e6)] == [
        "0",
        "2160",
        "0,5",
        "10",
        "1000000",
    ]
    patch = team.gestor.api.patch("/equipe", {"fila": {"gama": -1, "esperas_h": {"outro": []}}})
    said = {each["campo"]: each["mensagem"] for each in patch.data["erros"]}
    assert said == {
        "fila.gama": "O mínimo é 0.",
        "fila.esperas_h.outro": "O mínimo é de 1 item.",
    }
