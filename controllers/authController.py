"""Registration, sessions, one's own account."""

from typing import Any

from flask import Response, g

from controllers.schemas.authSchema import (
    ActivateInput,
    LoginInput,
    MeInput,
    MeOutput,
    RefreshInput,
    RegisteredOutput,
    RegisterInput,
    SessionOutput,
    UserBrief,
)
from controllers.web.guards import caller
from controllers.web.input import client_address
from controllers.web.operation import ApiBlueprint, keep_reply_secret
from controllers.web.toolbox import toolbox
from services import activationService, authService, sessionService, userService
from services.authService import SignedIn
from services.errors import Code, invalid_field
from utils.emails import InvalidEmail, normalize_email
from utils.response import success

auth = ApiBlueprint("auth", "Autenticação")


@auth.operation(
    "POST",
    "/auth/register",
    summary="Cadastrar usuário",
    body=RegisterInput,
    output=RegisteredOutput,
    status=201,
    idempotent=True,
    errors=(403, 409, 429),
    links={"users.get_user": "usuario_id"},
)
def register(body: RegisterInput) -> Response:
    """Sem token, abre uma equipe nova; com o token de um gestor, acrescenta à equipe dele."""
    known = g.caller.usuario_id if g.caller else None
    toolbox().throttle.attempt_registration(client_address(), known)
    _check_register(body)
    user = authService.register(caller=g.caller, **body.model_dump())
    data = _brief(user)
    if body.senha is None:
        keep_reply_secret()
        data["codigo_ativacao"] = activationService.issue_code(user)
    return success(data, "Usuário criado com sucesso", 201)


@auth.operation(
    "POST",
    "/auth/login",
    summary="Entrar",
    body=LoginInput,
    output=SessionOutput,
    errors=(401, 429),
)
def login(body: LoginInput) -> Response:
    """E-mail desconhecido e senha errada têm a mesma resposta."""
    signed_in = authService.login(
        tokens=toolbox().tokens,
        throttle=toolbox().throttle,
        address=client_address(),
        email=_login_name(body.email),
        senha=body.senha,
    )
    return success(_session(signed_in), "Login realizado com sucesso")


@auth.operation(
    "POST",
    "/auth/refresh",
    summary="Renovar os tokens",
    body=RefreshInput,
    output=SessionOutput,
    errors=(401,),
)
def refresh(body: RefreshInput) -> Response:
    """O refresh_token muda a cada uso; usar de novo um antigo encerra a sessão."""
    signed_in = authService.refresh(tokens=toolbox().tokens, refresh_token=body.refresh_token)
    return success(_session(signed_in), "Tokens renovados com sucesso")


@auth.operation(
    "POST",
    "/auth/activate",
    summary="Escolher a senha com um código",
    body=ActivateInput,
    output=UserBrief,
    errors=(429,),
)
def activate(body: ActivateInput) -> Response:
    """O código vale 24 horas e uma vez; as sessões anteriores se encerram."""
    rules = toolbox().passwords
    rules.require_length(body.senha)
    toolbox().throttle.attempt_login("ativação", client_address())
    user = activationService.activate(codigo=body.codigo, senha=body.senha, rules=rules)
    toolbox().throttle.login_succeeded("ativação", client_address())
    return success(_brief(user), "Senha definida com sucesso")


@auth.operation("POST", "/auth/logout", summary="Sair")
def logout() -> Response:
    """Encerra esta sessão na hora, com seus tokens."""
    sessionService.end_own(caller(), caller().sessao_id or 0)
    return success(None, "Sessão encerrada com sucesso")


@auth.operation("GET", "/auth/me", summary="Ver a própria conta", output=MeOutput)
def me() -> Response:
    return success(userService.describe_me(caller()))


@auth.operation(
    "PATCH",
    "/auth/me",
    summary="Mudar nome ou senha",
    body=MeInput,
    output=MeOutput,
    errors=(429,),
)
def change_me(body: MeInput) -> Response:
    """Uma senha nova pede a atual e encerra as outras sessões."""
    if body.senha is not None:
        # A stolen token must not become a place to guess the password in.
        toolbox().throttle.attempt_login(f"#{caller().usuario_id}", client_address())
        known = userService.describe_me(caller())
        names = (known["nome"], known["email"], known["equipe"], body.nome)
        toolbox().passwords.require(body.senha, *names)
    userService.update_me(caller(), **body.model_dump())
    if body.senha is not None:
        toolbox().throttle.login_succeeded(f"#{caller().usuario_id}", client_address())
    return success(userService.describe_me(caller()), "Conta atualizada com sucesso")


def _check_register(body: RegisterInput) -> None:
    """What depends on who asks: only a gestor leaves the password out, and he has an equipe."""
    if body.senha is not None:
        toolbox().passwords.require(body.senha, body.nome, body.email, body.equipe)
    elif g.caller is None:
        raise invalid_field("senha", Code.OBRIGATORIO, "Campo obrigatório.")
    if g.caller and body.equipe:
        raise invalid_field("equipe", Code.CAMPO_DESCONHECIDO, "Você já tem uma equipe.")


def _brief(user: Any) -> dict[str, Any]:
    return {"id": user.id, "nome": user.nome, "email": user.email, "role": user.role}


def _session(signed_in: SignedIn) -> dict[str, Any]:
    return {
        **_brief(signed_in.user),
        "access_token": signed_in.access_token,
        "refresh_token": signed_in.refresh_token,
        "token_type": "Bearer",
        "expires_in": signed_in.expires_in,
    }


def _login_name(email: str) -> str:
    """What was typed, as an e-mail is stored; what is no e-mail belongs to nobody."""
    try:
        return normalize_email(email)
    except InvalidEmail:
        return ""
