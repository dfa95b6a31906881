"""The calibration as a picture: of unseen leads, what was predicted against what came of it."""

from collections.abc import Iterator
from math import ceil
from pathlib import Path

from services.model.numerics.columns import Floats
from services.model.numerics.quality import calibration

_SIZE, _EDGE, _RADIUS = 360, 48, 5  # pixels
_INK, _PALE, _MARK = "#2b3b37", "#b9c4c0", "#0b7a5b"


def draw(logits: Floats, won: Floats, path: Path) -> None:
    """An SVG with one mark for each part of the leads, all of one size."""
    path.write_text("\n".join(_lines(logits, won)) + "\n", "utf-8")


def _lines(logits: Floats, won: Floats) -> Iterator[str]:
    parts = [(said, true) for _, _, _, said, true in calibration(logits, won)]
    tenths = ceil(10 * max(max(part) for part in parts))
    whole = _SIZE + 2 * _EDGE
    yield f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" role="img">'
    yield "<title>A chance prevista e quantos leads fecharam</title>"
    yield '<rect width="100%" height="100%" fill="#ffffff"/>'
    yield f'<g font-family="sans-serif" font-size="12" fill="{_INK}">'
    for tick in range(tenths + 1):
        yield from _tick(tick / tenths, f"{tick * 10} %")
    yield f'<path d="M{_across(0)} {_up(0)}L{_across(1)} {_up(1)}" stroke="{_PALE}"/>'
    for said, true in parts:
        x, y = (10 * each / tenths for each in (said, true))
        yield f'<circle cx="{_across(x)}" cy="{_up(y)}" r="{_RADIUS}" fill="{_MARK}"/>'
    yield _text(whole / 2, whole - 8, "chance prevista")
    yield _text(14, whole / 2, "fecharam", turned=True)
    yield "</g>"
    yield "</svg>"


def _tick(share: float, label: str) -> Iterator[str]:
    x, y = _across(share), _up(share)
    yield f'<path d="M{x} {_up(0)}V{_up(1)}M{_across(0)} {y}H{_across(1)}" stroke="{_PALE}"/>'
    yield _text(x, _up(0) + 18, label)
    yield _text(_across(0) - 22, y + 4, label)


def _text(x: float, y: float, text: str, *, turned: bool = False) -> str:
    turn = f' transform="rotate(-90 {x} {y})"' if turned else ""
    return f'<text x="{x}" y="{y}" text-anchor="middle"{turn}>{text}</text>'


def _across(share: float) -> float:
    return round(_EDGE + share * _SIZE, 1)


def _up(share: float) -> float:
    return round(_EDGE + (1 - share) * _SIZE, 1)
