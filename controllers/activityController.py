"""Activities of leads, and the tasks that they leave."""

from flask import Response

from controllers.schemas.activitySchema import (
    ActivityDeleted,
    ActivityInput,
    ActivityPage,
    ActivityPatch,
    ActivityQuery,
    ActivityRecorded,
    TaskPage,
    TaskQuery,
)
from controllers.schemas.leads.leadSchema import etag_of
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint, show_lead
from controllers.web.replies.output import done
from controllers.web.toolbox import toolbox
from models.activity import Result
from services import activityService
from services.activityService import Recorded
from services.errors import Code

activities = ApiBlueprint(
    "activities", "Atividades", "O que se fez com cada lead, e o que ficou por fazer."
)
OF_LEAD = "/leads/<id:lead_id>/activities"
ACTIVITY_ID = "/activities/<id:atividade_id>"
_LEFT = {
    Result.NAO_ATENDEU: "Ninguém atendeu em todas as tentativas: o lead saiu da fila.",
    Result.NUMERO_ERRADO: "Sem outro contato, o lead saiu da fila.",
    Result.NAO_CONTATAR: "O lead saiu da fila: a pessoa não quer ser contatada.",
}


@activities.operation(
    "GET",
    OF_LEAD,
    summary="Listar atividades de um lead",
    query=ActivityQuery,
    output=ActivityPage,
    errors=(Code.CURSOR_INVALIDO,),
)
def list_activities(lead_id: int, query: ActivityQuery) -> Response:
    """A mais nova primeiro."""
    page = activityService.list_activities(
        caller(),
        lead_id,
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    itens = [activity._asdict() for activity in page.activities]
    return done({"itens": itens, "proximo": page.proximo})


@activities.operation(
    "POST",
    OF_LEAD,
    summary="Registrar atividade",
    body=ActivityInput,
    output=ActivityRecorded,
    status=201,
    message="Atividade registrada com sucesso",
    errors=(Code.SEM_RESERVA,),
    idempotent=True,
    etag=True,
    recalls=True,
)
def create_activity(lead_id: int, body: ActivityInput) -> Response:
    """Uma chamada depois de uma conversa: guarda o contato, move o lead, marca o próximo contato e
    encerra a reserva. Com resultado, quem tinha a reserva passa a responsável, e as tarefas que
    venceram ficam feitas. O ETag é o do lead."""
    recorded = activityService.create_activity(
        caller(), lead_id, body.model_dump(exclude_none=True)
    )
    show_lead(lead_id)
    return _recorded(recorded)


@activities.operation(
    "PATCH",
    ACTIVITY_ID,
    summary="Mudar atividade",
    body=ActivityPatch,
    output=ActivityRecorded,
    message="Atividade atualizada com sucesso",
    errors=(Code.PROIBIDO, Code.SEM_RESERVA),
    etag=True,
    recalls=True,
)
def update_activity(atividade_id: int, body: ActivityPatch) -> Response:
    """De quem a escreveu, ou de um gestor. Feita, vale como uma nova."""
    said = body.model_dump(exclude_unset=True)
    return _recorded(activityService.update_activity(caller(), atividade_id, said))


@activities.operation(
    "DELETE",
    ACTIVITY_ID,
    summary="Excluir atividade",
    output=ActivityDeleted,
    message="Atividade excluída com sucesso",
    errors=(Code.PROIBIDO,),
    recalls=True,
)
def delete_activity(atividade_id: int) -> Response:
    """De quem a escreveu, ou de um gestor. O que ela mudou no lead fica como está; por fazer, deixa
    de ser o próximo contato."""
    activityService.delete_activity(caller(), atividade_id)
    return done({"id": atividade_id})


@activities.operation(
    "GET",
    "/tasks",
    summary="Listar tarefas",
    query=TaskQuery,
    output=TaskPage,
    errors=(Code.PROIBIDO, Code.CURSOR_INVALIDO),
)
def list_tasks(query: TaskQuery) -> Response:
    """O que ficou por fazer, o mais antigo primeiro. As de outra pessoa, de todos ou de ninguém são
    do gestor."""
    page = activityService.list_tasks(
        caller(),
        responsavel_id=query.responsavel_id,
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(TaskPage.of(page))


def _recorded(recorded: Recorded) -> Response:
    message = _LEFT.get(Result(recorded.left)) if recorded.left else None
    return done(ActivityRecorded.of(recorded), etag_of(recorded.lead), message=message)
