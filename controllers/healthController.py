"""Whether the process lives, and whether it can serve."""

from flask import Response

from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done
from services import healthService
from services.errors import Code

health = ApiBlueprint("health", "Operação", "Se o processo vive e se pode atender.")


@health.operation("GET", "/healthz", summary="O processo está vivo")
def check_health() -> Response:
    """Não toca o banco."""
    return done()


@health.operation(
    "GET", "/readyz", summary="O serviço está pronto", errors=(Code.BANCO_INDISPONIVEL,)
)
def check_readiness() -> Response:
    """O banco responde e está na migração que este código espera."""
    healthService.require_ready()
    return done()
