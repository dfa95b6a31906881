"""What people say of a score: that it be reviewed, what came of that, and another score for a
while."""

from flask import Response

from controllers.schemas.scores.reviewSchema import (
    DecisionInput,
    OverrideInput,
    OverrideOutput,
    ReviewInput,
    ReviewOutput,
    ReviewPage,
    ReviewQuery,
)
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint, show_lead
from controllers.web.replies.output import done
from controllers.web.toolbox import toolbox
from services import reviewService
from services.errors import Code

reviews = ApiBlueprint(
    "reviews", "Revisões", "Quem contesta um score, e o que uma pessoa decide (LGPD, art. 20)."
)
_SCORE = "/leads/<id:lead_id>/score"
OVERRIDE = f"{_SCORE}/override"


@reviews.operation(
    "POST",
    f"{_SCORE}/review",
    summary="Pedir revisão do score",
    body=ReviewInput,
    output=ReviewOutput,
    status=201,
    message="Revisão pedida com sucesso",
    errors=(Code.REVISAO_ABERTA,),
    idempotent=True,
    recalls=True,
)
def ask_review(lead_id: int, body: ReviewInput) -> Response:
    """Pede a uma pessoa que olhe o score. Guarda o score de agora com o que o explica; de um lead,
    uma revisão por vez."""
    review = reviewService.ask_review(caller(), lead_id, body.motivo)
    show_lead(lead_id)
    return done(ReviewOutput.of(review))


@reviews.operation(
    "GET",
    "/scores/reviews",
    summary="Listar revisões de scores",
    query=ReviewQuery,
    output=ReviewPage,
    errors=(Code.CURSOR_INVALIDO,),
)
def list_reviews(query: ReviewQuery) -> Response:
    """A mais nova primeiro. Um vendedor vê as dos leads de que cuida; um gestor, todas."""
    page = reviewService.list_reviews(
        caller(),
        estados=query.estado,
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done(ReviewPage.of(page))


@reviews.operation(
    "PATCH",
    "/scores/reviews/<id:revisao_id>",
    summary="Decidir revisão",
    body=DecisionInput,
    output=ReviewOutput,
    message="Revisão decidida com sucesso",
    errors=(Code.REVISAO_DECIDIDA,),
    recalls=True,
)
def decide_review(revisao_id: int, body: DecisionInput) -> Response:
    """Uma pessoa decide, uma vez. Com `ajuste`, o lead recebe outro score por um tempo, e a
    resposta é o motivo."""
    correction = None if body.ajuste is None else body.ajuste.model_dump()
    review = reviewService.decide_review(
        caller(), revisao_id, body.estado, body.resposta, correction
    )
    return done(ReviewOutput.of(review))


@reviews.operation(
    "PUT",
    OVERRIDE,
    summary="Ajustar score",
    body=OverrideInput,
    output=OverrideOutput,
    message="Score ajustado com sucesso",
    recalls=True,
)
def put_override(lead_id: int, body: OverrideInput) -> Response:
    """Assinado por quem pede; substitui o que havia e acaba sozinho. Aparece ao lado do score
    calculado, que não muda, nem a ordem da fila. Repetir não muda nada."""
    found = reviewService.put_override(caller(), lead_id, body.model_dump())
    return done(OverrideOutput.of(found))


@reviews.operation(
    "DELETE",
    OVERRIDE,
    summary="Retirar o ajuste do score",
    message="Ajuste retirado com sucesso",
    recalls=True,
)
def remove_override(lead_id: int) -> Response:
    """Acaba na hora; sem ajuste em vigor, 404."""
    reviewService.remove_override(caller(), lead_id)
    return done()
