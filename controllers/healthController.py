"""Whether the process lives, and whether it can serve."""

from flask import Response

from controllers.web.operation import ApiBlueprint
from services import healthService
from utils.response import success

health = ApiBlueprint("health", "Operação")


@health.operation("GET", "/healthz", summary="O processo está vivo")
def alive() -> Response:
    """Não toca o banco."""
    return success(None)


@health.operation("GET", "/readyz", summary="O serviço está pronto", errors=(503,))
def ready() -> Response:
    """O banco responde e está na migração que este código espera."""
    healthService.require_ready()
    return success(None)
