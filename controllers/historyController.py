"""What happened: the timeline of a lead, and the feed of all events for other systems."""

from flask import Response

from controllers.schemas.historySchema import EventPage, EventQuery, TimelinePage, TimelineQuery
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done
from controllers.web.toolbox import toolbox
from services import eventService, timelineService
from services.errors import Code

history = ApiBlueprint("history", "Histórico", "O que aconteceu com um lead e na equipe.")


@history.operation(
    "GET",
    "/leads/<id:lead_id>/timeline",
    summary="Ver a linha do tempo de um lead",
    query=TimelineQuery,
    output=TimelinePage,
    errors=(Code.CURSOR_INVALIDO,),
)
def get_timeline(lead_id: int, query: TimelineQuery) -> Response:
    """Mudanças e atividades juntas, cada uma numa frase e como dados, a mais nova primeiro."""
    page = timelineService.get_timeline(
        caller(),
        lead_id,
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(TimelinePage.of(page))


@history.operation(
    "GET",
    "/events",
    summary="Seguir os eventos da equipe",
    query=EventQuery,
    output=EventPage,
    errors=(Code.CURSOR_INVALIDO,),
)
def follow_events(query: EventQuery) -> Response:
    """Para outros sistemas: cada evento vem uma vez, em ordem, e nenhum falta. Guarde `proximo`
    depois de tratar a página e mande-o em `depois`. O que uma operação ainda em curso registrou
    espera por ela, e com ela o que é mais novo. Com `tipo`, uma chamada olha alguns milhares de
    eventos e pode vir vazia antes do fim; no fim, `proximo` volta o mesmo."""
    page = eventService.follow(
        caller(),
        tipos=query.tipo,
        limite=query.limite,
        depois=query.depois,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(EventPage.of(page))
