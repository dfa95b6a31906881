"""The goals of a month."""

from contextlib import suppress
from datetime import date

from flask import Response

from controllers.schemas.metrics.goalSchema import GoalsInput, GoalsOutput, GoalsSet
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done, is_known, private
from controllers.web.requests.input import if_match
from services import goalService
from services.errors import Code, NotFound
from utils.clock import is_of_our_time, parse_month
from utils.wire.etags import version_etag

goals = ApiBlueprint("goals", "Metas", "O que a equipe quer ganhar em um mês.")
_NO_MONTH = "Não há este mês. Use AAAA-MM, de 1900-01 a 2200-12."


@goals.operation(
    "GET",
    "/goals/<mes>",
    summary="Ver as metas de um mês",
    output=GoalsOutput,
    errors=(Code.FILTRO_NECESSARIO,),
    etag=True,
)
def get_goals(mes: str) -> Response:
    """As metas do mês e o que já se ganhou para cada uma. Um vendedor vê as suas e as da equipe,
    estas com o que a equipe toda ganhou."""
    found = goalService.get_goals(caller(), _month(mes), is_known)
    return private(found.etag, found.data)


@goals.operation(
    "PUT",
    "/goals/<mes>",
    summary="Mudar as metas de um mês",
    body=GoalsInput,
    output=GoalsSet,
    message="Metas atualizadas com sucesso",
    etag=True,
    versioned=True,
)
def replace_goals(mes: str, body: GoalsInput) -> Response:
    """As metas do mês passam a ser estas, e só estas. Uma pessoa, ou a equipe, tem uma meta por
    produto, e uma de todos juntos; quem já saiu da equipe conserva as suas."""
    found = goalService.replace_goals(caller(), _month(mes), body.wanted(), versions=if_match())
    return done(found.data, {"ETag": version_etag(found.versao)})


def _month(said: str) -> date:
    """Its first day. Raises NotFound."""
    with suppress(ValueError):
        month = parse_month(said)
        if is_of_our_time(month):
            return month
    raise NotFound(_NO_MONTH)
