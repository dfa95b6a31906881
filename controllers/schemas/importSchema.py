"""Imports on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from controllers.schemas.fields import INT64, CreatedAt, Flag
from controllers.schemas.jobSchema import JobError, Progress
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.undoSchema import UndoneLeads
from controllers.schemas.wire import Wire, doc
from models.import_line import LineResult
from models.import_run import RunState
from services.errors import Code
from services.importRunService import LineError as ErrorOfLine
from services.importRunService import Seen
from services.importService import Action
from services.leads.fields import DEFAULT_PAGE
from services.paging import Page

_CSV = "nome;telefone;valor\nLead Exemplo;(11) 98765-4321;250.000,00\n"
_MAPPING = '{"colunas": {"celular": "telefone"}}'
_ABOUT_MAPPING = (
    "JSON de três partes opcionais: `colunas` (cabeçalho → campo), `valores` (campo → texto → "
    "valor) e `padroes` (campo → valor de uma célula vazia)."
)


class ImportQuery(Wire):
    # What fits into a URL in any script; a longer mapping goes in a part of a multipart body.
    mapeamento: Annotated[str, doc(_ABOUT_MAPPING, _MAPPING, max_length=5_000)] | None = None
    duplicados: Annotated[
        Action,
        doc("O que fazer com a linha de um lead que já existe.", "pular"),
    ] = "pular"
    reabrir: Annotated[
        Flag, doc("1 deixa duplicados=atualizar abrir de novo um lead fechado.", "1")
    ] = "0"
    dry_run: Annotated[Flag, doc("1 só confere: nada é gravado.", "1")] = "0"
    planilha: (
        Annotated[str, doc("A planilha de um .xlsx; sem ela, a primeira.", None, max_length=100)]
        | None
    ) = None


class CsvFile(RootModel[bytes]):
    """Um CSV com os nomes das colunas na primeira linha."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CSV]})


class Workbook(RootModel[bytes]):
    """Uma planilha .xlsx, com os nomes das colunas na primeira linha."""

    model_config = ConfigDict(json_schema_extra={"examples": ["(o arquivo .xlsx)"]})


class ImportForm(Wire):
    """O arquivo e seu mapeamento."""

    arquivo: Annotated[bytes, doc("O CSV ou a planilha .xlsx.", _CSV)]
    mapeamento: Annotated[str, doc(_ABOUT_MAPPING, _MAPPING)] = ""


class LineError(BaseModel):
    """Um erro de uma linha."""

    linha: Annotated[int, doc("A primeira linha do registro no arquivo.", 3)]
    campo: Annotated[str, doc("O campo, ou vazio se é a linha.", "telefone")]
    codigo: Annotated[Code, doc("O erro, para programas.", Code.TELEFONE_INVALIDO)]
    mensagem: Annotated[str, doc("O erro, para pessoas.", "Telefone inválido.")]
    # Left out where any value of the field's kind could be right.
    opcoes: Annotated[list[str | int], doc("Valores aceitos, no máximo 30.", ["novo"])] = []
    parecido: Annotated[str | int | None, doc("O mais parecido com o da linha.", "novo")] = None


class ColumnOutput(BaseModel):
    """Uma coluna do arquivo e seu campo."""

    coluna: Annotated[str, doc("O nome no cabeçalho.", "Celular")]
    campo: Annotated[
        str | None, doc("Campo, `atributos.x`, ou nulo se a coluna ficou de fora.", "telefone")
    ]


class ImportItem(BaseModel):
    """Uma importação. Cada linha é de uma das cinco contagens, que somam `linhas`."""

    id: Annotated[int, doc("Número da importação; nulo se só se conferiu.", 9, **INT64)] | None
    estado: Annotated[RunState, doc("Em que pé está.", RunState.CONCLUIDA)]
    linhas: Annotated[int, doc("Registros lidos; em andamento, os já feitos.", 3)]
    criados: Annotated[int, doc("Leads criados.", 1)]
    atualizados: Annotated[int, doc("Leads atualizados.", 0)]
    iguais: Annotated[int, doc("Linhas que dizem o que o lead já tem.", 0)]
    pulados: Annotated[int, doc("Linhas puladas por já existirem.", 1)]
    rejeitados: Annotated[int, doc("Linhas com erro.", 1)]
    codificacao: Annotated[str | None, doc("Como o texto está codificado; ou `xlsx`.", "utf-8")]
    delimitador: Annotated[str | None, doc("O que separa as células; nulo num .xlsx.", ";")]
    progresso: Annotated[Progress, doc("Linhas feitas.", {"feitos": 3, "total": 3})]
    linhas_por_segundo: Annotated[int | None, doc("De um trabalho; nulo antes que grave.", None)]
    restante_s: Annotated[int | None, doc("Segundos que ainda deve levar.", None)]
    trabalho_id: (
        Annotated[int, doc("O trabalho que faz; nulo se foi na hora.", None, **INT64)] | None
    )
    usuario_id: Annotated[int, doc("Quem pediu.", 12, **INT64)]
    erro: Annotated[
        JobError | None, Field(description="Só de uma que falhou inteira.", examples=[None])
    ]
    criado_em: CreatedAt
    concluida_em: Annotated[datetime | None, doc("Quando terminou.", "2026-08-01T14:30:09Z")]


class ImportOutput(ImportItem):
    """O que foi feito do arquivo."""

    erros: Annotated[list[LineError], Field(description="Das linhas rejeitadas, no máximo 100.")]
    linhas_puladas: Annotated[
        list[LineError], Field(description="Das linhas puladas, por quê; no máximo 100.")
    ]
    colunas: Annotated[
        list[ColumnOutput], Field(description="O que cada coluna do arquivo se tornou.")
    ]
    desfeito: Annotated[
        UndoneLeads | None,
        Field(description="O que foi dos leads, se se desfez.", examples=[None]),
    ]

    @staticmethod
    def of(run: Seen, *, checked: bool = False) -> dict[str, Any]:
        """`checked`: nothing of it is kept, so that it has no number."""
        undone = run.desfeito and UndoneLeads.of(run.desfeito)
        shown = _shown(ImportOutput, run) | {"desfeito": undone}
        return shown | ({"id": None} if checked else {})


class ImportPage(BaseModel):
    """Uma página da lista."""

    itens: Annotated[list[ImportItem], Field(description="As importações, a mais nova primeiro.")]
    proximo: NextCursor

    @staticmethod
    def of(page: Page[Seen]) -> dict[str, Any]:
        itens = [_shown(ImportItem, run) for run in page.itens]
        return {"itens": itens, "proximo": page.proximo}


class ImportsQuery(Wire):
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class ErrorQuery(Wire):
    resultado: (
        Annotated[
            Literal[LineResult.PULADA, LineResult.REJEITADA],
            doc("Só estas linhas; sem ele, puladas e rejeitadas.", "rejeitada"),
        ]
        | None
    ) = None
    formato: Annotated[Literal["json", "csv"], doc("Sem ele, conforme Accept.", "csv")] | None = (
        None
    )
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class LineOutput(LineError):
    """Um erro de uma linha que não foi importada."""

    resultado: Annotated[LineResult, doc("No que a linha deu.", LineResult.REJEITADA)]
    lead_id: (
        Annotated[int, doc("O lead de que a linha trata, se é um só.", None, **INT64)] | None
    ) = None


class ErrorPage(BaseModel):
    """Uma página de erros, na ordem do arquivo."""

    itens: Annotated[list[LineOutput], Field(description="Um por erro de cada linha.")]
    proximo: NextCursor

    @staticmethod
    def of(page: Page[ErrorOfLine]) -> dict[str, Any]:
        return {"itens": [_told(error) for error in page.itens], "proximo": page.proximo}


def _shown(model: type[BaseModel], run: Seen) -> dict[str, Any]:
    progress = {"feitos": run.linhas, "total": run.total}
    names = [name for name in model.model_fields if name != "progresso"]
    return {name: getattr(run, name) for name in names} | {"progresso": progress}


def _told(error: ErrorOfLine) -> dict[str, Any]:
    told = error._asdict()
    kept = {name: told[name] for name in ("linha", "resultado", "campo", "codigo", "mensagem")}
    lead = {} if error.lead_id is None else {"lead_id": error.lead_id}
    return kept | (error.detalhe or {}) | lead
