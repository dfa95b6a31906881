"""The model that probabilities come from."""

from flask import Response

from controllers.schemas.jobSchema import JobOutput
from controllers.schemas.scores.modelSchema import ModelOutput, TrainInput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done, queued
from services import modelService
from services.errors import Code

model = ApiBlueprint("model", "Modelo", "A probabilidade de ganho, aprendida dos leads fechados.")


@model.operation("GET", "/scores/model", summary="Ver o modelo", output=ModelOutput)
def get_model() -> Response:
    """O modelo em uso, ou o que o último treino deu. As medidas são de leads que o modelo não
    tinha visto; onde os dados são poucos, são nulas, e `motivo` diz por quê."""
    return done(modelService.card(caller()))


@model.operation(
    "POST",
    "/scores/model/train",
    summary="Treinar o modelo",
    body=TrainInput,
    output=JobOutput,
    status=202,
    message="Treino na fila",
    errors=(Code.FILA_CHEIA,),
    idempotent=True,
)
def train_model(body: TrainInput) -> Response:
    """Um trabalho aprende dos leads fechados da equipe e depois pontua todos de novo. O modelo só é
    adotado se não erra mais que o que está em uso nos 300 leads fechados mais recentes."""
    return queued(
        modelService.train(caller(), janela=body.janela, guarda_calendario=body.guarda_calendario)
    )
