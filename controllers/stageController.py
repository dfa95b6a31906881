"""The stages of the funnel."""

from zlib import crc32

from flask import Response

from controllers.schemas.stageSchema import FunnelInput, FunnelOutput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done, unless_known
from controllers.web.requests.input import if_match
from services import stageService
from services.errors import Code
from services.stageService import UNCHANGED, Asked, Funnel
from utils.wire.etags import version_etag

stages = ApiBlueprint("stages", "Etapas", "O funil da equipe.")
# Milliseconds; all leads of a stage may have to move.
_STATEMENT_TIMEOUT = 60_000


@stages.operation("GET", "/stages", summary="Ver as etapas", output=FunnelOutput, etag=True)
def get_stages() -> Response:
    """As etapas na sua ordem, com quantos leads quem chama vê em cada uma."""
    funnel = stageService.get_funnel(caller())
    return unless_known(FunnelOutput.of(funnel), _etag(funnel))


@stages.operation(
    "PUT",
    "/stages",
    summary="Mudar as etapas",
    body=FunnelInput,
    output=FunnelOutput,
    message="Etapas atualizadas com sucesso",
    errors=(Code.ETAPA_EM_USO,),
    etag=True,
    versioned=True,
    statement_timeout=_STATEMENT_TIMEOUT,
)
def replace_stages(body: FunnelInput) -> Response:
    """O funil passa a ser este. Uma etapa com leads só sai, ou muda de tipo, se `mover` os leva a
    outra do mesmo tipo; os leads excluídos ficam onde estão."""
    said = "motivos_perda" in body.model_fields_set
    funnel = stageService.replace_funnel(
        caller(),
        [Asked(**stage.model_dump()) for stage in body.itens],
        body.mover,
        body.motivos_perda if said else UNCHANGED,
        versions=if_match(),
    )
    return done(FunnelOutput.of(funnel), _etag(funnel))


def _etag(funnel: Funnel) -> dict[str, str]:
    """If-Match compares the version alone, which the number of leads does not change."""
    counts = [(stage.chave, stage.quantidade) for stage in (*funnel.itens, *funnel.arquivadas)]
    return {"ETag": version_etag(funnel.versao, f"{crc32(repr(counts).encode()):08x}")}
