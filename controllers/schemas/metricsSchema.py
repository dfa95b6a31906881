"""The dashboard on the wire. Keys are only ever added."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import MoneyOutput
from controllers.schemas.leads.leadFields import Band, OwnerIdOutput, Product, Source
from controllers.schemas.leads.leadFields import StageOutput as Stage
from controllers.schemas.userSchema import PersonName
from controllers.schemas.wire import doc

Won = Annotated[int, doc("Leads ganhos.", 1)]
Lost = Annotated[int, doc("Leads perdidos.", 1)]
Conversion = Annotated[
    float | None, doc("Ganhos ÷ (ganhos + perdidos); nula enquanto nada fechou.", 0.5)
]


class Movement(BaseModel):
    """O que aconteceu em um período."""

    novos: Annotated[int, doc("Leads criados.", 3)]
    ganhos: Won
    perdidos: Lost
    valor_ganho: Annotated[MoneyOutput, doc("Soma do valor dos ganhos.", "80000.00")]


class Day(Movement):
    """O que aconteceu em um dia da equipe."""

    dia: Annotated[date, doc("O dia.", "2026-08-01")]


class Group(BaseModel):
    quantidade: Annotated[int, doc("Quantos leads.", 3)]
    valor: Annotated[MoneyOutput, doc("Soma do seu valor.", "330000.00")]


class Outcome(Group):
    ganhos: Won
    perdidos: Lost
    conversao: Conversion


class ByStage(Group):
    """Os leads de uma etapa."""

    etapa: Stage


class ByOwner(Outcome):
    """Os leads de um responsável; nulo, os de ninguém."""

    responsavel_id: OwnerIdOutput | None
    nome: PersonName | None


class BySource(Outcome):
    """Os leads de uma origem; nula, os sem origem."""

    origem: Source | None


class ByProduct(Outcome):
    """Os leads de um produto; nulo, os sem produto."""

    produto: Product | None


class ByBand(Outcome):
    """Os leads de uma faixa de score."""

    faixa: Band | None


class Others(Outcome):
    """Os grupos que não estão entre os maiores, somados."""

    grupos: Annotated[int, doc("Quantos são.", 12)]


class MetricsOutput(BaseModel):
    """Os números do painel."""

    gerado_em: Annotated[datetime, doc("Quando se contou.", "2026-08-01T14:30:00Z")]
    total: Annotated[int, doc("Todos os leads.", 3)]
    abertos: Annotated[int, doc("Leads abertos.", 1)]
    ganhos: Won
    perdidos: Lost
    conversao: Conversion
    valor_aberto: Annotated[MoneyOutput, doc("Soma do valor dos abertos.", "250000.00")]
    valor_ponderado: Annotated[
        MoneyOutput | None, doc("Soma de valor × probabilidade dos abertos que a têm.", None)
    ]
    por_etapa: Annotated[list[ByStage], Field(description="Por etapa.")]
    por_responsavel: Annotated[list[ByOwner], Field(description="Por responsável.")]
    por_origem: Annotated[list[BySource], Field(description="Por origem.")]
    por_origem_outros: Annotated[
        Others | None, doc("As origens além das 50 maiores, somadas.", None)
    ]
    por_produto: Annotated[list[ByProduct], Field(description="Por produto.")]
    por_produto_outros: Annotated[
        Others | None, doc("Os produtos além dos 50 maiores, somados.", None)
    ]
    por_faixa: Annotated[list[ByBand], Field(description="Por faixa de score.")]
    hoje: Annotated[Movement, Field(description="Hoje.")]
    dias_7: Annotated[Movement, Field(description="Os últimos 7 dias, hoje incluído.")]
    dias_30: Annotated[Movement, Field(description="Os últimos 30 dias, hoje incluído.")]
    serie: Annotated[
        list[Day], Field(description="Dia a dia, os últimos 30 dias da equipe, hoje por último.")
    ]
