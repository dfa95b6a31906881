"""Jobs: what is done beside the requests, and how far it is."""

from flask import Response

from controllers.schemas.jobSchema import JobOutput, JobPage, JobQuery
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint
from controllers.web.replies.output import done
from controllers.web.toolbox import toolbox
from services import jobService
from services.errors import Code

jobs = ApiBlueprint("jobs", "Trabalhos", "O que leva tempo e é feito ao lado das requisições.")
JOB_ID = "/jobs/<id:trabalho_id>"


@jobs.operation(
    "GET",
    "/jobs",
    summary="Listar trabalhos",
    query=JobQuery,
    output=JobPage,
    errors=(Code.CURSOR_INVALIDO,),
)
def list_jobs(query: JobQuery) -> Response:
    """O mais novo primeiro. Um trabalho que terminou fica por 90 dias."""
    page = jobService.list_jobs(
        caller(),
        estados=query.estado,
        limite=query.limite,
        cursor=query.cursor,
        cursor_key=toolbox().tokens.cursor_key,
    )
    return done({"itens": [JobOutput.of(job) for job in page.itens], "proximo": page.proximo})


@jobs.operation("GET", JOB_ID, summary="Ver trabalho", output=JobOutput)
def get_job(trabalho_id: int) -> Response:
    """Um trabalho em andamento segue mesmo se o servidor reinicia. Da equipe corre um por vez."""
    return done(JobOutput.of(jobService.get_job(caller(), trabalho_id)))


@jobs.operation(
    "POST",
    f"{JOB_ID}/cancel",
    summary="Cancelar trabalho",
    output=JobOutput,
    message="Cancelamento pedido com sucesso",
    errors=(Code.TRABALHO_TERMINADO,),
)
def cancel_job(trabalho_id: int) -> Response:
    """Na fila, é cancelado na hora; em andamento, antes do próximo passo. O que já foi feito fica
    feito, e `resultado` diz o quê. Repetir não muda nada."""
    return done(JobOutput.of(jobService.cancel_job(caller(), trabalho_id)))
