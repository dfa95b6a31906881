"""Rules as they are shown."""

from dataclasses import asdict
from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, Field

from controllers.schemas.scores.rulesSchema import (
    BANDS,
    GROUP,
    RULE,
    Base,
    Campo,
    Grupo,
    Motivo,
    Operador,
    Valor,
)
from controllers.schemas.scoreSchema import Signed
from controllers.schemas.wire import doc
from services.ruleService import Draft, Listed, Oddity, RuleSet, RulesView


class RuleOutput(BaseModel):
    """Uma regra."""

    campo: Campo
    operador: Operador
    valor: Valor
    pontos: Annotated[int, doc("Quanto soma ou tira.", 5)]
    motivo: Motivo
    grupo: Grupo | None
    meia_vida_dias: Annotated[float | None, doc("Em quantos dias caem à metade.", None)]


class GroupOutput(BaseModel):
    """As regras de um grupo somam entre estes limites."""

    nome: Grupo
    minimo: Annotated[int | None, doc("O menor valor da soma.", None)]
    maximo: Annotated[int | None, doc("O maior valor da soma.", 15)]


class BandsOutput(BaseModel):
    """Onde começam as faixas."""

    quente: Annotated[int, doc("O menor score da faixa.", 65)]
    morno: Annotated[int, doc("O menor score da faixa.", 40)]
    frio: Annotated[int, doc("Sempre 0.", 0)]


class DefinitionOutput(BaseModel):
    """Um conjunto de regras."""

    base: Base
    grupos: Annotated[list[GroupOutput], doc("Os grupos de regras.", [GROUP])]
    regras: Annotated[list[RuleOutput], doc("As regras, na sua ordem.", [RULE])]
    faixas: Annotated[BandsOutput, doc("De que score em diante é cada faixa.", BANDS)]


class AvisoOutput(BaseModel):
    """O que há de estranho num conjunto de regras, que vale mesmo assim."""

    regras: Annotated[list[int], doc("As regras de que fala, contadas de 0.", [2])]
    codigo: Annotated[Oddity, doc("O que é, para programas.", Oddity.NUNCA_VALE)]
    mensagem: Annotated[
        str, doc("O que é, para pessoas.", "Não vale para nenhum dos 1200 leads da equipe.")
    ]


class DraftOutput(DefinitionOutput):
    """Um rascunho."""

    n: Annotated[int, doc("O número do rascunho, e da versão que virá a ser.", 4)]
    avisos: Annotated[list[AvisoOutput], doc("O que há de estranho.", [])]

    @staticmethod
    def of(draft: Draft) -> dict[str, Any]:
        return {
            "n": draft.n,
            **_definition(draft.regras),
            "avisos": list(map(asdict, draft.avisos)),
        }


class HistoryItem(BaseModel):
    """Uma versão que foi publicada."""

    versao: Annotated[int, doc("O número; 0, as regras de fábrica.", 3)]
    publicada_em: Annotated[datetime | None, doc("Quando se publicou.", "2026-08-01T14:30:00Z")]
    publicada_por: Annotated[Signed | None, doc("Quem publicou.", {"id": 12, "nome": "Ana"})]
    origem_versao: Annotated[int | None, doc("De que versão partiu.", 0)]
    regras: Annotated[int, doc("Quantas regras tem.", 16)]


class DraftItem(BaseModel):
    """Um rascunho na lista."""

    n: Annotated[int, doc("O número do rascunho.", 4)]
    criado_em: Annotated[datetime, doc("Quando se começou.", "2026-08-01T14:30:00Z")]
    atualizado_em: Annotated[datetime, doc("Quando mudou.", "2026-08-01T14:35:00Z")]


class ReadyItem(BaseModel):
    """Um conjunto pronto, de que um rascunho pode partir."""

    nome: Annotated[str, doc("O nome para a_partir_de.", "credito")]
    titulo: Annotated[str, doc("Como se chama.", "Crédito")]
    descricao: Annotated[str, doc("Para quem serve.", "Empréstimo, consignado, financiamento.")]


class RulesOutput(DefinitionOutput):
    """As regras por que os leads são pontuados."""

    versao: Annotated[int, doc("O número; 0, as regras de fábrica.", 3)]
    publicada_em: Annotated[datetime | None, doc("Quando se publicou.", "2026-08-01T14:30:00Z")]
    publicada_por: Annotated[Signed | None, doc("Quem publicou.", {"id": 12, "nome": "Ana"})]
    historico: Annotated[
        list[HistoryItem], Field(description="As versões publicadas, a mais nova primeiro.")
    ]
    rascunhos: Annotated[list[DraftItem], Field(description="Os rascunhos; só para gestores.")]
    conjuntos: Annotated[
        list[ReadyItem], Field(description="Conjuntos prontos para começar um rascunho.")
    ]

    @staticmethod
    def of(view: RulesView) -> dict[str, Any]:
        shown = _published(view.publicada)
        return {
            **{name: shown[name] for name in ("versao", "publicada_em", "publicada_por")},
            **_definition(view.regras),
            "historico": [_published(each) for each in view.historico],
            "rascunhos": [
                {"n": each.versao, "criado_em": each.criado_em, "atualizado_em": each.atualizado_em}
                for each in view.rascunhos
            ],
            "conjuntos": [
                {name: getattr(each, name) for name in ReadyItem.model_fields}
                for each in view.conjuntos
            ],
        }


def _published(listed: Listed) -> dict[str, Any]:
    by = None if listed.por_id is None else {"id": listed.por_id, "nome": listed.por_nome}
    return {
        "versao": listed.versao,
        "publicada_em": listed.publicada_em,
        "publicada_por": by,
        "origem_versao": listed.origem_versao,
        "regras": listed.regras,
    }


def _definition(rules: RuleSet) -> dict[str, Any]:
    bands = asdict(rules.faixas) | {"frio": 0}
    return {**asdict(rules), "faixas": bands}
