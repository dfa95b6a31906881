"""Every pair of colours in which the panel writes can be read, light and dark (WCAG 2.2 AA)."""

import re

import pytest

from config import ROOT

TOKENS = (ROOT / "dashboard" / "styles" / "tokens.css").read_text("utf-8")
LIGHT, DARK = TOKENS.split("@media screen and (prefers-color-scheme: dark)")
READ, SEEN = 4.5, 3.0  # text; the edge of a field, the outline of the keyboard's place
# (what is written, on what)
TEXT = [
    *(("ink", on) for on in ("ground", "surface", "sunken")),
    *(("muted", on) for on in ("ground", "surface", "sunken")),
    *(("accent", on) for on in ("ground", "surface", "sunken")),
    *(("danger", on) for on in ("ground", "surface", "sunken")),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("on-soft", "accent-soft"),
    ("on-hot", "hot"),
    ("on-warm", "warm"),
    ("on-cold", "cold"),
    ("on-danger-soft", "danger-soft"),
    ("surface", "danger"),
    ("ground", "ink"),
]
EDGES = [("edge", "surface"), ("edge", "ground"), ("accent", "ground"), ("accent", "surface")]


def colours(scheme: str) -> dict[str, str]:
    return dict(re.findall(r"--([a-z-]+): (#[0-9a-f]{6});", scheme))


def luminance(colour: str) -> float:
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.parametrize("scheme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_can_be_read_and_edges_be_seen(scheme: str) -> None:
    known = colours(scheme)
    found = {
        (one, on): contrast(known[one], known[on])
        for pairs, least in ((TEXT, READ), (EDGES, SEEN))
        for one, on in pairs
        if contrast(known[one], known[on]) < least
    }
    assert found == {}


def test_both_schemes_have_every_colour() -> None:
    assert colours(LIGHT).keys() == colours(DARK).keys()


def test_no_other_file_has_colours_of_its_own() -> None:
    for path in (ROOT / "dashboard").rglob("*.css"):
        if path.name != "tokens.css":
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b|rgb\(|hsl\(", path.read_text("utf-8")) == []
