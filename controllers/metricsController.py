"""The dashboard."""

from flask import Response

from controllers.schemas.metricsSchema import MetricsOutput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.output import done
from services import metricsService

metrics = ApiBlueprint("metrics", "Métricas", "Os números do painel.")


@metrics.operation(
    "GET",
    "/metrics",
    summary="Números do painel",
    output=MetricsOutput,
)
def get_metrics() -> Response:
    """Um vendedor vê os números dos leads de que é responsável; um gestor, os da equipe.

    `conversao` é ganhos ÷ (ganhos + perdidos), nula enquanto nada fechou. `valor_aberto` soma os
    leads abertos; `valor_ponderado`, valor × probabilidade dos que têm uma. `serie` traz os
    últimos 30 dias da equipe, hoje por último; `hoje`, `dias_7` e `dias_30` somam seus dias.
    """
    return done(metricsService.dashboard(caller()))
