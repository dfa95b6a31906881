"""What the kind of a stage decides about a lead: its reason of loss, the date of its closing, and
what becomes of its next contact.

Only a lost lead has a reason of loss. A closed lead has a closing date; an open one has none. Who
closes a lead ends its promises. Each rule is written twice, side by side: for one lead, and as SQL
for the lines of an import.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, exists

from models.stage import STAGES
from models.types import StageKind
from services.errors import Code, FieldError

UNKNOWN_STAGE = FieldError("etapa", Code.ETAPA_INEXISTENTE, "Esta etapa não existe na equipe.")
REASON_MISSING = FieldError(
    "motivo_perda", Code.MOTIVO_OBRIGATORIO, "Um lead perdido precisa do motivo."
)
REASON_UNFITTING = FieldError(
    "motivo_perda", Code.VALOR_INVALIDO, "Só um lead perdido tem motivo de perda."
)
CLOSING_MISSING = FieldError(
    "fechado_em", Code.OBRIGATORIO, "Um lead fechado tem a data do fechamento."
)
CLOSING_UNFITTING = FieldError(
    "fechado_em", Code.VALOR_INVALIDO, "Só um lead fechado tem a data do fechamento."
)
PROMISE_UNFITTING = FieldError(
    "proximo_contato_em",
    Code.VALOR_INVALIDO,
    "Quem fecha um lead encerra seus retornos; depois se pode marcar outro.",
)
UNKNOWN_REASON = FieldError(
    "motivo_perda", Code.VALOR_INVALIDO, "Este motivo não é um dos da equipe."
)
_TOO_EARLY = "A data não pode ser anterior à entrada na etapa de antes."
CLOSED_TOO_EARLY = FieldError("fechado_em", Code.FORA_DA_FAIXA, _TOO_EARLY)
SINCE_TOO_EARLY = FieldError("etapa_desde", Code.FORA_DA_FAIXA, _TOO_EARLY)
CLOSED_BEFORE = FieldError(
    "fechado_em", Code.FORA_DA_FAIXA, "O fechamento não pode ser anterior à criação."
)
_LATE = "A data não pode estar no futuro."
IN_THE_FUTURE = FieldError("fechado_em", Code.FORA_DA_FAIXA, _LATE)
SINCE_THE_FUTURE = FieldError("etapa_desde", Code.FORA_DA_FAIXA, _LATE)


def lacks_reason(kind: str | None, motivo_perda: str | None) -> bool:
    return kind == StageKind.PERDIDA and not motivo_perda


def reason_kept[Reason](kind: str, motivo_perda: Reason) -> Reason | None:
    return motivo_perda if kind == StageKind.PERDIDA else None


def reason_kept_sql(etapa: str, motivo_perda: str) -> str:
    return f"case when {etapa} in {_stages('=', StageKind.PERDIDA)} then {motivo_perda} end"


def closing_kept[Closing](kind: str, fechado_em: Closing) -> Closing | None:
    return None if kind == StageKind.ABERTA else fechado_em


def closing_kept_sql(etapa: str, fechado_em: str) -> str:
    return f"case when {closed_sql(etapa)} then {fechado_em} end"


def closed_sql(etapa: str) -> str:
    """Whether a stage is one of closed leads."""
    return f"{etapa} in {_stages('<>', StageKind.ABERTA)}"


def promise_kept[Promise](kind: str, promise: Promise) -> Promise | None:
    return promise if kind == StageKind.ABERTA else None


def promise_kept_sql(etapa: str, promise: str) -> str:
    return f"case when {etapa} in {_stages('=', StageKind.ABERTA)} then {promise} end"


def begins(told: datetime, before: datetime) -> datetime:
    """Since when a lead is in a stage that it is said to have entered then: no stay ends before it
    began."""
    return max(told, before)


def begins_sql(told: str, before: str) -> str:
    return f"greatest({told}, {before})"


def closing_stands(before: str | None, after: str) -> bool:
    """Whether a move from a stage of one kind to one of another leaves a lead closed when it was.
    Who wins a lost lead closes it anew."""
    return before == after


def closing_stands_sql(etapa: str, other: str) -> str:
    """The same of two stages of closed leads."""
    lost = _stages("=", StageKind.PERDIDA)
    return f"({etapa} in {lost}) = ({other} in {lost})"


def reopens(before: str, after: str) -> bool:
    """Whether a move from a stage of one kind to one of another opens a closed lead again."""
    return before != StageKind.ABERTA and after == StageKind.ABERTA


def reopens_sql(before: str, after: str) -> str:
    return f"{closed_sql(before)} and {after} in {_stages('=', StageKind.ABERTA)}"


def is_of_kind(
    equipe: ColumnElement[int], etapa: ColumnElement[str], kind: StageKind
) -> ColumnElement[bool]:
    """Whether a tenant's stage is of this kind, looked up for each lead."""
    return exists().where(
        STAGES.c.equipe_id == equipe, STAGES.c.chave == etapa, STAGES.c.tipo == kind.value
    )


def _stages(operator: str, kind: StageKind) -> str:
    """The tenant's stages of some kinds; a subquery, so that it runs once per statement and not
    once per line. Parameter: equipe_id."""
    return f"(select chave from etapas where equipe_id = :equipe_id and tipo {operator} '{kind}')"
