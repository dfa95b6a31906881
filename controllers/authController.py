"""Registration, sessions, one's own account."""

from flask import Response, g

from controllers.schemas.authSchema import (
    ActivateInput,
    LoginInput,
    RefreshInput,
    RegisteredOutput,
    RegisterInput,
    SignedInOutput,
)
from controllers.schemas.userSchema import MeInput, MeOutput, UserBrief
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint, keep_reply_secret
from controllers.web.replies.output import done, shaped
from controllers.web.requests.input import client_address
from controllers.web.toolbox import toolbox
from services import activationService, authService, sessionService, userService
from services.errors import Code

auth = ApiBlueprint(
    "auth", "Autenticação", "Cadastro, entrada, renovação dos tokens e a própria conta."
)


@auth.operation(
    "POST",
    "/auth/register",
    summary="Cadastrar usuário",
    body=RegisterInput,
    output=RegisteredOutput,
    status=201,
    message="Usuário criado com sucesso",
    idempotent=True,
    errors=(Code.EMAIL_JA_CADASTRADO, Code.SEGREDO_NAO_REPETIDO, Code.MUITAS_REQUISICOES),
    links={"users.get_user": "usuario_id"},
)
def register(body: RegisterInput) -> Response:
    """Sem token, abre uma equipe nova; com o token de um gestor, acrescenta à equipe dele."""
    user, code = authService.register(
        caller=g.caller,
        rules=toolbox().passwords,
        throttle=toolbox().throttle,
        address=client_address(),
        **body.model_dump(),
    )
    data = shaped(UserBrief, user)
    if code is not None:
        keep_reply_secret()
        data["codigo_ativacao"] = code
    return done(data)


@auth.operation(
    "POST",
    "/auth/login",
    summary="Entrar",
    body=LoginInput,
    output=SignedInOutput,
    message="Login realizado com sucesso",
    errors=(Code.CREDENCIAIS_INVALIDAS, Code.MUITAS_REQUISICOES),
)
def login(body: LoginInput) -> Response:
    """E-mail desconhecido e senha errada têm a mesma resposta."""
    signed_in = authService.login(
        tokens=toolbox().tokens,
        throttle=toolbox().throttle,
        address=client_address(),
        **body.model_dump(),
    )
    return done(shaped(SignedInOutput, signed_in))


@auth.operation(
    "POST",
    "/auth/refresh",
    summary="Renovar os tokens",
    body=RefreshInput,
    output=SignedInOutput,
    message="Tokens renovados com sucesso",
    errors=(Code.TOKEN_INVALIDO,),
)
def refresh(body: RefreshInput) -> Response:
    """O refresh_token muda a cada uso; usar de novo um antigo encerra a sessão."""
    signed_in = authService.refresh(tokens=toolbox().tokens, **body.model_dump())
    return done(shaped(SignedInOutput, signed_in))


@auth.operation(
    "POST",
    "/auth/activate",
    summary="Escolher a senha com um código",
    body=ActivateInput,
    output=UserBrief,
    message="Senha definida com sucesso",
    errors=(Code.CODIGO_INVALIDO, Code.MUITAS_REQUISICOES),
)
def activate(body: ActivateInput) -> Response:
    """O código vale 24 horas e uma vez; as sessões anteriores se encerram."""
    user = activationService.activate(
        rules=toolbox().passwords,
        throttle=toolbox().throttle,
        address=client_address(),
        **body.model_dump(),
    )
    return done(shaped(UserBrief, user))


@auth.operation("POST", "/auth/logout", summary="Sair", message="Sessão encerrada com sucesso")
def logout() -> Response:
    """Encerra esta sessão na hora, com seus tokens."""
    sessionService.end_own(caller(), caller().sessao_id or 0)
    return done()


@auth.operation("GET", "/auth/me", summary="Ver a própria conta", output=MeOutput)
def get_me() -> Response:
    """Quem chama, sua equipe e o fuso dela."""
    return done(shaped(MeOutput, userService.describe_me(caller())))


@auth.operation(
    "PATCH",
    "/auth/me",
    summary="Mudar nome ou senha",
    body=MeInput,
    output=MeOutput,
    message="Conta atualizada com sucesso",
    errors=(Code.MUITAS_REQUISICOES,),
)
def update_me(body: MeInput) -> Response:
    """Uma senha nova pede a atual e encerra as outras sessões."""
    account = userService.update_me(
        caller(),
        rules=toolbox().passwords,
        throttle=toolbox().throttle,
        address=client_address(),
        **body.model_dump(),
    )
    return done(shaped(MeOutput, account))
