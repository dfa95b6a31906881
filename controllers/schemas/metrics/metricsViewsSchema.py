"""The figures beside the dashboard on the wire: one view each."""

from typing import Annotated

from pydantic import BaseModel, Field

from controllers.schemas.fields import MoneyOutput
from controllers.schemas.leads.leadFields import Source
from controllers.schemas.metrics.metricsFields import (
    Active,
    Conversion,
    Day,
    Duration,
    GeneratedAt,
    Month,
    Movement,
    New,
    OpenValue,
    Period,
    Person,
    Place,
    Quantity,
    StageNamed,
    Won,
    ZoneOutput,
)
from controllers.schemas.wire import doc


class View(BaseModel):
    gerado_em: GeneratedAt
    fuso: ZoneOutput


class PeriodView(View):
    periodo: Annotated[Period, Field(description="De que dias são estes números.")]


class FunnelStage(StageNamed):
    """O que foi dos leads da coorte que entraram na etapa."""

    entraram: Annotated[int, doc("Quantos entraram na etapa ao menos uma vez.", 30)]
    ganhos: Annotated[int, doc("Quantos deles estão ganhos.", 9)]
    perdidos: Annotated[int, doc("Quantos se perderam ao sair desta etapa.", 6)]
    conversao: Annotated[float | None, doc("Ganhos ÷ entraram; nula se ninguém entrou.", 0.3)]


class FunnelViewOutput(View):
    """Por onde passaram os leads criados no período."""

    coorte: Annotated[Period, Field(description="Os dias em que os leads foram criados.")]
    etapas: Annotated[list[FunnelStage], Field(description="As etapas na sua ordem.")]


class CohortMonth(BaseModel):
    """Os ganhos de um mês da coorte."""

    n: Annotated[int, doc("Quantos meses depois do mês em que foram criados; 0, no mesmo.", 1)]
    ganhos: Won


class Cohort(BaseModel):
    """Os leads criados em um mês."""

    mes: Month
    novos: New
    ganhos: Won
    por_mes: Annotated[
        list[CohortMonth], Field(description="Os ganhos de cada mês até hoje, o primeiro antes.")
    ]


class CohortsOutput(View):
    """Quando se ganharam os leads de cada mês."""

    itens: Annotated[list[Cohort], Field(description="Os meses, o mais antigo primeiro.")]


class Expected(BaseModel):
    """O que se espera dos leads abertos com fechamento previsto em um mês."""

    mes: Annotated[Month | None, Field(description="O mês; nulo, os sem previsão.")]
    quantidade: Quantity
    esperado: Annotated[
        MoneyOutput | None, doc("Soma de valor × probabilidade; nulo sem probabilidades.", None)
    ]
    desvio: Annotated[
        MoneyOutput | None,
        doc("Desvio padrão: a raiz da soma de valor² × p × (1 − p).", None),
    ]


class ForecastOutput(View):
    """O que se espera ganhar. Leads perdidos e ganhos não contam."""

    itens: Annotated[list[Expected], Field(description="Os meses em ordem; o sem mês por último.")]


class Performance(Movement):
    conversao: Conversion
    abertos: Annotated[int, doc("Leads abertos agora.", 12)]
    valor_aberto: OpenValue


class Seller(Performance, Person):
    """Um responsável; nulo, os leads de ninguém."""

    posicao: Place
    ativo: Active
    tempo_ate_ganho: Annotated[
        Duration, Field(description="De criado a ganho, dos ganhos nos meses do período.")
    ]


class SellersOutput(PeriodView):
    """Cada vendedor, também quem não tem leads, e quem saiu se fechou no período."""

    itens: Annotated[list[Seller], Field(description="O maior valor ganho primeiro.")]


class SourceItem(Performance):
    """Uma origem; nula, os leads sem origem."""

    origem: Source | None


class OtherSources(Performance):
    """As origens que não estão entre as 50 maiores, somadas."""

    grupos: Annotated[
        int | None, doc("Quantas são; nulo quando um filtro não deixa sabê-lo sem contá-las.", 12)
    ]


class SourcesOutput(PeriodView):
    """De onde vieram os leads."""

    itens: Annotated[list[SourceItem], Field(description="A que trouxe mais leads primeiro.")]
    outros: Annotated[OtherSources | None, doc("As demais origens, somadas.", None)]


class SeriesOutput(PeriodView):
    """Dia a dia."""

    itens: Annotated[list[Day], Field(description="Os dias em ordem, sem lacunas.")]


class StageMonth(Duration):
    """O tempo na etapa, dos que saíram dela no mês."""

    mes: Month


class StageTime(StageNamed, Duration):
    """Quanto os leads ficaram em uma etapa."""

    por_mes: Annotated[
        list[StageMonth], Field(description="Por mês da saída; só meses em que alguém saiu.")
    ]


class TimeInStageOutput(PeriodView):
    """Quanto os leads ficam em cada etapa, de quem saiu dela nos meses do período."""

    itens: Annotated[list[StageTime], Field(description="As etapas na sua ordem.")]
