"""What happened, as a sentence in Portuguese. It names people and stages as they are called today,
and tells nothing of the lead itself."""

from collections.abc import Sequence

from models.event import EventKind
from services.timeline import activities
from services.timeline.people import by, subject
from services.timeline.reading import ACTIVITY, Told

# What the kind of an event alone tells.
_SAID: dict[str, str] = {
    EventKind.LEAD_CRIADO: "criou o lead",
    EventKind.LEAD_EXCLUIDO: "excluiu o lead",
    EventKind.LEAD_RESTAURADO: "restaurou o lead",
    EventKind.LEAD_DESFEITO: "desfez a importação",
    EventKind.LEAD_PULADO: "pulou o lead na fila",
    EventKind.LEAD_LIBERADO: "devolveu o lead à fila",
    EventKind.RESERVA_ENCERRADA: "encerrou uma reserva do lead",
    EventKind.ATIVIDADE_CRIADA: "registrou uma atividade",
    EventKind.ATIVIDADE_ALTERADA: "mudou uma atividade",
    EventKind.ATIVIDADE_EXCLUIDA: "excluiu uma atividade",
    EventKind.SCORE_REVISAO_PEDIDA: "pediu a revisão do score",
    EventKind.SCORE_REVISAO_DECIDIDA: "decidiu a revisão do score",
    EventKind.SCORE_AJUSTADO: "ajustou o score",
    EventKind.SCORE_AJUSTE_REMOVIDO: "retirou o ajuste do score",
}
_CHANGES = frozenset({EventKind.LEAD_ALTERADO, EventKind.LEAD_MOVIDO})
# Every kind of event that may be of a lead.
OF_LEADS = frozenset(_SAID) | _CHANGES
_UNKNOWN = "registrou uma mudança"
# Fields as they are called in a sentence; the others are called as they are written.
_NAMES = {
    "nome": "o nome",
    "email": "o e-mail",
    "telefone": "o telefone",
    "documento": "o documento",
    "empresa": "a empresa",
    "cidade": "a cidade",
    "uf": "a UF",
    "produto": "o produto",
    "valor": "o valor",
    "renda_mensal": "a renda mensal",
    "origem": "a origem",
    "campanha": "a campanha",
    "etiquetas": "as etiquetas",
    "etapa": "a etapa",
    "etapa_desde": "a data de entrada na etapa",
    "motivo_perda": "o motivo da perda",
    "responsavel_id": "o responsável",
    "proximo_contato_em": "o próximo contato",
    "ultimo_contato_em": "o último contato",
    "fechado_em": "a data do fechamento",
    "previsto_para": "a previsão de fechamento",
    "nao_contatar_em": "a permissão de contato",
    "contatos": "os contatos",
    "atributos": "os atributos",
    "id_externo": "o código externo",
    "criado_em": "a data de criação",
}
# What a move brings with it.
_OF_A_MOVE = frozenset({"etapa", "etapa_desde", "motivo_perda", "fechado_em"})
# Comes with the last contact, which is told.
_SILENT = frozenset({"primeira_resposta_em"})
_NAMED = 3  # fields of one sentence; the others are counted


def sentence(told: Told, zone: str) -> str:
    """One sentence with its full stop. `zone`: the tenant's."""
    if told.origem == ACTIVITY:
        return activities.sentence(told, zone)
    if told.tipo == EventKind.LEAD_CRIADO and told.importacao_id is not None:
        return f"Importado {by(told)}."
    return f"{subject(told)} {_done(told)}{_way(told)}."


def _done(told: Told) -> str:
    return _changed(told) if told.tipo in _CHANGES else _SAID.get(told.tipo, _UNKNOWN)


def _way(told: Told) -> str:
    """How it was done, where that was not one lead at a time and has not been said."""
    if told.tipo == EventKind.LEAD_DESFEITO:
        return ""
    if told.importacao_id is not None:
        return ", por importação"
    return "" if told.trabalho_id is None else ", em lote"


def _changed(told: Told) -> str:
    """A move, who cares for the lead from now on, and the other fields."""
    fields = set(told.campos or ()) - _SILENT
    parts = []
    if told.de_etapa != told.para_etapa:
        parts.append(f"moveu de {_stage(told, 'de')} para {_stage(told, 'para')}")
        fields -= _OF_A_MOVE
    if "responsavel_id" in (told.dados or {}):
        parts.append(_given(told))
        fields -= {"responsavel_id"}
    if fields:
        parts.append(f"mudou {_listed([_NAMES.get(name, name) for name in sorted(fields)])}")
    return _joined(parts) if parts else "mudou o lead"


def _stage(told: Told, which: str) -> str:
    """Its name of today; a stage is archived, never deleted."""
    return str(getattr(told, f"{which}_nome") or getattr(told, f"{which}_etapa"))


def _given(told: Told) -> str:
    owner = (told.dados or {})["responsavel_id"]
    if owner is None:
        return "deixou o lead sem responsável"
    if owner == told.usuario_id and told.chave_id is None:
        return "assumiu o lead"
    return f"passou o lead para {told.dono}"


def _listed(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    if more <= 1:  # one more is as short as its count
        return _joined(names)
    return _joined([*names[:_NAMED], f"mais {more} campos"])


def _joined(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} e {last}" if first else last
