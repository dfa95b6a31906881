"""One import per equipe, equipes in turn; nobody else's writes wait for long."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread
from time import monotonic, sleep
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import Engine

from controllers.web import operation
from controllers.web.requests import turns
from models.db import enter_tenant, transaction
from models.db.locks import PATIENCE, lock_names, try_lock
from services import importService
from services.leads.duplicates import bucket, lock_buckets
from tests.support.api import Api, Reply, Team
from tests.support.leads import create, new_cpf, new_phone, upload
from tests.support.previews import preview

CSV = "nome\nLead Um\nLead Dois\n"


def until(condition: Callable[[], bool]) -> None:
    deadline = monotonic() + 20
    while not condition():
        assert monotonic() < deadline, "it never came to be"
        sleep(0.002)


class Later:
    """A request that runs beside the test."""

    def __init__(self, act: Callable[[], Reply]) -> None:
        self.replies: list[Reply] = []
        self._thread = Thread(target=lambda: self.replies.append(act()), daemon=True)
        self._thread.start()

    @property
    def status(self) -> int:
        self._thread.join(30)
        return self.replies[0].status


@pytest.fixture
def at_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Event]]:
    """Imports stop once they are at work, until their event is set."""
    running: list[Event] = []
    real = importService.import_file

    def stop(*arguments: Any, **how: Any) -> Any:
        running.append(event := Event())
        event.wait(30)
        return real(*arguments, **how)

    monkeypatch.setattr(importService, "import_file", stop)
    yield running
    for event in running:
        event.set()


def test_a_second_file_of_an_equipe_is_refused_unread(team: Team, at_work: list[Event]) -> None:
    first = Later(lambda: upload(team.gestor.api, CSV))
    until(lambda: len(at_work) == 1)
    refused_unread(team.gestor.api)
    refused_unread(team.gestor.api, "/leads/import/preview")
    at_work[0].set()
    assert first.status == 200


def refused_unread(api: Api, path: str = "/leads/import") -> None:
    # Or it would be thrown away.
    reply = send(api, Unreadable(), 20, {"Expect": "100-continue"}, path)
    assert (reply.status, reply.codigo) == (409, "IMPORTACAO_EM_ANDAMENTO")
    assert int(reply.headers["Retry-After"]) >= 1


def send(
    api: Api, body: Any, length: int, headers: Any = None, path: str = "/leads/import"
) -> Reply:
    return api.call(
        "POST",
        path,
        content_type="text/csv",
        headers=headers,
        environ_overrides={"wsgi.input": body, "CONTENT_LENGTH": str(length)},
    )


def test_so_is_one_that_another_worker_would_run_beside_the_first(team: Team, app: Flask) -> None:
    with app.app_context(), transaction():
        assert try_lock(f"importacao:{team.equipe_id}")
        reply = Later(lambda: upload(team.gestor.api, CSV))
        assert reply.status == 409


def test_equipes_take_turns(team: Team, other_team: Team, at_work: list[Event]) -> None:
    first = Later(lambda: upload(team.gestor.api, CSV))
    until(lambda: len(at_work) == 1)
    second = Later(lambda: upload(other_team.gestor.api, CSV))
    sleep(0.2)
    assert (len(at_work), second.replies) == (1, [])
    at_work[0].set()
    assert first.status == 200
    until(lambda: len(at_work) == 2)
    at_work[1].set()
    assert second.status == 200


def test_whoever_waits_too_long_for_a_turn_is_told_to_come_back(
    team: Team, other_team: Team, at_work: list[Event], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "PATIENCE", 0.05)
    first = Later(lambda: upload(team.gestor.api, CSV))
    until(lambda: len(at_work) == 1)
    for second in (upload(other_team.gestor.api, CSV), preview(other_team.gestor.api, CSV)):
        assert (second.status, second.codigo) == (503, "SERVIDOR_OCUPADO")
        assert int(second.headers["Retry-After"]) >= 1
    at_work[0].set()
    assert first.status == 200


class Unreadable:
    def read(self, *_: Any) -> bytes:
        raise AssertionError("the body was read")


class Slow:
    """A body that goes on only when it is told to."""

    def __init__(self, body: bytes) -> None:
        self.body = body
        self.go_on = Event()
        self.asked = Event()

    def read(self, size: int = -1) -> bytes:
        self.asked.set()
        self.go_on.wait(30)
        sent, self.body = self.body, b""
        return sent


@pytest.fixture
def slow(team: Team) -> Iterator[tuple[Slow, Later]]:
    """An import whose body is still on its way."""
    body = Slow(CSV.encode())
    sending = Later(lambda: send(team.gestor.api, body, len(CSV)))
    assert body.asked.wait(10)
    yield body, sending
    body.go_on.set()


def test_a_slow_sender_keeps_nobody_from_importing(
    other_team: Team, slow: tuple[Slow, Later]
) -> None:
    body, sending = slow
    assert upload(other_team.gestor.api, CSV).status == 200
    body.go_on.set()
    assert sending.status == 200


def test_another_worker_refuses_a_second_import_unread_while_the_first_body_arrives(
    team: Team, slow: tuple[Slow, Later], make_app: Callable[..., Flask]
) -> None:
    body, sending = slow
    elsewhere = Api(make_app(), team.gestor.api.token)
    refused_unread(elsewhere)
    body.go_on.set()
    assert sending.status == 200
    assert upload(elsewhere, CSV).status == 200


def test_the_turn_of_a_worker_that_died_ends_by_itself(
    team: Team, slow: tuple[Slow, Later], sql: Engine
) -> None:
    body, sending = slow
    refused_unread(team.gestor.api)
    with sql.connect() as connection:
        connection.exec_driver_sql(
            "update importacao_vez set ate = now() - interval '1 second' "
            f"where equipe_id = {team.equipe_id}"
        )
    assert upload(team.gestor.api, CSV).status == 200
    body.go_on.set()
    assert sending.status == 409  # its turn is another's


def test_a_turn_is_kept_while_its_body_arrives(
    team: Team, sql: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(turns, "RENEWAL", -1.0)
    query = f"select ate from importacao_vez where equipe_id = {team.equipe_id}"
    seen = []

    class Body:
        left = CSV.encode()

        def read(self, _: int) -> bytes:
            with sql.connect() as connection:
                seen.append(connection.exec_driver_sql(query).scalar_one())
            sent, self.left = self.left[:5], self.left[5:]
            return sent

    assert send(team.gestor.api, Body(), len(CSV)).status == 200
    assert len(set(seen)) > 3
    assert seen == sorted(seen)


def test_an_import_that_failed_leaves_the_next_one_its_turn(team: Team, other_team: Team) -> None:
    for api in (team.gestor.api, other_team.gestor.api):
        assert upload(api, "").status == 422
        assert upload(api, CSV).status == 200


@contextmanager
def importing(app: Flask, team: Team, buckets: int) -> Iterator[None]:
    """An import of the equipe holds the keys of its lines."""
    with app.app_context(), transaction():
        enter_tenant(team.equipe_id)
        lock_buckets(team.equipe_id, range(buckets))
        yield


@pytest.mark.parametrize("buckets", [512, 65])
def test_writes_with_a_key_wait_briefly_for_an_import(
    app: Flask, team: Team, buckets: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(operation, "PATIENCE", 0.0)
    lead = create(team.gestor.api)
    path = f"/leads/{lead['id']}"
    with importing(app, team, buckets):
        for fields in ({"telefone": new_phone()}, {"documento": new_cpf()}, {"id_externo": "x"}):
            for method, where in (("POST", "/leads"), ("PATCH", path)):
                body = {"nome": "Lead", **fields}
                reply = Later(lambda m=method, w=where, b=body: team.gestor.api.call(m, w, json=b))
                assert reply.status == 503
                assert int(reply.replies[0].headers["Retry-After"]) >= 1
        assert Later(lambda: team.gestor.api.post("/leads", {"nome": "Sem chave"})).status == 201
    assert team.gestor.api.patch(path, {"telefone": new_phone()}).status == 200


def test_a_batch_that_takes_longer_than_others_costs_no_write(app: Flask, team: Team) -> None:
    """It holds the keys for longer than a write waits for a lock; the write is tried again."""
    api, lead = team.gestor.api, create(team.gestor.api)
    new = {"nome": "Lead Novo", "email": "novo@exemplo.com.br"}
    key = {"Idempotency-Key": "uma-vez"}
    other, where = {"nome": "Lead Outro"}, "/leads?chave=id_externo"
    calls: list[Callable[[], Reply]] = [
        lambda: api.post("/leads", new, headers=key),
        lambda: api.call("PUT", where, json={**other, "id_externo": "outro"}),
        lambda: api.patch(f"/leads/{lead['id']}", {"telefone": new_phone()}),
    ]
    with importing(app, team, 512):
        sent = [Later(call) for call in calls]
        sleep(PATIENCE / 1_000 + 0.5)
        assert [each.replies for each in sent] == [[], [], []]
    assert [each.status for each in sent] == [201, 201, 200]
    created, _, changed = (each.replies[0].data for each in sent)
    assert changed["versao"] == lead["versao"] + 1
    assert api.post("/leads", new, headers=key).data == created
    names = [each["nome"] for each in api.get("/leads").data["itens"]]
    assert sorted(names) == sorted([lead["nome"], new["nome"], other["nome"]])


def test_who_signs_out_while_a_write_waits_writes_nothing(app: Flask, team: Team) -> None:
    seller = team.vendedor.api
    lead = create(seller)
    calls: list[Callable[[], Reply]] = [
        lambda: seller.post("/leads", {"nome": "Lead", "telefone": new_phone()}),
        lambda: seller.patch(f"/leads/{lead['id']}", {"telefone": new_phone()}),
    ]
    assert seller.get("/leads").status == 200  # the server knows them
    with importing(app, team, 512):
        sent = [Later(call) for call in calls]
        sleep(PATIENCE / 1_000 + 0.5)
        assert Later(lambda: seller.post("/auth/logout")).status == 200
        sleep(PATIENCE / 1_000 + 0.5)
    assert [each.status for each in sent] == [401, 401]
    assert team.gestor.api.get(f"/leads/{lead['id']}").data["versao"] == lead["versao"]


def test_whoever_waits_for_an_import_lets_other_equipes_come_first(
    make_app: Callable[..., Flask], app: Flask, team: Team, other_team: Team
) -> None:
    """On a worker with one slot, which a write holds only while it is tried."""
    worker = make_app(threads=1)
    body = {"nome": "Lead", "telefone": new_phone()}
    with importing(app, team, 512):
        write = Later(lambda: Api(worker, team.gestor.api.token).post("/leads", body))
        sleep(0.2)
        stranger = Later(lambda: Api(worker, other_team.gestor.api.token).get("/leads"))
        assert stranger.status == 200
        assert write.replies == []
    assert write.status == 201


def test_an_import_of_few_keys_and_other_keys_do_not_meet(app: Flask, team: Team) -> None:
    with app.app_context(), transaction():
        lock_buckets(team.equipe_id, [bucket("documento", "1")], patiently=False)
        lock_names(f"leads:{team.equipe_id}", {"outra"}, patiently=False)
        reply = Later(lambda: team.gestor.api.post("/leads", {"nome": "L", "id_externo": "y"}))
        assert reply.status == 201


def test_an_equipe_s_keys_are_no_other_equipe_s(app: Flask, team: Team, other_team: Team) -> None:
    with importing(app, team, 512):
        body = {"nome": "Lead", "telefone": new_phone()}
        assert Later(lambda: other_team.gestor.api.post("/leads", body)).status == 201


def test_the_wait_is_bounded_whatever_the_caller_s_api(app: Flask, team: Team) -> None:
    key = team.gestor.api.post("/auth/keys", {"nome": "crm", "role": "vendedor"}).data["chave"]
    with importing(app, team, 512):
        body = {"nome": "Lead", "telefone": new_phone()}
        assert Later(lambda: Api(app, key).post("/leads", body)).status == 503
