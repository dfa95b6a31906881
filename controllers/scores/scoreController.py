"""The rules that scores follow from: what is in force, drafts, and how they come into force."""

from flask import Response

from controllers.schemas.jobSchema import JobOutput
from controllers.schemas.scores.rulesReplies import DraftOutput, RulesOutput
from controllers.schemas.scores.rulesSchema import (
    DefinitionInput,
    DraftInput,
    RollbackInput,
    RulesQuery,
)
from controllers.schemas.scores.simulationSchema import SimulationOutput
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done, queued
from models.job import Job
from services import ruleService, simulationService
from services.errors import Code

scores = ApiBlueprint("scores", "Score", "As regras por que os leads são pontuados.")
_DRAFTS = "/scores/rules/drafts"
DRAFT = f"{_DRAFTS}/<id:n>"


@scores.operation(
    "GET",
    "/scores/rules",
    summary="Ver as regras",
    query=RulesQuery,
    output=RulesOutput,
    errors=(Code.NAO_ENCONTRADO,),
)
def get_rules(query: RulesQuery) -> Response:
    """As que valem, ou as de outra `versao` publicada, com o histórico. Os rascunhos só um gestor
    vê."""
    return done(RulesOutput.of(ruleService.get_rules(caller(), query.versao)))


@scores.operation(
    "POST",
    _DRAFTS,
    summary="Começar um rascunho de regras",
    body=DraftInput,
    output=DraftOutput,
    status=201,
    message="Rascunho criado com sucesso",
    errors=(Code.RASCUNHOS_DEMAIS,),
    idempotent=True,
)
def create_draft(body: DraftInput) -> Response:
    """Parte das regras que valem, ou do que diz `a_partir_de`; o que o corpo traz vem no lugar.
    Nenhum lead muda até a publicação."""
    draft = ruleService.create_draft(caller(), body.a_partir_de, body.changes())
    return done(DraftOutput.of(draft), {"Location": f"{_DRAFTS}/{draft.n}"})


@scores.operation(
    "GET",
    DRAFT,
    summary="Ver um rascunho",
    output=DraftOutput,
    errors=(Code.REGRAS_JA_PUBLICADAS,),
)
def get_draft(n: int) -> Response:
    """Com o que há de estranho nele, em `avisos`."""
    return done(DraftOutput.of(ruleService.get_draft(caller(), n)))


@scores.operation(
    "PUT",
    DRAFT,
    summary="Mudar um rascunho",
    body=DefinitionInput,
    output=DraftOutput,
    message="Rascunho atualizado com sucesso",
    errors=(Code.REGRAS_JA_PUBLICADAS,),
)
def replace_draft(n: int, body: DefinitionInput) -> Response:
    """O rascunho passa a ser este, inteiro."""
    return done(DraftOutput.of(ruleService.replace_draft(caller(), n, body.rules())))


@scores.operation(
    "DELETE",
    DRAFT,
    summary="Excluir um rascunho",
    message="Rascunho excluído com sucesso",
    errors=(Code.REGRAS_JA_PUBLICADAS,),
)
def delete_draft(n: int) -> Response:
    """Uma versão publicada não se exclui: há scores que falam dela."""
    ruleService.delete_draft(caller(), n)
    return done()


@scores.operation(
    "POST",
    f"{DRAFT}/simulate",
    summary="Simular um rascunho",
    output=SimulationOutput,
    also={202: "Trabalho na fila"},
    errors=(Code.REGRAS_JA_PUBLICADAS, Code.FILA_CHEIA),
    idempotent=True,
)
def simulate_draft(n: int) -> Response:
    """O que a publicação faria de cada lead, se fosse agora; nada muda. Com mais de 50.000 leads,
    ou com regras que levam tempo, é um trabalho (202), e o mesmo vem em seu `resultado`."""
    found = simulationService.simulate_draft(caller(), n)
    return queued(found) if isinstance(found, Job) else done(found)


@scores.operation(
    "POST",
    f"{DRAFT}/publish",
    summary="Publicar um rascunho",
    output=JobOutput,
    status=202,
    message="Regras publicadas: os leads são pontuados de novo",
    errors=(Code.REGRAS_JA_PUBLICADAS, Code.FILA_CHEIA, Code.GRAVACAO_EM_ANDAMENTO),
    idempotent=True,
)
def publish_draft(n: int) -> Response:
    """Valem desde já para todo lead que se grava; os outros o trabalho pontua, aos poucos, e põe no
    seu lugar na fila. Outra publicação encerra o trabalho desta. Uma gravação longa, como uma
    importação, é esperada por alguns segundos."""
    return queued(ruleService.publish(caller(), n))


@scores.operation(
    "POST",
    "/scores/rules/rollback",
    summary="Voltar a uma versão das regras",
    body=RollbackInput,
    output=JobOutput,
    status=202,
    message="Regras publicadas: os leads são pontuados de novo",
    errors=(Code.NAO_ENCONTRADO, Code.REGRAS_EM_USO, Code.FILA_CHEIA, Code.GRAVACAO_EM_ANDAMENTO),
    idempotent=True,
)
def roll_back(body: RollbackInput) -> Response:
    """Publica uma cópia dela, como versão nova."""
    return queued(ruleService.roll_back(caller(), body.versao))
