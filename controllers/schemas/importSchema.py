"""Imports on the wire."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, RootModel

from controllers.schemas.fields import INT64, Flag
from controllers.schemas.wire import Wire, doc
from services.errors import Code
from services.importService import Action

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


class CsvFile(RootModel[bytes]):
    """Um CSV em UTF-8, separado por vírgula ou ponto e vírgula, com nomes na primeira linha."""

    model_config = ConfigDict(json_schema_extra={"examples": [_CSV]})


class ImportForm(Wire):
    """O arquivo e seu mapeamento."""

    arquivo: Annotated[bytes, doc("O CSV.", _CSV)]
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


class ImportOutput(BaseModel):
    """O que foi feito do arquivo."""

    id: Annotated[int, doc("Número da importação; nulo se só se conferiu.", 9, **INT64)] | None
    estado: Annotated[
        Literal["na_fila", "em_andamento", "concluida", "falhou"],
        doc("Em que pé está.", "concluida"),
    ]
    linhas: Annotated[int, doc("Registros lidos.", 3)]
    criados: Annotated[int, doc("Leads criados.", 1)]
    atualizados: Annotated[int, doc("Leads atualizados.", 0)]
    pulados: Annotated[int, doc("Linhas puladas por já existirem.", 1)]
    rejeitados: Annotated[int, doc("Linhas com erro.", 1)]
    erros: Annotated[list[LineError], Field(description="Das linhas rejeitadas, no máximo 100.")]
    linhas_puladas: Annotated[
        list[LineError], Field(description="Das linhas puladas, por quê; no máximo 100.")
    ]
    colunas: Annotated[
        list[ColumnOutput], Field(description="O que cada coluna do arquivo se tornou.")
    ]
