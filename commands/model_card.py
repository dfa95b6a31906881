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
