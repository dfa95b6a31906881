"""The words of the panel for rules: each field and operator of the API, of the same kinds."""

import re

from config import ROOT
from services.rules.conditions import OPERATORS, Takes
from services.rules.fields import FIELDS, Kind

SOURCE = (ROOT / "dashboard" / "features" / "rules" / "vocabulary.js").read_text("utf-8")
_FIELD = re.compile(r'\{ value: "([\w.]+)", name: "[^"]+", kind: "(\w+)" \}')
_OPERATOR = re.compile(
    r'\{ value: "(\w+)", name: "[^"]+", takes: "(\w+)", kinds: ([A-Z]+|\[[^\]]*\]) \}'
)
TAKES = {Takes.NOTHING: "none", Takes.ONE: "one", Takes.PAIR: "pair", Takes.MANY: "many"}
TEXTS = {Kind.TEXTO, Kind.ATRIBUTO}
AMOUNTS = {Kind.DINHEIRO, Kind.NUMERO, Kind.ATRIBUTO}
SETS = {"TEXTS": TEXTS, "AMOUNTS": AMOUNTS, "COUNTABLE": TEXTS | AMOUNTS, "EVERY": set(Kind)}


def kinds(told: str) -> set[str]:
    return set(SETS[told]) if told in SETS else set(re.findall(r'"(\w+)"', told))


def test_it_knows_every_field_and_its_kind() -> None:
    assert dict(_FIELD.findall(SOURCE)) == {name: str(field.kind) for name, field in FIELDS.items()}


def test_it_knows_every_operator_and_what_it_compares() -> None:
    told = {name: (takes, kinds(each)) for name, takes, each in _OPERATOR.findall(SOURCE)}
    assert told == {
        name: (TAKES[each.takes], {str(kind) for kind in each.kinds})
        for name, each in OPERATORS.items()
    }
