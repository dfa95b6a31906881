"""Activities as sentences: what was done, with its result, or what is promised. Their texts are
told as data."""

from typing import NamedTuple

from models.activity import ActivityKind, Result
from services.timeline.people import MACHINE, actor, moment
from services.timeline.reading import Told


class _Words(NamedTuple):
    """What a person did, how it is called, and what is promised."""

    did: str
    noun: str
    promised: str


_WORDS: dict[str, _Words] = {
    ActivityKind.LIGACAO: _Words("ligou", "ligação", "Ligação combinada"),
    ActivityKind.WHATSAPP: _Words(
        "escreveu no WhatsApp", "mensagem no WhatsApp", "Mensagem no WhatsApp combinada"
    ),
    ActivityKind.EMAIL: _Words("mandou um e-mail", "mensagem de e-mail", "E-mail combinado"),
    ActivityKind.REUNIAO: _Words("fez uma reunião", "reunião", "Reunião combinada"),
    ActivityKind.NOTA: _Words("fez uma anotação", "anotação", "Anotação prevista"),
    ActivityKind.TAREFA: _Words("fez uma tarefa", "tarefa", "Retorno combinado"),
}
_OTHER = _Words("fez uma atividade", "atividade", "Atividade combinada")
_RESULTS: dict[str, str] = {
    Result.ATENDEU: "atendeu",
    Result.NAO_ATENDEU: "não atendeu",
    Result.NUMERO_ERRADO: "contato errado",
    Result.SEM_INTERESSE: "sem interesse",
    Result.AGENDOU: "agendou",
    Result.NAO_CONTATAR: "não quer ser contatado",
    Result.OUTRO: "outro resultado",
}


def sentence(told: Told, zone: str) -> str:
    words = _WORDS.get(told.tipo, _OTHER)
    if told.prevista_para is not None and told.resultado is None:
        promise = f"{words.promised} para {moment(told.prevista_para, zone)}"
        if told.encerrada:
            return f"{promise}: tarefa encerrada."
        return f"{promise}." if told.concluida_em is None else f"{promise}: feito."
    result = "" if told.resultado is None else f": {_RESULTS.get(told.resultado, told.resultado)}"
    return f"{_done(told, words)}{result}."


def _done(told: Told, words: _Words) -> str:
    """A program does not call anybody: it tells that somebody did."""
    if name := actor(told):
        return f"{name} {words.did}"
    if told.chave_id is not None:
        return f"{MACHINE.capitalize()} registrou uma {words.noun}"
    return words.noun[0].upper() + words.noun[1:]
