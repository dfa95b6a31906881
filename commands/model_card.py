"""The model card as lines for a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

_FIGURES = {"auc": "AUC", "brier": "Brier", "log_loss": "Perda logarítmica", "ece": "ECE"}


def lines_of(card: Mapping[str, Any]) -> Iterator[str]:
    yield f"Modelo {card['versao']}: {card['estado']}"
    if card["motivo"]:
        yield card["motivo"]
    yield f"Leads fechados: {card['n']}, ganhos: {card['ganhos']}"
    if card["janela"]:
        yield f"De {card['janela']['de'][:10]} a {card['janela']['ate'][:10]}"
    for name, title in _FIGURES.items():
        if (found := card[name]) is not None:
            yield f"{title}: {found['valor']:.3f} ({found['de']:.3f} a {found['ate']:.3f})"
    yield from _calibration(card)
    yield from _points(card)
    for each in card["excluidos"]:
        yield f"Fora: {each['campo']}. {each['motivo']}"
    for each in card["deriva"]:
        if each["alerta"]:
            yield f"Mudou: {each['campo']} (PSI {each['psi']:.2f}, {each['alerta']})"
    if latest := card["ultimos"]:
        yield _latest(latest)
    yield from _groups(card)


def _calibration(card: Mapping[str, Any]) -> Iterator[str]:
    if card["calibracao"]:
        yield "Dito e acontecido:"
    for row in card["calibracao"]:
        said, came = f"{row['previsto']:7.1%}", f"{row['observado']:7.1%}"
        yield f"  {said} {came} em {row['n']} leads"


def _points(card: Mapping[str, Any]) -> Iterator[str]:
    for field in card["campos"]:
        yield f"{field['campo']}:"
        for each in field["faixas"]:
            won = f"{each['ganhos']} de {each['n']}"
            yield f"  {each['pontos']:+.2f}  {each['rotulo']} ({won})"


def _latest(told: Mapping[str, Any]) -> str:
    came = f"{told['ganhos']} ganhos, {told['esperados']:.1f} esperados"
    ratio = told["motivo"] if told["razao"] is None else f"razão {told['razao']:.2f}"
    alert = f", {told['alerta']}" if told["alerta"] else ""
    return f"Últimos {told['n']}: {came}; {ratio}{alert}"


def _groups(card: Mapping[str, Any]) -> Iterator[str]:
    if card["grupos"]:
        yield "Por grupo, AUC e previsto menos acontecido:"
    for each in card["grupos"]:
        found = each["motivo"] or f"{each['auc']:.3f} {each['diferenca']:+.1%}"
        yield f"  {each['campo']} {each['grupo']}: {found} ({each['ganhos']} de {each['n']})"
