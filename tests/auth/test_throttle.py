"""Throttling: an attacker fills their own counters, never their victim's."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count

import pytest
from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import PASSWORD, Api, Reply, Team, new_email, register, sign_in

_numbers = count(1)
MakeApp = Callable[..., Flask]


@pytest.fixture(scope="module")
def strict(make_app: MakeApp) -> Flask:
    """Three wrong logins per minute, two registrations per hour."""
    return make_app(limite_login="3/minute", limite_registro="2/hour")


@pytest.fixture
def behind_proxy(make_app: MakeApp) -> Flask:
    return make_app(limite_login="3/minute", limite_registro="2/hour", proxies=1)


@pytest.fixture
def victim(api: Api) -> str:
    """The e-mail of an account whose password is PASSWORD."""
    return str(register(api)["email"])


def new_address() -> str:
    number = next(_numbers)
    return f"10.0.{number // 250}.{number % 250 + 1}"


def login(
    app: Flask, email: str, senha: str, address: str, headers: dict[str, str] | None = None
) -> Reply:
    body = {"email": email, "senha": senha}
    environ = {"REMOTE_ADDR": address}
    return Api(app).post("/auth/login", body, environ_base=environ, headers=headers)


def wrong(app: Flask, email: str, address: str, times: int = 3) -> list[int]:
    return [login(app, email, "errada", address).status for _ in range(times)]


def forwarded(addresses: str) -> dict[str, str]:
    return {"X-Forwarded-For": addresses}


def assert_throttled(reply: Reply, longest: int) -> None:
    assert (reply.status, reply.codigo) == (429, "MUITAS_REQUISICOES")
    assert 1 <= int(reply.headers["Retry-After"]) <= longest


def test_wrong_logins_beyond_the_quota_get_429_with_retry_after(strict: Flask, victim: str) -> None:
    address = new_address()
    assert wrong(strict, victim, address) == [401] * 3
    assert_throttled(login(strict, victim, "errada", address), longest=60)


def test_beyond_the_quota_even_the_right_password_is_refused(strict: Flask, victim: str) -> None:
    """Otherwise the quota would tell attackers when they have guessed the password."""
    address = new_address()
    wrong(strict, victim, address)
    assert_throttled(login(strict, victim, PASSWORD, address), longest=60)


def test_unknown_accounts_are_throttled_like_known_ones(strict: Flask) -> None:
    address, nobody = new_address(), new_email()
    assert wrong(strict, nobody, address, times=4) == [401] * 3 + [429]


def test_the_victim_still_signs_in_from_another_address(strict: Flask, victim: str) -> None:
    wrong(strict, victim, new_address(), times=5)
    assert login(strict, victim, PASSWORD, new_address()).status == 200


def test_another_account_still_signs_in_from_the_same_address(
    strict: Flask, victim: str, team: Team
) -> None:
    address = new_address()
    wrong(strict, victim, address, times=5)
    assert login(strict, team.gestor.email, PASSWORD, address).status == 200


def test_other_spellings_of_an_account_share_its_counter(strict: Flask, victim: str) -> None:
    address = new_address()
    spellings = [victim, victim.upper(), f" {victim} ", victim.title()]
    statuses = [login(strict, email, "errada", address).status for email in spellings]
    assert statuses == [401] * 3 + [429]


def test_a_success_clears_the_counter_of_the_account(strict: Flask, victim: str) -> None:
    address = new_address()
    assert wrong(strict, victim, address, times=2) == [401] * 2
    assert login(strict, victim, PASSWORD, address).status == 200
    assert wrong(strict, victim, address, times=4) == [401] * 3 + [429]


def test_successes_never_fill_a_counter(strict: Flask, victim: str) -> None:
    address = new_address()
    statuses = {login(strict, victim, PASSWORD, address).status for _ in range(8)}
    assert statuses == {200}


def test_one_address_that_tries_many_accounts_is_stopped(strict: Flask) -> None:
    address = new_address()
    statuses = [login(strict, new_email(), "errada", address).status for _ in range(31)]
    assert statuses == [401] * 30 + [429]


def test_own_successes_do_not_let_an_address_try_more_accounts(strict: Flask, victim: str) -> None:
    """Signing in takes back one's own attempt, not the failures on other accounts."""
    address, statuses = new_address(), []
    for number in range(31):
        if number % 10 == 9:
            assert login(strict, victim, PASSWORD, address).status == 200
        statuses.append(login(strict, new_email(), "errada", address).status)
    assert statuses == [401] * 30 + [429]


def test_parallel_wrong_logins_are_counted_one_by_one(strict: Flask, victim: str) -> None:
    address = new_address()
    with ThreadPoolExecutor(12) as pool:
        replies = pool.map(lambda _: login(strict, victim, "errada", address), range(12))
        statuses = sorted(reply.status for reply in replies)
    assert statuses == [401] * 3 + [429] * 9


def test_a_forwarded_address_is_ignored_without_a_proxy(strict: Flask, victim: str) -> None:
    address = new_address()
    for number in range(3):
        login(strict, victim, "errada", address, forwarded(f"203.0.113.{number}"))
    reply = login(strict, victim, "errada", address, forwarded("203.0.113.200"))
    assert_throttled(reply, longest=60)


def test_a_configured_proxy_is_believed(behind_proxy: Flask, victim: str) -> None:
    proxy, attacker, person = (new_address() for _ in range(3))
    for _ in range(3):
        login(behind_proxy, victim, "errada", proxy, forwarded(attacker))
    assert login(behind_proxy, victim, "errada", proxy, forwarded(attacker)).status == 429
    assert login(behind_proxy, victim, PASSWORD, proxy, forwarded(person)).status == 200


def test_behind_a_proxy_an_attacker_cannot_prepend_an_address(
    behind_proxy: Flask, victim: str
) -> None:
    proxy, attacker = new_address(), new_address()
    lies = [f"203.0.113.{number}, {attacker}" for number in range(4)]
    statuses = [login(behind_proxy, victim, "x", proxy, forwarded(lie)).status for lie in lies]
    assert statuses == [401] * 3 + [429]


def test_two_processes_share_their_counters(strict: Flask, make_app: MakeApp, victim: str) -> None:
    address = new_address()
    second = make_app(limite_login="3/minute", limite_registro="2/hour")
    assert wrong(strict, victim, address, times=2) == [401] * 2
    assert wrong(second, victim, address, times=2) == [401, 429]
    assert wrong(strict, victim, address, times=1) == [429]


def test_registrations_from_one_address_have_a_quota(strict: Flask) -> None:
    environ = {"REMOTE_ADDR": new_address()}

    def attempt() -> Reply:
        body = {"nome": "P", "email": new_email(), "senha": PASSWORD, "role": "gestor"}
        return Api(strict).post("/auth/register", body, environ_base=environ)

    assert [attempt().status for _ in range(2)] == [201, 201]
    assert_throttled(attempt(), longest=3600)


def test_known_emails_count_against_the_registration_quota(strict: Flask, victim: str) -> None:
    """The 409 tells who is registered, so the number of attempts is limited."""
    environ = {"REMOTE_ADDR": new_address()}
    body = {"nome": "P", "email": victim, "senha": PASSWORD, "role": "gestor"}
    statuses = [
        Api(strict).post("/auth/register", body, environ_base=environ).status for _ in range(3)
    ]
    assert statuses == [409, 409, 429]


def test_a_gestor_may_add_more_users_than_the_anonymous_quota(strict: Flask, victim: str) -> None:
    gestor = sign_in(strict, victim)
    environ = {"REMOTE_ADDR": new_address()}
    for _ in range(4):
        body = {"nome": "P", "email": new_email(), "senha": PASSWORD, "role": "vendedor"}
        assert gestor.api.post("/auth/register", body, environ_base=environ).status == 201


def test_no_counter_names_a_person_or_an_address(strict: Flask, victim: str, sql: Engine) -> None:
    address = new_address()
    wrong(strict, victim, address, times=1)
    with sql.connect() as connection:
        keys = " ".join(connection.execute(text("select chave from limites")).scalars())
    assert keys
    assert victim not in keys
    assert address not in keys


def test_right_logins_have_a_ceiling_too(make_app: MakeApp, victim: str) -> None:
    app = make_app(limite_sessoes="3/hour")
    statuses = [login(app, victim, PASSWORD, new_address()).status for _ in range(5)]
    assert statuses == [200, 200, 200, 429, 429]


def test_guesses_from_many_addresses_have_a_ceiling_that_ends_no_open_session(
    make_app: MakeApp, victim: str
) -> None:
    app = make_app(limite_login="1/minute")
    signed_in = login(app, victim, PASSWORD, new_address()).data
    guesses = [login(app, victim, "errada", new_address()).status for _ in range(12)]
    assert guesses == [401] * 10 + [429] * 2
    assert login(app, victim, PASSWORD, new_address()).status == 429
    owner = Api(app, signed_in["access_token"])
    assert owner.get("/auth/me").status == 200
    renewed = Api(app).post("/auth/refresh", {"refresh_token": signed_in["refresh_token"]})
    assert renewed.status == 200


def test_guesses_of_codes_do_not_block_the_activation_of_others(
    make_app: MakeApp, team: Team
) -> None:
    app = make_app(limite_login="2/minute", limite_sessoes="1/hour")
    guess = {"codigo": "1.adivinhado", "senha": PASSWORD}
    for _ in range(30):
        Api(app).post("/auth/activate", guess, environ_base={"REMOTE_ADDR": new_address()})
    for person in (team.vendedor, team.colleague):
        code = team.gestor.api.post(f"/users/{person.id}/reset").data["codigo_ativacao"]
        body = {"codigo": code, "senha": PASSWORD}
        environ = {"REMOTE_ADDR": new_address()}
        assert Api(app).post("/auth/activate", body, environ_base=environ).status == 200


def test_one_attacker_never_reaches_the_account_s_ceiling(make_app: MakeApp, victim: str) -> None:
    app = make_app(limite_login="3/minute")
    attacker = new_address()
    for _ in range(60):
        login(app, victim, "errada", attacker)
    assert login(app, victim, PASSWORD, new_address()).status == 200
