"""What other systems write: a lead by the key that they know it by, and many leads at once."""

from flask import Response

from controllers.schemas.leads.bulkSchema import BulkInput, BulkOutput
from controllers.schemas.leads.integrationSchema import LeadUpsert, UpsertQuery
from controllers.schemas.leads.leadExamples import LINKS
from controllers.schemas.leads.leadSchema import LeadOutput, etag_of
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint, show_lead
from controllers.web.replies.output import done, queued
from controllers.web.requests.input import if_match
from services import bulkService, leadService
from services.bulkService import Outcome
from services.errors import Code

integrations = ApiBlueprint(
    "integrations",
    "Integrações",
    "Gravar um lead pela chave que outro sistema conhece, e muitos leads de uma vez.",
)


@integrations.operation(
    "PUT",
    "/leads",
    summary="Criar ou atualizar lead pela chave",
    query=UpsertQuery,
    body=LeadUpsert,
    output=LeadOutput,
    status=201,
    message="Lead criado com sucesso",
    also={200: "Lead atualizado com sucesso"},
    errors=(Code.PROIBIDO, Code.LEAD_DUPLICADO, Code.IDENTIDADE_DIVERGENTE, Code.LEAD_FECHADO),
    idempotent=True,
    etag=True,
    versioned=True,
    recalls=True,
    links=LINKS,
)
def upsert_lead(query: UpsertQuery, body: LeadUpsert) -> Response:
    """O lead recebe o que o corpo diz, como uma linha de importação com `duplicados=atualizar`:
    nada se esvazia, etiquetas, contatos e atributos se somam. Outro documento ou id_externo que o
    do lead é de outra pessoa. Se a chave não for de nenhum, outro dado do corpo serve."""
    found, created = leadService.upsert_lead(
        caller(), query.chave, body.said(), versions=if_match(), reopen=query.reabrir == "1"
    )
    lead = LeadOutput.of(found.row)
    show_lead(lead["id"])
    headers = etag_of(found) | {"Location": f"/leads/{lead['id']}"}
    return done(lead, headers, status=None if created else 200)


@integrations.operation(
    "POST",
    "/leads/bulk",
    summary="Mudar muitos leads de uma vez",
    body=BulkInput,
    output=BulkOutput,
    message="Lote concluído",
    also={202: "Trabalho na fila"},
    errors=(Code.FILA_CHEIA,),
    idempotent=True,
    recalls=True,
)
def change_leads(body: BulkInput) -> Response:
    """Cada lead muda pelas regras do PATCH, do move e do restore, com sua versão e seu evento; os
    que não podem mudar vão em `falhas` e não impedem os outros. `dry_run` só confere. Filtros com
    mais de 1.000 leads viram um trabalho (202), cujo `resultado` conta também os que `falharam`."""
    action, filters = body.action(), body.filters()
    if filters is None:
        outcome = bulkService.apply_to_ids(caller(), action, body.ids or (), dry_run=body.dry_run)
        return _told(outcome, body)
    asked = bulkService.apply_to_matching(caller(), action, filters, dry_run=body.dry_run)
    return _told(asked, body) if isinstance(asked, Outcome) else queued(asked)


def _told(outcome: Outcome, body: BulkInput) -> Response:
    return done(BulkOutput.of(outcome), message="Lote conferido" if body.dry_run else None)
