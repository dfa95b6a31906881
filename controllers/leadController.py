"""Leads: list, search, create, read, change, delete, restore, explain."""

from flask import Response

from controllers.schemas.leads.leadExamples import LINKS
from controllers.schemas.leads.leadQuerySchema import (
    NO_FILTERS,
    DuplicateQuery,
    LeadQuery,
    LeadSearch,
)
from controllers.schemas.leads.leadSchema import (
    LeadInput,
    LeadMove,
    LeadOutput,
    LeadPage,
    LeadPatch,
    etag_of,
)
from controllers.schemas.scores.scoreSchema import ScoreOutput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint, show_lead
from controllers.web.replies.output import done, unless_known
from controllers.web.requests.input import if_match
from controllers.web.toolbox import toolbox
from services import leadService, scoreService
from services.errors import Code

leads = ApiBlueprint(
    "leads", "Leads", "Listar, buscar, criar, mudar e excluir leads; explicar o score."
)
LEAD_ID = "/leads/<id:lead_id>"


@leads.operation(
    "GET",
    "/leads",
    summary="Listar leads",
    query=LeadQuery,
    output=LeadPage,
    errors=(Code.PROIBIDO, Code.CURSOR_INVALIDO, Code.FILTRO_NECESSARIO),
)
def list_leads(query: LeadQuery) -> Response:
    """Um vendedor vê os leads de que é responsável; um gestor, todos, e com `excluidos=1` os
    que foram excluídos e podem voltar. Uma combinação que demoraria demais é recusada com o filtro
    que lhe falta."""
    return _page(query, total=query.total == "1", deleted=query.excluidos == "1")


@leads.operation(
    "POST",
    "/leads/search",
    summary="Buscar por documento, e-mail ou telefone, inteiros ou em parte",
    body=LeadSearch,
    output=LeadPage,
    errors=(Code.CURSOR_INVALIDO, Code.FILTRO_NECESSARIO),
    transactional=False,
    recalls=True,
)
def search_leads(body: LeadSearch) -> Response:
    """Os mesmos filtros da lista, no corpo: dados pessoais não vão em URLs."""
    return _page(body, total=body.total)


@leads.operation(
    "POST",
    "/leads",
    summary="Criar lead",
    query=DuplicateQuery,
    body=LeadInput,
    output=LeadOutput,
    status=201,
    message="Lead criado com sucesso",
    errors=(Code.PROIBIDO, Code.LEAD_DUPLICADO, Code.ID_EXTERNO_DUPLICADO),
    idempotent=True,
    etag=True,
    links=LINKS,
    recalls=True,
)
def create_lead(query: DuplicateQuery, body: LeadInput) -> Response:
    """`permitir_duplicado=1` é do gestor. Um vendedor cria leads para si mesmo."""
    found = leadService.create_lead(
        caller(),
        {name: value for name, value in body.sent().items() if value is not None},
        allow_duplicate=query.permitir_duplicado == "1",
    )
    lead = LeadOutput.of(found.row)
    show_lead(lead["id"])
    headers = etag_of(found) | {"Location": f"/leads/{lead['id']}"}
    return done(lead, headers)


@leads.operation(
    "GET",
    LEAD_ID,
    summary="Ver lead",
    output=LeadOutput,
    etag=True,
)
def get_lead(lead_id: int) -> Response:
    """Com `If-None-Match`, responde 304 enquanto nada muda."""
    found = leadService.get_lead(caller(), lead_id)
    return unless_known(LeadOutput.of(found.row), etag_of(found))


@leads.operation(
    "PATCH",
    LEAD_ID,
    summary="Mudar lead",
    query=DuplicateQuery,
    body=LeadPatch,
    output=LeadOutput,
    message="Lead atualizado com sucesso",
    errors=(Code.PROIBIDO, Code.LEAD_DUPLICADO, Code.ID_EXTERNO_DUPLICADO, Code.SEM_RESERVA),
    etag=True,
    versioned=True,
    recalls=True,
)
def update_lead(lead_id: int, query: DuplicateQuery, body: LeadPatch) -> Response:
    """Só os campos enviados mudam; `null` esvazia um campo. `responsavel_id` é do gestor, e
    também deixar contatar de novo quem não queria. Quem tem a reserva do lead e o move passa a
    responsável."""
    found = leadService.update_lead(
        caller(),
        lead_id,
        body.changes(),
        versions=if_match(),
        allow_duplicate=query.permitir_duplicado == "1",
        motivo_contato=body.motivo_contato,
    )
    return done(LeadOutput.of(found.row), etag_of(found))


@leads.operation(
    "POST",
    f"{LEAD_ID}/move",
    summary="Mover lead",
    body=LeadMove,
    output=LeadOutput,
    message="Lead movido com sucesso",
    errors=(Code.SEM_RESERVA,),
    etag=True,
    versioned=True,
    recalls=True,
)
def move_lead(lead_id: int, body: LeadMove) -> Response:
    """Um lead perdido precisa de `motivo_perda`; um fechado pode abrir de novo. As datas não ficam
    no futuro nem antes da etapa de antes. Para a etapa em que está, corrige as datas."""
    values = body.model_dump(exclude_none=True)
    found = leadService.move_lead(
        caller(), lead_id, values, since=values.pop("etapa_desde", None), versions=if_match()
    )
    return done(LeadOutput.of(found.row), etag_of(found))


@leads.operation(
    "DELETE",
    LEAD_ID,
    summary="Excluir lead",
    message="Lead excluído com sucesso",
    versioned=True,
    recalls=True,
)
def delete_lead(lead_id: int) -> Response:
    """O lead sai das listas; seu histórico fica."""
    leadService.delete_lead(caller(), lead_id, versions=if_match())
    return done()


@leads.operation(
    "POST",
    f"{LEAD_ID}/restore",
    summary="Restaurar lead",
    query=DuplicateQuery,
    output=LeadOutput,
    message="Lead restaurado com sucesso",
    errors=(Code.LEAD_DUPLICADO, Code.ID_EXTERNO_DUPLICADO),
    etag=True,
    versioned=True,
    recalls=True,
)
def restore_lead(lead_id: int, query: DuplicateQuery) -> Response:
    """Um lead excluído volta às listas como era; `GET /leads?excluidos=1` mostra quais há. Se
    outro lead tomou um de seus dados, responde 409, a menos que se mande `permitir_duplicado=1`."""
    found = leadService.restore_lead(
        caller(),
        lead_id,
        versions=if_match(),
        allow_duplicate=query.permitir_duplicado == "1",
    )
    return done(LeadOutput.of(found.row), etag_of(found))


@leads.operation(
    "GET",
    f"{LEAD_ID}/score",
    summary="Explicar o score",
    output=ScoreOutput,
)
def explain_score(lead_id: int) -> Response:
    """As partes somam exatamente o score, pelas regras da versão que o calculou; as de `modelo`,
    com sua base, o logit da probabilidade. `ajuste` é o que um gestor diz em seu lugar por um
    tempo, e não muda nada disso."""
    return done(ScoreOutput.of(scoreService.explain(caller(), lead_id)))


def _page(asked: LeadQuery | LeadSearch, *, total: bool, deleted: bool = False) -> Response:
    narrowed = not asked.model_fields_set <= NO_FILTERS
    filters = asked.model_dump(exclude=set(NO_FILTERS), exclude_defaults=True) if narrowed else {}
    page = leadService.list_leads(
        caller(),
        filters=filters,
        ordenar=asked.ordenar,
        limite=asked.limite,
        cursor=asked.cursor,
        cursor_key=toolbox().tokens.cursor_key,
        total=total,
        deleted=deleted,
    )
    return done(LeadPage.of(page))
