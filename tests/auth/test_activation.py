"""Passwords that only their owner knows: activation codes, resets, sessions of one's own."""

from flask import Flask
from sqlalchemy import Engine, text

from tests.support.api import PASSWORD, Api, Team, new_email, register, sign_in

NEW = "outra-senha-de-teste"


def add_without_password(team: Team) -> dict[str, object]:
    person = {"nome": "Pessoa de Teste", "email": new_email(), "role": "vendedor"}
    reply = team.gestor.api.post("/auth/register", person)
    assert reply.status == 201, reply.body
    return reply.data


def activate(app: Flask, code: object, senha: str = NEW) -> int:
    return Api(app).post("/auth/activate", {"codigo": code, "senha": senha}).status


def test_a_user_without_password_chooses_one_by_code(app: Flask, team: Team) -> None:
    added = add_without_password(team)
    email = str(added["email"])
    assert Api(app).post("/auth/login", {"email": email, "senha": PASSWORD}).status == 401
    assert activate(app, added["codigo_ativacao"]) == 200
    assert sign_in(app, email, NEW).id == added["id"]


def test_a_code_works_once(app: Flask, team: Team) -> None:
    code = add_without_password(team)["codigo_ativacao"]
    assert [activate(app, code), activate(app, code)] == [200, 422]


def test_a_code_expires(app: Flask, team: Team, sql: Engine) -> None:
    added = add_without_password(team)
    with sql.connect() as connection:
        connection.execute(
            text("update usuarios set codigo_expira_em = now() - interval '1s' where id = :id"),
            added,
        )
    assert activate(app, added["codigo_ativacao"]) == 422


def test_a_made_up_code_reads_like_a_used_one(app: Flask, team: Team) -> None:
    added = add_without_password(team)
    for code in ("x", "1", f"{added['id']}.errado", f"{2**62}.errado", "²." + "a" * 32, "."):
        reply = Api(app).post("/auth/activate", {"codigo": code, "senha": NEW})
        assert (reply.status, reply.codigo) == (422, "CODIGO_INVALIDO")


def test_only_a_gestor_leaves_the_password_out(api: Api) -> None:
    person = {"nome": "P", "email": new_email(), "role": "gestor"}
    reply = api.post("/auth/register", person)
    assert (reply.status, reply.campos) == (422, {"senha": "OBRIGATORIO"})


def test_a_reset_ends_password_and_sessions(app: Flask, team: Team) -> None:
    reply = team.gestor.api.post(f"/users/{team.vendedor.id}/reset")
    assert reply.status == 200
    assert team.vendedor.api.get("/auth/me").status == 401
    login = {"email": team.vendedor.email, "senha": PASSWORD}
    assert Api(app).post("/auth/login", login).status == 401
    assert activate(app, reply.data["codigo_ativacao"]) == 200
    assert sign_in(app, team.vendedor.email, NEW).id == team.vendedor.id


def test_no_code_is_kept_for_a_retry(team: Team, sql: Engine) -> None:
    person = {"nome": "P", "email": new_email(), "role": "vendedor"}
    key = {"Idempotency-Key": f"codigo-{person['email']}"}
    first = team.gestor.api.post("/auth/register", person, headers=key)
    assert first.status == 201
    with sql.connect() as connection:
        kept = connection.execute(
            text("select status, corpo from idempotencia where chave = :k"),
            {"k": key["Idempotency-Key"]},
        ).all()
    assert [(status, bytes(body)) for status, body in kept] == [(0, b"")]


def test_own_sessions_are_listed_and_ended(app: Flask, team: Team) -> None:
    elsewhere = sign_in(app, team.vendedor.email)
    listed = team.vendedor.api.get("/auth/sessions").data["itens"]
    assert [session["atual"] for session in listed] == [True, False]
    assert team.vendedor.api.delete(f"/auth/sessions/{listed[1]['id']}").status == 200
    assert elsewhere.api.get("/auth/me").status == 401
    assert team.vendedor.api.get("/auth/me").status == 200


def test_the_command_line_helps_the_last_gestor(app: Flask, team: Team) -> None:
    result = app.test_cli_runner().invoke(args=["users", "reset-password", team.gestor.email])
    assert result.exit_code == 0, result.output
    code = result.output.split(": ", 1)[1].split()[0]
    assert team.gestor.api.get("/auth/me").status == 401
    assert activate(app, code) == 200
    assert sign_in(app, team.gestor.email, NEW).id == team.gestor.id


def test_a_sole_gestor_who_left_is_let_in_again_from_the_command_line(app: Flask) -> None:
    alone = sign_in(app, register(Api(app))["email"])
    assert alone.api.patch(f"/users/{alone.id}", {"ativo": False}).status == 200
    done = app.test_cli_runner().invoke(args=["users", "reset-password", alone.email])
    assert done.exit_code == 0, done.output
    code = done.output.splitlines()[0].split()[-1]
    assert activate(app, code) == 200
    assert sign_in(app, alone.email, NEW).api.get("/auth/me").data["ativo"] is True
