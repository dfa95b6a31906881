"""Imports on the wire."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, RootModel

from controllers.schemas.fields import DIGITS, INT64, MAX_ID, CreatedAt, Flag
from controllers.schemas.files.importErrorSchema import LineError
from controllers.schemas.files.undoSchema import UndoneLeads
from controllers.schemas.jobSchema import JobError, Progress
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Wire, doc, field_error
from models.imports.run import RunState
from services.errors import Code
from services.importRunService import Seen
from services.importService import Action, Duplicates, Owners, read_owners
from services.leads.fields import DEFAULT_PAGE
from services.paging import Page
from utils.text import is_clean

_CSV = "nome;telefone;valor\nLead Exemplo;(11) 98765-4321;250.000,00\n"
_MAPPING = '{"colunas": {"celular": "telefone"}}'
_ABOUT_MAPPING = (
    "JSON de três partes opcionais: `colunas` (cabeçalho → campo), `valores` (campo → texto → "
    "valor) e `padroes` (campo → valor de uma célula vazia)."
)


def _clean(said: str) -> str:
    """As it is: a sheet's name may begin or end with blanks."""
    if not is_clean(said):
        raise field_error(Code.TEXTO_INVALIDO, Code.TEXTO_INVALIDO.about)
    return said


PLANILHA = Annotated[
    str,
    doc("A aba de um .xlsx; sem ela, a primeira visível.", None, max_length=100),
    AfterValidator(_clean),
]
SheetRead = Annotated[str | None, doc("A aba do .xlsx que se lê; nulo num CSV.", "Fevereiro")]
SheetsLeft = Annotated[
    list[str], doc("As outras com células, que não se leem: no máximo 50.", ["Janeiro"])
]
ARQUIVO = Annotated[bytes, doc("O CSV ou a planilha .xlsx.", _CSV)]


def _named_people(said: str) -> str:
    try:
        read_owners(said)
    except ValueError as error:
        raise field_error(Code.VALOR_INVALIDO, str(error)) from error
    return said


class DuplicatesQuery(Wire):
    duplicados: Annotated[
        Action, doc("O que fazer com a linha de um lead que já existe.", "pular")
    ] = "pular"
    reabrir: Annotated[
        Flag, doc("1 deixa duplicados=atualizar abrir de novo um lead fechado.", "1")
    ] = "0"
    permitir_duplicado: Annotated[
        Flag,
        doc("1 aceita o documento ou o contato de outro lead; `id_externo` é um só.", "1"),
    ] = "0"

    @property
    def duplicates(self) -> Duplicates:
        return Duplicates(self.duplicados, self.reabrir == "1", self.permitir_duplicado == "1")


class ImportQuery(DuplicatesQuery):
    # What fits into a URL in any script; a longer mapping goes in a body.
    mapeamento: Annotated[str, doc(_ABOUT_MAPPING, _MAPPING, max_length=5_000)] | None = None
    responsaveis: (
        Annotated[
            str,
            doc(
                "De quem são os leads novos sem responsável: números de usuários, em partes "
                "iguais; ou auto, quem tem menos leads abertos.",
                "auto",
                max_length=2_000,
            ),
            AfterValidator(_named_people),
        ]
        | None
    ) = None
    dry_run: Annotated[Flag, doc("1 só confere: nada é gravado.", "1")] = "0"
    planilha: PLANILHA | None = None
    previa: (
        Annotated[
            int,
            doc("A prévia cujo arquivo se importa, em vez de um do corpo.", None, ge=1, le=MAX_ID),
            DIGITS,
        ]
        | None
    ) = None

    @property
    def owners(self) -> Owners | None:
        return None if self.responsaveis is None else read_owners(self.responsaveis)


class CsvFile(RootModel[bytes]):
    """Um CSV com os nomes das colunas na primeira linha."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CSV]})


class Workbook(RootModel[bytes]):
    """Uma planilha .xlsx, com os nomes das colunas na primeira linha."""

    model_config = ConfigDict(json_schema_extra={"examples": ["(o arquivo .xlsx)"]})


class ImportForm(Wire):
    """O arquivo e seu mapeamento."""

    arquivo: ARQUIVO
    mapeamento: Annotated[str, doc(_ABOUT_MAPPING, _MAPPING)] = ""


class PreviewedImport(Wire):
    """O arquivo de uma prévia, com o mapeamento dela ou outro."""

    mapeamento: (
        Annotated[
            dict[str, Any],
            doc("Sem ele, vale o que a prévia propôs.", {"colunas": {"Celular": "telefone"}}),
        ]
        | None
    ) = None


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
    avisados: Annotated[
        int, doc("Valores de linhas que entraram, mas que um lead naquela etapa não tem.", 0)
    ]
    codificacao: Annotated[str | None, doc("Como o texto está codificado; ou `xlsx`.", "utf-8")]
    delimitador: Annotated[str | None, doc("O que separa as células; nulo num .xlsx.", ";")]
    planilha: SheetRead
    outras_planilhas: SheetsLeft
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
    avisos: Annotated[
        list[LineError],
        Field(description="Dos valores que não se gravaram, por quê; no máximo 100."),
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


def _shown(model: type[BaseModel], run: Seen) -> dict[str, Any]:
    progress = {"feitos": run.linhas, "total": run.total}
    names = [name for name in model.model_fields if name != "progresso"]
    return {name: getattr(run, name) for name in names} | {"progresso": progress}
