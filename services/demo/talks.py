"""What sellers of the demonstration note after they called."""

from datetime import datetime
from random import Random
from typing import Any

from models.activity import ActivityKind, Result

_KINDS = (ActivityKind.LIGACAO, ActivityKind.LIGACAO, ActivityKind.WHATSAPP)
_UNANSWERED = (
    "Caixa postal.",
    "Chamou até cair.",
    "Ocupado; tentar de novo no fim da tarde.",
)
_ANSWERED = (
    "Pediu uma simulação por e-mail.",
    "Quer comparar com o banco onde recebe o salário.",
    "Vai falar em casa antes de decidir.",
    "Perguntou pela taxa e pelo prazo.",
    "Gostou da parcela; faltam os documentos.",
    "Explicou o que precisa; enviei as condições.",
)
_PROMISED = (
    "Pediu para ligar de novo.",
    "Combinamos conversar com a proposta na mão.",
    "Estava no trabalho; prefere outro horário.",
    "Manda os documentos até lá.",
)


def unanswered(when: datetime, rnd: Random) -> dict[str, Any]:
    return _talk(ActivityKind.LIGACAO, Result.NAO_ATENDEU, rnd.choice(_UNANSWERED), when)


def answered(when: datetime, rnd: Random) -> dict[str, Any]:
    return _talk(rnd.choice(_KINDS), Result.ATENDEU, rnd.choice(_ANSWERED), when)


def promised(when: datetime, again: datetime, rnd: Random) -> dict[str, Any]:
    """`again`: when they are to talk next."""
    talk = _talk(ActivityKind.LIGACAO, Result.AGENDOU, rnd.choice(_PROMISED), when)
    return talk | {"prevista_para": again}


def _talk(kind: ActivityKind, result: Result, text: str, when: datetime) -> dict[str, Any]:
    return {"tipo": kind.value, "resultado": result.value, "texto": text, "concluida_em": when}
