"""Refusals on the wire."""

from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64
from controllers.schemas.wire import doc
from services.errors import Code

EXAMPLE_REQUEST_ID = "5f1c2a9be03d7c46"


class FieldErrorOutput(BaseModel):
    """Um erro de um campo."""

    campo: Annotated[str, doc("O caminho do campo.", "email")]
    codigo: Annotated[Code, doc("O erro, para programas.", Code.EMAIL_INVALIDO)]
    mensagem: Annotated[str, doc("O erro, para pessoas.", "E-mail inválido.")]
    # Left out where any value of the field's kind could be right.
    opcoes: Annotated[list[str | int], doc("Valores aceitos, no máximo 30.", ["novo"])] = []
    parecido: Annotated[str | int | None, doc("O mais parecido com o enviado.", "novo")] = None


class StageInUseOutput(BaseModel):
    """Uma etapa que ainda tem leads."""

    chave: Annotated[str, doc("A etapa.", "contatado")]
    quantidade: Annotated[int, doc("Quantos leads estão nela.", 12)]


class ErrorOutput(BaseModel):
    """O que deu errado."""

    codigo: Annotated[Code, doc("O erro, para programas.", Code.VALIDACAO)]
    erros: Annotated[list[FieldErrorOutput], Field(description="Os campos, se é por eles.")]
    request_id: Annotated[
        str | None, doc("O X-Request-ID da resposta, para quem investiga.", EXAMPLE_REQUEST_ID)
    ]
    # Left out where no stage is in use.
    etapas: Annotated[
        list[StageInUseOutput], Field(description="As etapas com leads, e quantos.")
    ] = []
    # Left out where no lead is named.
    ids: Annotated[list[int], doc("Os leads com que este conflita, se você os vê.", [4711])] = []
    # Left out where no review is in the way.
    revisao_id: Annotated[int, doc("A revisão que já está aberta.", 31, **INT64)] | None = None
