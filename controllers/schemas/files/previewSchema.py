"""Files that are looked at before they are imported, on the wire."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from controllers.schemas.fields import INT64
from controllers.schemas.files.importSchema import (
    ARQUIVO,
    PLANILHA,
    DuplicatesQuery,
    SheetRead,
    SheetsLeft,
)
from controllers.schemas.wire import Wire, doc
from services.previewService import Previewed

_VALUES = {"etapa": {"Won": "ganho"}}


class PreviewQuery(DuplicatesQuery):
    planilha: PLANILHA | None = None


class PreviewForm(Wire):
    """O arquivo."""

    arquivo: ARQUIVO


class ContradictionOutput(BaseModel):
    """Uma célula que não é do campo proposto."""

    linha: Annotated[int, doc("A linha no arquivo.", 7)]
    valor: Annotated[str, doc("A célula, encoberta.", "l*** d***")]
    mensagem: Annotated[str, doc("O que há de errado.", "Telefone inválido: faltam algarismos.")]


class ProposalOutput(BaseModel):
    """O que uma coluna deve ser."""

    coluna: Annotated[str, doc("O nome no cabeçalho.", "Celular")]
    campo: Annotated[
        str | None,
        doc(
            "Campo, `sobrenome`, `contatos`, `atributos.x`, ou nulo se a coluna fica de fora.",
            "telefone",
        ),
    ]
    confianca: Annotated[float, doc("De 0 a 1: o nome, e quantos valores conferem.", 0.9)]
    motivo: Annotated[str, doc("Por que se propõe.", "Nome usual deste campo.")]
    amostra: Annotated[
        list[str], doc("Até três valores, encobertos se são de uma pessoa.", ["(**) *****-4321"])
    ]
    contradicoes: Annotated[
        list[ContradictionOutput], Field(description="Células que não conferem, no máximo 10.")
    ]


class MappingOutput(BaseModel):
    """Um mapeamento, pronto para ser corrigido e enviado de volta."""

    colunas: Annotated[dict[str, str | None], doc("Cabeçalho → campo.", {"Celular": "telefone"})]
    valores: Annotated[dict[str, dict[str, str]], doc("Campo → texto → valor.", _VALUES)]
    padroes: Annotated[
        dict[str, str], doc("Campo → valor de uma célula vazia.", {"motivo_perda": "Não informado"})
    ]


class PreviewOutput(BaseModel):
    """O que um arquivo é, e no que daria. As cinco contagens somam `contadas`."""

    previa: Annotated[int, doc("Número da prévia, para `POST /leads/import`.", 7, **INT64)]
    expira_em: Annotated[datetime, doc("Até quando o arquivo fica.", "2026-08-02T14:30:00Z")]
    codificacao: Annotated[str, doc("Como o texto está codificado; ou `xlsx`.", "windows-1252")]
    delimitador: Annotated[str | None, doc("O que separa as células; nulo num .xlsx.", ";")]
    planilha: SheetRead
    outras_planilhas: SheetsLeft
    linhas: Annotated[int, doc("Registros do arquivo.", 3)]
    colunas: Annotated[list[ProposalOutput], Field(description="O que cada coluna deve ser.")]
    mapeamento: Annotated[MappingOutput, Field(description="O que se propõe, inteiro.")]
    contadas: Annotated[int, doc("Sobre quantas linhas se contou: as primeiras 10.000.", 3)]
    criariam: Annotated[int, doc("Leads que seriam criados.", 1)]
    atualizariam: Annotated[int, doc("Leads que seriam atualizados.", 0)]
    iguais: Annotated[int, doc("Linhas que dizem o que o lead já tem.", 0)]
    pulariam: Annotated[int, doc("Linhas que seriam puladas por já existirem.", 1)]
    rejeitariam: Annotated[int, doc("Linhas com erro.", 1)]

    @staticmethod
    def of(found: Previewed) -> dict[str, Any]:
        shown = asdict(found)
        counted: dict[str, Any] = shown.pop("contagem")
        written: dict[str, Any] = shown.pop("arquivo")
        return shown | written | counted
