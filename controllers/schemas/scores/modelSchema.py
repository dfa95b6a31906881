"""The model of an equipe on the wire: asking for one, and how good the one in use is."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from controllers.schemas.wire import Wire, doc

_WINDOW = "Só os leads fechados mais recentes, e a taxa de ganho dos últimos."
_CALENDAR = "Sem mês nem dia da semana até haver 24 meses de leads fechados."


class TrainInput(Wire):
    """De que leads e campos aprender."""

    janela: Annotated[bool, doc(_WINDOW, True, strict=True)] = True
    guarda_calendario: Annotated[bool, doc(_CALENDAR, True, strict=True)] = True


class Span(BaseModel):
    """Do primeiro ao último fechamento de que se aprendeu."""

    de: Annotated[datetime, doc("O primeiro.", "2025-02-01T12:00:00Z")]
    ate: Annotated[datetime, doc("O último.", "2026-08-01T12:00:00Z")]


def _figure(value: float, low: float, high: float) -> dict[str, float]:
    return {"valor": value, "de": low, "ate": high}


class Figure(BaseModel):
    """Uma medida, em leads que o modelo não tinha visto, e o intervalo de 90 % dela."""

    valor: Annotated[float, doc("A medida.", 0.742)]
    de: Annotated[float, doc("O começo do intervalo.", 0.713)]
    ate: Annotated[float, doc("O fim do intervalo.", 0.771)]


class CalibrationRow(BaseModel):
    """Uma faixa de probabilidades: o que se disse e o que aconteceu."""

    de: Annotated[float, doc("A menor probabilidade da faixa.", 0.21)]
    ate: Annotated[float, doc("A maior.", 0.28)]
    n: Annotated[int, doc("Quantos leads.", 120)]
    previsto: Annotated[float, doc("A média do que se disse.", 0.25)]
    observado: Annotated[float, doc("A parte que foi ganha.", 0.24)]


class ModelBin(BaseModel):
    """Uma faixa de valores de um campo."""

    rotulo: Annotated[str, doc("A faixa, para pessoas.", "indicacao")]
    pontos: Annotated[float, doc("Quanto soma ao logito.", 0.83)]
    n: Annotated[int, doc("Leads fechados na faixa.", 64)]
    ganhos: Annotated[int, doc("Quantos deles foram ganhos.", 31)]


class ModelField(BaseModel):
    """Um campo do modelo."""

    campo: Annotated[str, doc("O campo.", "origem")]
    faixas: Annotated[list[ModelBin], Field(description="Os pontos por faixa.")]


class ExcludedField(BaseModel):
    """Um campo de que não se aprendeu."""

    campo: Annotated[str, doc("O campo.", "atributos.data_do_contrato")]
    motivo: Annotated[str, doc("Por quê.", "O campo entrega o desfecho.")]
    permitivel: Annotated[
        bool, doc("Se o gestor pode permitir o campo (`PATCH /equipe`), com um motivo.", True)
    ]


class FieldDrift(BaseModel):
    """Quanto os últimos leads fechados diferem dos de antes em um campo."""

    campo: Annotated[str, doc("O campo.", "origem")]
    psi: Annotated[float, doc("O índice de estabilidade (PSI).", 0.04)]
    alerta: Annotated[
        Literal["atencao", "alarme"] | None, doc("Nulo abaixo de 0,1; alarme desde 0,25.", None)
    ]


class Latest(BaseModel):
    """Os últimos 300 leads fechados: quantos foram ganhos e quantos se esperavam."""

    n: Annotated[int, doc("Quantos leads.", 300)]
    ganhos: Annotated[int, doc("Quantos foram ganhos.", 81)]
    esperados: Annotated[float, doc("Quantos se esperavam, antes de acertar a base.", 76.4)]
    razao: Annotated[float | None, doc("Ganhos por esperado.", 1.06)]
    alerta: Annotated[
        Literal["atencao", "alarme"] | None,
        doc("Nulo de 0,8 a 1,25; fora disso atencao, se o acaso o explica, ou alarme.", None),
    ]
    motivo: Annotated[str | None, doc("Por que não há razão.", None)]


class GroupQuality(BaseModel):
    """O quanto o modelo acerta para um grupo de pessoas: de uma UF ou de uma faixa de idade."""

    campo: Annotated[str, doc("O campo: uf, ou um atributo que é uma idade.", "uf")]
    grupo: Annotated[str, doc("O grupo, para pessoas.", "SP")]
    n: Annotated[int, doc("Leads fechados do grupo.", 240)]
    ganhos: Annotated[int, doc("Quantos deles foram ganhos.", 61)]
    auc: Annotated[float | None, doc("A AUC dentro do grupo.", 0.73)]
    diferenca: Annotated[
        float | None, doc("A média do previsto menos a parte que foi ganha.", -0.012)
    ]
    motivo: Annotated[
        str | None, doc("Por que faltam os dois: menos de 50 leads, ou um desfecho só.", None)
    ]


_ASKED: dict[str, Any] = {"janela": True, "guarda_calendario": True}
_CALIBRATION = "Faixas de probabilidade, da menor à maior."


class ModelOutput(BaseModel):
    """O modelo em uso, ou o que o último treino deu, e o quanto ele acerta."""

    versao: Annotated[int, doc("A versão; 0, nenhuma.", 4)]
    estado: Annotated[
        Literal["em_uso", "em_aprendizado", "regras", "sem_modelo"],
        doc(
            "O quanto se sabe: regras, menos de 30 leads fechados ou de 5 de um desfecho; "
            "em_aprendizado, menos de 300 ou de 30 de um desfecho; sem_modelo, nunca se treinou.",
            "em_uso",
        ),
    ]
    treinado_em: Annotated[datetime | None, doc("Quando.", "2026-08-01T14:30:00Z")]
    n: Annotated[int, doc("De quantos leads fechados.", 1_240)]
    ganhos: Annotated[int, doc("Quantos deles foram ganhos.", 310)]
    janela: Annotated[Span | None, Field(description="De quando são.")]
    taxa_base: Annotated[float | None, doc("A parte que foi ganha.", 0.25)]
    auc: Annotated[
        Figure | None,
        doc(
            "De dois leads, um ganho e um perdido, quantas vezes o ganho tem mais.",
            _figure(0.742, 0.713, 0.771),
        ),
    ]
    brier: Annotated[Figure | None, doc("Erro quadrático médio.", _figure(0.16, 0.15, 0.17))]
    log_loss: Annotated[Figure | None, doc("Perda logarítmica.", _figure(0.48, 0.45, 0.51))]
    ece: Annotated[
        Figure | None, doc("O quanto o dito se afasta do acontecido.", _figure(0.02, 0.01, 0.04))
    ]
    calibracao: Annotated[list[CalibrationRow], Field(description=_CALIBRATION)]
    base: Annotated[float | None, doc("O logito do lead médio, antes dos campos.", -1.1)]
    campos: Annotated[list[ModelField], Field(description="Os pontos por campo.")]
    excluidos: Annotated[list[ExcludedField], Field(description="O que ficou de fora, e por quê.")]
    deriva: Annotated[list[FieldDrift], Field(description="O que mudou nos últimos leads.")]
    ultimos: Annotated[
        Latest | None, Field(description="Ganhos e esperados nos últimos leads fechados.")
    ]
    grupos: Annotated[
        list[GroupQuality],
        Field(
            description="O quanto acerta por UF e por faixa de idade; a idade é lida para isto "
            "também quando não se aprende com ela."
        ),
    ]
    posteriores: Annotated[
        int,
        doc(
            "Quantos desses leads fecharam antes de se guardar o que se sabia deles: contam como "
            "são hoje.",
            0,
        ),
    ]
    parametros: Annotated[dict[str, Any], doc("Como se treinou.", _ASKED)]
    motivo: Annotated[
        str | None, doc("Por que faltam números, ou o último treino não foi adotado.", None)
    ]
