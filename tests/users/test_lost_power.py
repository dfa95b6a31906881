"""What was given out under a role or password does not outlive it, also when the two race."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from services.auth import passwords
from tests.support.api import PASSWORD, Api, Member, Team, new_email, register, sign_in
from tests.support.leads import create, rows

NEW = "outra-senha-de-teste"


@pytest.fixture
def second(app: Flask, team: Team) -> Member:
    """Another gestor of the same equipe."""
    return sign_in(app, register(team.gestor.api, role="gestor")["email"])


def key_of(member: Member, role: str = "gestor") -> Api:
    reply = member.api.post("/auth/keys", {"nome": "integração", "role": role})
    assert reply.status == 201, reply.body
    return Api(member.api.app, reply.data["chave"])


def patch(team: Team, member: Member, **changes: Any) -> None:
    assert team.gestor.api.patch(f"/users/{member.id}", changes).status == 200


def meanwhile(
    monkeypatch: pytest.MonkeyPatch, name: str, act: Callable[[], object]
) -> Callable[[], None]:
    """Run `act`, as another request, right after the next call of a function of passwords."""
    real, waiting = getattr(passwords, name), [act]

    def then_act(*arguments: Any, **how: Any) -> Any:
        result = real(*arguments, **how)
        if waiting:
            with ThreadPoolExecutor(1) as elsewhere:
                elsewhere.submit(waiting.pop()).result()
        return result

    monkeypatch.setattr(passwords, name, then_act)
    return lambda: None if not waiting else pytest.fail("nothing happened meanwhile")


@pytest.mark.parametrize("role", ["gestor", "vendedor"])
@pytest.mark.parametrize("change", [{"role": "vendedor"}, {"ativo": False}])
def test_keys_end_with_the_power_to_make_them(
    role: str, change: dict[str, Any], team: Team, second: Member, sql: Engine
) -> None:
    key = key_of(second, role)
    patch(team, second, **change)
    assert key.get("/leads").status == 401
    patch(team, second, role="gestor", ativo=True)
    assert key.get("/leads").status == 401  # nor do they come back with it
    told = "select usuario_id from eventos where tipo = 'chave_revogada' and equipe_id = :e"
    assert rows(sql, told, e=team.equipe_id) == [(team.gestor.id,)]


def test_a_key_never_does_what_its_maker_may_not(team: Team, second: Member, sql: Engine) -> None:
    """Also one that is made while its maker is being demoted."""
    key = key_of(second)
    sql_demotes = "update usuarios set role = 'vendedor' where id = :id returning id"
    assert rows(sql, sql_demotes, id=second.id)
    assert key.get("/users").status == 403
    assert key.get("/auth/me").data["role"] == "vendedor"


def test_a_key_tells_its_own_role(team: Team) -> None:
    assert key_of(team.gestor, "vendedor").get("/auth/me").data["role"] == "vendedor"


def test_a_name_or_a_promotion_ends_no_key(team: Team, second: Member) -> None:
    key = key_of(second)
    patch(team, second, nome="Outro Nome")
    assert key.get("/users").status == 200


def test_a_demoted_gestor_adds_nobody_with_the_request_under_way(
    team: Team, second: Member, monkeypatch: pytest.MonkeyPatch
) -> None:
    happened = meanwhile(monkeypatch, "hash_password", lambda: patch(team, second, role="vendedor"))
    person = {"nome": "P", "email": new_email(), "senha": PASSWORD, "role": "gestor"}
    assert second.api.post("/auth/register", person).status == 403
    happened()
    assert person["email"] not in str(team.gestor.api.get("/users").raw)


def test_a_gestor_who_leaves_adds_nobody_to_an_equipe_without_one(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = sign_in(app, register(Api(app))["email"])
    leave = {"ativo": False}
    happened = meanwhile(
        monkeypatch, "hash_password", lambda: alone.api.patch(f"/users/{alone.id}", leave)
    )
    person = {"nome": "P", "email": new_email(), "senha": PASSWORD, "role": "vendedor"}
    assert alone.api.post("/auth/register", person).status == 403
    happened()


@pytest.mark.parametrize("how", ["own", "reset", "deactivated"])
def test_a_login_with_the_password_of_before_opens_nothing(
    how: str, app: Flask, team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    person = team.vendedor
    changes = {
        "own": lambda: person.api.patch("/auth/me", {"senha": NEW, "senha_atual": PASSWORD}),
        "reset": lambda: team.gestor.api.post(f"/users/{person.id}/reset"),
        "deactivated": lambda: patch(team, person, ativo=False),
    }
    happened = meanwhile(monkeypatch, "matches", changes[how])
    credentials = {"email": person.email, "senha": PASSWORD}
    assert Api(app).post("/auth/login", credentials).status == 401
    happened()


def test_of_two_new_passwords_at_once_the_second_is_refused(
    team: Team, monkeypatch: pytest.MonkeyPatch
) -> None:
    api = team.vendedor.api
    first = lambda: api.patch("/auth/me", {"senha": NEW, "senha_atual": PASSWORD})  # noqa: E731
    happened = meanwhile(monkeypatch, "matches", first)
    reply = api.patch("/auth/me", {"senha": "mais-uma-senha", "senha_atual": PASSWORD})
    assert reply.campos == {"senha_atual": "SENHA_INCORRETA"}
    happened()
    sign_in(api.app, team.vendedor.email, NEW)


def test_an_activation_code_ends_with_the_account(app: Flask, team: Team) -> None:
    reset = team.gestor.api.post(f"/users/{team.vendedor.id}/reset")
    patch(team, team.vendedor, ativo=False)
    patch(team, team.vendedor, ativo=True)
    body = {"codigo": reset.data["codigo_ativacao"], "senha": PASSWORD}
    assert Api(app).post("/auth/activate", body).codigo == "CODIGO_INVALIDO"


def test_an_inactive_account_gets_no_code(team: Team) -> None:
    patch(team, team.vendedor, ativo=False)
    reply = team.gestor.api.post(f"/users/{team.vendedor.id}/reset")
    assert (reply.status, reply.codigo) == (409, "CONFLITO")


def test_a_reply_is_not_repeated_for_a_lesser_role(app: Flask, team: Team, second: Member) -> None:
    repeated = {"Idempotency-Key": "papel"}
    lead = {"nome": "Lead", "responsavel_id": team.vendedor.id}
    assert second.api.post("/leads", lead, headers=repeated).status == 201
    patch(team, second, role="vendedor")
    reply = sign_in(app, second.email).api.post("/leads", lead, headers=repeated)
    assert (reply.status, reply.codigo) == (422, "CHAVE_REUTILIZADA")


def test_nor_for_an_api_key_of_the_same_person(team: Team) -> None:
    repeated = {"Idempotency-Key": "papel"}
    lead = {"nome": "Lead", "responsavel_id": team.vendedor.id}
    assert team.gestor.api.post("/leads", lead, headers=repeated).status == 201
    reply = key_of(team.gestor, "vendedor").post("/leads", lead, headers=repeated)
    assert (reply.status, reply.codigo) == (403, "PROIBIDO")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/auth/keys", {"nome": "integração", "role": "gestor"}),
        ("/auth/register", {"nome": "P", "email": "", "role": "vendedor"}),
    ],
)
def test_a_secret_is_shown_once_and_what_it_opens_made_once(
    path: str, body: dict[str, str], team: Team
) -> None:
    body |= {"email": new_email()} if "email" in body else {}
    repeated = {"Idempotency-Key": "segredo"}
    lists = ("/auth/keys", "/users")
    assert team.gestor.api.post(path, body, headers=repeated).status == 201
    before = [team.gestor.api.get(name).data for name in lists]
    again = team.gestor.api.post(path, body, headers=repeated)
    assert (again.status, again.codigo) == (409, "SEGREDO_NAO_REPETIDO")
    assert [team.gestor.api.get(name).data for name in lists] == before


def test_locking_the_managers_lets_their_leads_be_written(team: Team, second: Member) -> None:
    assert create(team.gestor.api, responsavel_id=second.id)["responsavel_id"] == second.id
