"""The dashboard on the wire. Keys are only ever added."""

from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import MoneyOutput
from controllers.schemas.leads.leadFields import Band, Product, Source
from controllers.schemas.metrics.metricsFields import (
    Active,
    Compared,
    ComparedPeriod,
    Conversion,
    Day,
    Duration,
    GeneratedAt,
    Lost,
    OpenValue,
    Person,
    Place,
    Quantity,
    StageNamed,
    Won,
    WonValue,
    ZoneOutput,
)
from controllers.schemas.wire import doc


class Group(BaseModel):
    quantidade: Quantity
    valor: Annotated[MoneyOutput, doc("Soma do seu valor.", "330000.00")]


class Outcome(Group):
    ganhos: Won
    perdidos: Lost
    conversao: Conversion
    valor_ganho: WonValue


class ByStage(StageNamed, Group):
    """Os leads de uma etapa."""


class ByOwner(Outcome, Person):
    """Os leads de um responsável; nulo, os de ninguém."""


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

    grupos: Annotated[
        int | None, doc("Quantos são; nulo quando um filtro não deixa sabê-lo sem contá-los.", 12)
    ]


class Ranked(Person):
    """O que um vendedor ganhou no período, também se nada."""

    posicao: Place
    ativo: Active
    ganhos: Won
    valor_ganho: WonValue


class MetricsOutput(BaseModel):
    """Os números do painel."""

    gerado_em: GeneratedAt
    fuso: ZoneOutput
    total: Annotated[int, doc("Todos os leads.", 3)]
    abertos: Annotated[int, doc("Leads abertos.", 1)]
    ganhos: Won
    perdidos: Lost
    conversao: Conversion
    valor_aberto: OpenValue
    valor_ganho: WonValue
    valor_ponderado: Annotated[
        MoneyOutput | None, doc("Soma de valor × probabilidade dos abertos que a têm.", None)
    ]
    promessas_vencidas: Annotated[int, doc("Leads abertos cujo próximo contato já passou.", 2)]
    tempo_ate_ganho: Annotated[
        Duration, Field(description="De criado a ganho, dos ganhos nos meses do período.")
    ]
    primeira_resposta: Annotated[
        Duration,
        Field(description="De criado à primeira resposta, das respostas nos meses do período."),
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
    ranking: Annotated[
        list[Ranked], Field(description="Quem ganhou quanto no período, o maior valor primeiro.")
    ]
    hoje: Annotated[Compared, Field(description="Hoje.")]
    dias_7: Annotated[Compared, Field(description="Os últimos 7 dias, hoje incluído.")]
    dias_30: Annotated[Compared, Field(description="Os últimos 30 dias, hoje incluído.")]
    periodo: Annotated[
        ComparedPeriod, Field(description="Os dias de `de` a `ate`; sem eles, os últimos 30.")
    ]
    serie: Annotated[
        list[Day],
        Field(description="Dia a dia, de `de` a `ate`; sem eles, os últimos 30 dias da equipe."),
    ]
