"""Whose lead it is."""

from flask import Response

from controllers.schemas.leads.leadSchema import LeadOutput, etag_of
from controllers.schemas.ownershipSchema import LeadAssign
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done
from controllers.web.requests.input import if_match
from services import ownershipService
from services.errors import Code

ownership = ApiBlueprint("ownership", "Responsáveis", "De quem é cada lead.")


@ownership.operation(
    "POST",
    "/leads/<id:lead_id>/assign",
    summary="Passar lead a alguém",
    body=LeadAssign,
    output=LeadOutput,
    message="Lead atribuído com sucesso",
    errors=(Code.SEM_VENDEDOR_DISPONIVEL,),
    etag=True,
    versioned=True,
    recalls=True,
)
def assign_lead(lead_id: int, body: LeadAssign) -> Response:
    """`auto` escolhe, entre os vendedores ativos, presentes e abaixo da `capacidade`, quem tem
    menos leads abertos; sem vendedor ativo na equipe, entre os gestores. Passar a quem já é o
    responsável não muda nada."""
    found = ownershipService.assign_lead(
        caller(), lead_id, body.responsavel_id, versions=if_match()
    )
    return done(LeadOutput.of(found.row), etag_of(found))
