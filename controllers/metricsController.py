"""The figures: the dashboard and the views beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from controllers.schemas.metrics.metricsFields import MetricsQuery
from controllers.schemas.metrics.metricsSchema import MetricsOutput
from controllers.schemas.metrics.metricsViewsSchema import (
    CohortsOutput,
    ForecastOutput,
    FunnelViewOutput,
    SellersOutput,
    SeriesOutput,
    SourcesOutput,
    TimeInStageOutput,
)
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import is_known, private
from services import metricsService
from services.errors import Code
from services.metricsService import Told
from services.principal import Principal

metrics = ApiBlueprint("metrics", "Métricas", "Os números do painel.")
_Service = Callable[[Principal, Mapping[str, Any], Callable[[str], bool]], Told]
_REFUSED: Any = {"errors": (Code.PROIBIDO, Code.FILTRO_NECESSARIO), "etag": True}


def _reply(service: _Service, query: MetricsQuery) -> Response:
    found = service(caller(), query.model_dump(exclude_none=True), is_known)
    return private(found.etag, found.data)


@metrics.operation(
    "GET",
    "/metrics",
    summary="Números do painel",
    query=MetricsQuery,
    output=MetricsOutput,
    **_REFUSED,
)
def get_metrics(query: MetricsQuery) -> Response:
    """Um vendedor vê os números dos leads de que é responsável; um gestor, os da equipe.

    Quantidades e valores são os de agora; `de` e `ate` (até 731 dias; sem eles, os últimos 30)
    limitam o que aconteceu: `periodo`, `serie`, `ranking` e, por meses inteiros, as durações.
    `conversao` é ganhos ÷ (ganhos + perdidos), nula enquanto nada fechou. `valor_aberto` soma os
    leads abertos; `valor_ponderado`, valor × probabilidade dos que têm uma. Com `If-None-Match`,
    responde 304 enquanto nada muda.
    """
    return _reply(metricsService.dashboard, query)


@metrics.operation(
    "GET",
    "/metrics/funnel",
    summary="Funil dos leads criados em um período",
    query=MetricsQuery,
    output=FunnelViewOutput,
    **_REFUSED,
)
def get_funnel(query: MetricsQuery) -> Response:
    """`de` e `ate` dizem quando os leads foram criados. Os perdidos continuam nas etapas por que
    passaram; `perdidos` conta os que se perderam ao sair da etapa; `conversao` é ganhos ÷
    entraram."""
    return _reply(metricsService.funnel, query)


@metrics.operation(
    "GET",
    "/metrics/cohorts",
    summary="Safras: quando se ganharam os leads de cada mês",
    query=MetricsQuery,
    output=CohortsOutput,
    **_REFUSED,
)
def get_cohorts(query: MetricsQuery) -> Response:
    """Meses inteiros, os que o período toca; sem ele, os últimos doze. Em `por_mes`, `n` conta os
    meses desde o da criação, e `ganhos` os leads que se ganharam então."""
    return _reply(metricsService.cohorts, query)


@metrics.operation(
    "GET",
    "/metrics/forecast",
    summary="O que se espera ganhar, por mês",
    query=MetricsQuery,
    output=ForecastOutput,
    **_REFUSED,
)
def get_forecast(query: MetricsQuery) -> Response:
    """Dos leads abertos, por `previsto_para`; `esperado` é a soma de valor × probabilidade,
    `desvio` a raiz da soma de valor² × p × (1 − p). São nulos onde nenhum lead tem probabilidade.
    É de agora: um período não muda nada."""
    return _reply(metricsService.forecast, query)


@metrics.operation(
    "GET",
    "/metrics/sellers",
    summary="Números de cada vendedor",
    query=MetricsQuery,
    output=SellersOutput,
    **_REFUSED,
)
def get_sellers(query: MetricsQuery) -> Response:
    """Também de quem não tem leads, e de quem saiu se algo seu aconteceu no período ou está aberto.
    O que aconteceu é do período, o que está aberto é de agora."""
    return _reply(metricsService.sellers, query)


@metrics.operation(
    "GET",
    "/metrics/sources",
    summary="Números de cada origem",
    query=MetricsQuery,
    output=SourcesOutput,
    **_REFUSED,
)
def get_sources(query: MetricsQuery) -> Response:
    """As 50 que mais trouxeram leads no período; as demais somadas em `outros`."""
    return _reply(metricsService.sources, query)


@metrics.operation(
    "GET",
    "/metrics/series",
    summary="Números dia a dia",
    query=MetricsQuery,
    output=SeriesOutput,
    **_REFUSED,
)
def get_series(query: MetricsQuery) -> Response:
    """De `de` a `ate`, até 731 dias; sem eles, os últimos 30."""
    return _reply(metricsService.series, query)


@metrics.operation(
    "GET",
    "/metrics/time-in-stage",
    summary="Quanto os leads ficam em cada etapa",
    query=MetricsQuery,
    output=TimeInStageOutput,
    **_REFUSED,
)
def get_time_in_stage(query: MetricsQuery) -> Response:
    """De quem saiu da etapa nos meses que o período toca. Mediana e p90 são o meio de um balde de
    no máximo 10 % de largura, em segundos."""
    return _reply(metricsService.time_in_stage, query)
