"""How an equipe's queue works, on the wire."""

import re
from datetime import date
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from controllers.schemas.fields import WHOLE, Day, State, StateOutput
from controllers.schemas.wire import Wire, doc, field_error
from services.errors import Code

_MAX_DAYS = 366
_HOUR = re.compile(r"(?:[01][0-9]|2[0-3]):[0-5][0-9]|24:00")
_NINE_TO_SIX = ["09:00", "18:00"]
_WEEK: dict[str, Any] = dict.fromkeys(("seg", "ter", "qua", "qui", "sex"), _NINE_TO_SIX)
_NAMES_OF_RESULTS: dict[str, Any] = {"nao_atendeu": [4, 24, 72]}


def _span(value: list[str]) -> list[str]:
    if not all(_HOUR.fullmatch(each) for each in value):
        raise field_error(Code.VALOR_INVALIDO, "Use horas como 09:00; um dia acaba até 24:00.")
    if value[0] >= value[1]:
        raise field_error(Code.VALOR_INVALIDO, "O fim vem depois do começo.")
    return value


def _some_day(value: "Week") -> "Week":
    if not value.model_dump(exclude_none=True):
        raise field_error(Code.OBRIGATORIO, "Informe ao menos um dia.")
    return value


def _each_once(value: list[date]) -> list[date]:
    if any(not 1900 <= day.year <= 2200 for day in value):
        raise field_error(Code.DATA_INVALIDA, "Use anos de 1900 a 2200.")
    return sorted(set(value))


_Span = Annotated[
    list[str],
    doc("De que hora a que hora.", _NINE_TO_SIX, min_length=2, max_length=2),
    AfterValidator(_span),
]
_SPAN = doc("De que hora a que hora; sem isso, fechado.", _NINE_TO_SIX)
_Hours = Annotated[float, Field(strict=True, ge=0, le=2_160)]
_Waits = Annotated[list[_Hours], Field(min_length=1, max_length=10)]
_WAITS = doc("Horas, uma por tentativa seguida; a última vale para as demais.", [4, 24, 72])


class Week(Wire):
    """O horário de cada dia; o que falta é fechado."""

    model_config = ConfigDict(json_schema_extra={"examples": [_WEEK]})

    seg: Annotated[_Span | None, _SPAN] = None
    ter: Annotated[_Span | None, _SPAN] = None
    qua: Annotated[_Span | None, _SPAN] = None
    qui: Annotated[_Span | None, _SPAN] = None
    sex: Annotated[_Span | None, _SPAN] = None
    sab: Annotated[_Span | None, _SPAN] = None
    dom: Annotated[_Span | None, _SPAN] = None


class WaitsInput(Wire):
    """Quanto um lead descansa depois de cada resultado; nulo volta ao padrão."""

    model_config = ConfigDict(json_schema_extra={"examples": [_NAMES_OF_RESULTS]})

    atendeu: Annotated[_Waits | None, _WAITS] = None
    nao_atendeu: Annotated[_Waits | None, _WAITS] = None
    numero_errado: Annotated[_Waits | None, _WAITS] = None
    sem_interesse: Annotated[_Waits | None, _WAITS] = None
    agendou: Annotated[_Waits | None, _WAITS] = None
    nao_contatar: Annotated[_Waits | None, _WAITS] = None
    outro: Annotated[_Waits | None, _WAITS] = None


def _whole(about: str, example: int, least: int, most: int) -> Any:
    return doc(about, example, ge=least, le=most, strict=True)


_RESTS = Field(description="Quantas horas um lead descansa, por resultado.")
_LEASE = _whole("Por quantos minutos um lead fica com quem o pegou.", 20, 1, 240)
_PAUSE = _whole("Ao menos quantos minutos entre duas tentativas, de quem for.", 0, 0, 10_080)
_RETAKEN = _whole("Minutos até um retorno perdido ser oferecido a outros.", 1_440, 1, 43_200)
_TRIES = _whole("Depois de quantas tentativas seguidas sem resposta o lead sai.", 6, 1, 50)
_WEIGHT = doc("Quanto o valor do lead pesa na ordem; 0, nada.", 1, strict=True, ge=0, le=2)
_OPENING = Field(description="Quando se liga; nulo, sempre. No fuso da UF do lead, sem feriados.")
_HOLIDAYS = doc("Dias sem ligações, além dos feriados.", ["2026-12-24"], max_length=_MAX_DAYS)
_STATE = doc("A UF de um lead que não a tem; nula, o fuso da equipe.", "SP")


class QueueSettingsInput(Wire):
    """O que muda na fila: cada campo enviado substitui o que havia; nulo volta ao padrão."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reserva_min": 20}]})

    reserva_min: Annotated[int, _LEASE, WHOLE] | None = None
    esperas_h: Annotated[WaitsInput | None, _RESTS] = None
    intervalo_min: Annotated[int, _PAUSE, WHOLE] | None = None
    retomada_min: Annotated[int, _RETAKEN, WHOLE] | None = None
    tentativas: Annotated[int, _TRIES, WHOLE] | None = None
    gama: Annotated[float, _WEIGHT] | None = None
    horario: Annotated[Annotated[Week, AfterValidator(_some_day)] | None, _OPENING] = None
    uf: Annotated[State | None, _STATE] = None
    feriados: Annotated[list[Day], _HOLIDAYS, AfterValidator(_each_once)] | None = None

    def sent(self) -> dict[str, Any]:
        """What was sent, as it is kept."""
        said = self.model_dump(mode="json", exclude_unset=True, exclude={"horario"})
        if "horario" not in self.model_fields_set:
            return said
        return {**said, "horario": self.horario and self.horario.model_dump(exclude_none=True)}


class WaitsOutput(BaseModel):
    """Quanto um lead descansa depois de cada resultado."""

    atendeu: Annotated[_Waits, _WAITS]
    nao_atendeu: Annotated[_Waits, _WAITS]
    numero_errado: Annotated[_Waits, _WAITS]
    sem_interesse: Annotated[_Waits, _WAITS]
    agendou: Annotated[_Waits, _WAITS]
    nao_contatar: Annotated[_Waits, _WAITS]
    outro: Annotated[_Waits, _WAITS]


class QueueSettingsOutput(BaseModel):
    """Como a fila da equipe funciona."""

    reserva_min: Annotated[int, _LEASE]
    esperas_h: Annotated[WaitsOutput, _RESTS]
    intervalo_min: Annotated[int, _PAUSE]
    retomada_min: Annotated[int, _RETAKEN]
    tentativas: Annotated[int, _TRIES]
    gama: Annotated[float, _WEIGHT]
    horario: Annotated[Week | None, _OPENING]
    uf: Annotated[StateOutput | None, _STATE]
    feriados: Annotated[list[date], _HOLIDAYS]
