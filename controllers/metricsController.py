"""The figures: the dashboard and the views beside it."""

from collections.abc import Callable, Mapping
from typing import Any

from flask import Response

from controllers.schemas.metricsFields import MetricsQuery, Whose
from controllers.schemas.metricsSchema import MetricsOutput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.output import done, is_known, unchanged
from services import metricsService
from services.errors import Code
from services.metricsService import Told
from services.principal import Principal

metrics = ApiBlueprint("metrics", "Métricas", "Os números do painel.")
_Service = Callable[[Principal, Mapping[str, Any], Callable[[str], bool]], Told]
_REFUSED: Any = {"errors": (Code.PROIBIDO, Code.FILTRO_NECESSARIO), "etag": True}


def _reply(service: _Service, query: Whose) -> Response:
    """Only the caller's own client may keep it, and has to ask whether it is still so."""
    found = service(caller(), query.model_dump(exclude_none=True), is_known)
    headers = {"ETag": found.etag, "Cache-Control": "private, no-cache"}
    return unchanged(headers) if found.data is None else done(found.data, headers)


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
