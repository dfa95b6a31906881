"""Jobs on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64, CreatedAt
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Wire, doc
from models.job import ENDED, Job, JobState
from services.errors import Code
from services.leads.fields import DEFAULT_PAGE


class JobQuery(Wire):
    estado: Annotated[
        list[JobState],
        doc("Estados; repetido, qualquer deles.", ["em_andamento"], max_length=len(JobState)),
    ] = []
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class Progress(BaseModel):
    """Até onde o trabalho chegou."""

    feitos: Annotated[int, doc("Quantos já foram feitos.", 10_000)]
    total: Annotated[int | None, doc("Quantos eram no começo; nulo se não se sabe.", 45_000)]


class JobError(BaseModel):
    """Por que o trabalho falhou."""

    codigo: Annotated[Code, doc("O erro, para programas.", Code.PROIBIDO)]
    mensagem: Annotated[
        str, doc("O erro, para pessoas.", "Quem pediu o trabalho não pode mais fazê-lo.")
    ]


class JobOutput(BaseModel):
    """Um trabalho."""

    id: Annotated[int, doc("Número do trabalho.", 17, **INT64)]
    tipo: Annotated[str, doc("O que faz.", "repontuar")]
    estado: Annotated[JobState, doc("Em que pé está.", JobState.CONCLUIDA)]
    progresso: Annotated[
        Progress | None, doc("Nulo até o primeiro passo.", {"feitos": 45_000, "total": 45_000})
    ]
    resultado: Annotated[
        dict[str, Any] | None,
        doc("O que foi feito, conforme o tipo; nulo até o fim.", {"repontuados": 45_000}),
    ]
    erro: Annotated[
        JobError | None, Field(description="Só de um trabalho que falhou.", examples=[None])
    ]
    usuario_id: Annotated[int, doc("Quem pediu; nulo, quem opera o servidor.", 12, **INT64)] | None
    chave_id: (
        Annotated[int, doc("A chave de API que pediu; nulo, a própria pessoa.", 5, **INT64)] | None
    )
    criado_em: CreatedAt
    iniciada_em: Annotated[datetime | None, doc("Quando começou.", "2026-08-01T14:30:01Z")]
    cancelamento_em: Annotated[datetime | None, doc("Quando se pediu o cancelamento.", None)]
    concluida_em: Annotated[datetime | None, doc("Quando terminou.", "2026-08-01T14:30:09Z")]

    @staticmethod
    def of(job: Job) -> dict[str, Any]:
        """What its steps have come to until now is told when no more of them come."""
        shown = {name: getattr(job, name) for name in JobOutput.model_fields}
        return shown if job.estado in ENDED else shown | {"resultado": None}


class JobPage(BaseModel):
    """Uma página da lista."""

    itens: Annotated[list[JobOutput], Field(description="Os trabalhos, o mais novo primeiro.")]
    proximo: NextCursor
