"""The queue: the next lead, and what becomes of it."""

from flask import Response

from controllers.schemas.queueSchema import (
    NextInput,
    NextOutput,
    QueuePage,
    QueueQuery,
    ReleaseOutput,
    SkipInput,
    SkipOutput,
)
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done
from controllers.web.toolbox import toolbox
from services import queueService
from services.errors import Code

queue = ApiBlueprint(
    "queue", "Fila", "Quem ligar agora: um lead de cada vez, só para quem o pegou."
)


@queue.operation(
    "GET",
    "/queue",
    summary="Ver a fila",
    query=QueueQuery,
    output=QueuePage,
    errors=(Code.CURSOR_INVALIDO,),
)
def list_queue(query: QueueQuery) -> Response:
    """Na ordem em que os leads são oferecidos; os que descansam e os retornos futuros vêm por
    último. Um vendedor vê os seus por inteiro e os sem responsável em resumo; um gestor, os da
    equipe."""
    page = queueService.list_queue(
        caller(),
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(QueuePage.of(page))


@queue.operation(
    "POST",
    "/queue/next",
    summary="Pegar o próximo lead",
    body=NextInput,
    output=NextOutput,
    recalls=True,
)
def next_lead(body: NextInput) -> Response:
    """O lead fica reservado: ninguém mais o recebe, e quem o pegou pode o que pode o responsável.
    Pedir de novo devolve o mesmo enquanto a reserva dura. Um resultado ou uma mudança de etapa a
    encerra."""
    found = queueService.next_lead(caller(), any_hour=body.fora_do_horario)
    return done(NextOutput.of(found))


@queue.operation(
    "POST",
    "/queue/skip",
    summary="Pular o lead reservado",
    body=SkipInput,
    output=SkipOutput,
    message="Lead pulado com sucesso",
    errors=(Code.SEM_RESERVA,),
    recalls=True,
)
def skip_lead(body: SkipInput) -> Response:
    """O lead descansa uma hora para todos."""
    lead_id, free_at = queueService.skip(caller(), body.motivo)
    return done({"lead_id": lead_id, "livre_em": free_at})


@queue.operation(
    "POST",
    "/leads/<id:lead_id>/release",
    summary="Devolver o lead reservado",
    output=ReleaseOutput,
    message="Lead devolvido com sucesso",
    errors=(Code.SEM_RESERVA,),
    recalls=True,
)
def release_lead(lead_id: int) -> Response:
    """O lead volta à fila como estava."""
    queueService.release(caller(), lead_id)
    return done({"lead_id": lead_id})
