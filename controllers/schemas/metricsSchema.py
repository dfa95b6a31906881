"""The dashboard on the wire. Keys are only ever added."""

from pydantic import BaseModel

from controllers.schemas.leadSchema import Band


class Movement(BaseModel):
    novos: int
    ganhos: int
    perdidos: int
    valor_ganho: str


class Day(Movement):
    dia: str


class Group(BaseModel):
    quantidade: int
    valor: str


class Outcome(Group):
    ganhos: int
    perdidos: int
    conversao: float | None


class ByStage(Group):
    etapa: str


class ByOwner(Outcome):
    responsavel_id: int | None
    nome: str | None


class BySource(Outcome):
    origem: str | None


class ByProduct(Outcome):
    produto: str | None


class ByBand(Outcome):
    faixa: Band | None


class Others(Outcome):
    """The groups that are not among the largest, together."""

    grupos: int


class MetricsOutput(BaseModel):
    gerado_em: str
    total: int
    abertos: int
    ganhos: int
    perdidos: int
    conversao: float | None
    valor_aberto: str
    valor_ponderado: str | None
    por_etapa: list[ByStage]
    por_responsavel: list[ByOwner]
    por_origem: list[BySource]
    por_origem_outros: Others | None
    por_produto: list[ByProduct]
    por_produto_outros: Others | None
    por_faixa: list[ByBand]
    hoje: Movement
    dias_7: Movement
    dias_30: Movement
    serie: list[Day]
