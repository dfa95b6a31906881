"""The users of the team, and the team itself."""

from flask import Response

from controllers.schemas.userSchema import (
    ChangedUser,
    CodeOutput,
    TeamInput,
    TeamOutput,
    UserInput,
    UserList,
    UserOutput,
)
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done, listed, shaped
from services import activationService, teamService, userService
from services.errors import Code

users = ApiBlueprint("users", "Equipe", "As pessoas da equipe e a própria equipe.")
USER_ID = "/users/<id:usuario_id>"


@users.operation("GET", "/users", summary="Listar usuários", output=UserList)
def list_users() -> Response:
    """Todas, também as que já não podem entrar."""
    return done(listed(UserOutput, userService.list_users(caller())))


@users.operation("GET", USER_ID, summary="Ver usuário", output=UserOutput)
def get_user(usuario_id: int) -> Response:
    """Uma pessoa da equipe."""
    return done(shaped(UserOutput, userService.get_user(caller(), usuario_id)))


@users.operation(
    "PATCH",
    USER_ID,
    summary="Mudar nome, papel ou situação",
    body=UserInput,
    output=ChangedUser,
    message="Usuário atualizado com sucesso",
    errors=(Code.ULTIMO_GESTOR, Code.FILA_CHEIA),
)
def update_user(usuario_id: int, body: UserInput) -> Response:
    """Só gestores; o fundador de uma equipe sem gestor ativo pode tornar-se um. Com `leads`, os
    leads abertos da pessoa passam adiante na mesma hora; mais de 1.000, e os que alguém está
    gravando, por um trabalho (`trabalho`)."""
    changed = userService.update_user(caller(), usuario_id, body.changes(), body.leads)
    return done(ChangedUser.of(changed))


@users.operation(
    "POST",
    f"{USER_ID}/reset",
    summary="Redefinir a senha de um usuário",
    output=CodeOutput,
    message="Código de ativação criado com sucesso",
    errors=(Code.CONFLITO,),
)
def reset_user(usuario_id: int) -> Response:
    """Encerra as sessões e a senha da pessoa; o código para uma nova aparece só nesta resposta."""
    issued = activationService.reset(caller(), usuario_id)
    return done(shaped(CodeOutput, issued))


@users.operation("GET", "/equipe", summary="Ver a equipe", output=TeamOutput)
def get_team() -> Response:
    """Nome, fuso horário, como a fila funciona e com que o modelo aprende."""
    return done(shaped(TeamOutput, teamService.get_team(caller())))


@users.operation(
    "PATCH",
    "/equipe",
    summary="Mudar a equipe",
    body=TeamInput,
    output=TeamOutput,
    message="Equipe atualizada com sucesso",
)
def update_team(body: TeamInput) -> Response:
    """O fuso diz onde começa cada dia das métricas e dos filtros. De `fila`, só o que é enviado
    muda. Quem muda `taxa_ganho` ou `campos_permitidos` terá um modelo treinado com isso."""
    changes = body.model_dump(exclude_none=True, include={"nome", "fuso"})
    fila = body.fila.sent() if body.fila else None
    team = teamService.update_team(caller(), changes, fila, body.learning())
    return done(shaped(TeamOutput, team))
