"""Cells as spreadsheets mangle them: each is right, or says nothing, or is refused by its line.

Never is it another value that is valid too: that one is a stranger's, or an amount nobody named.
"""

import csv
import json
from decimal import Decimal

from hypothesis import assume, given, settings
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf

from services.imports.converting.literal import literal
from services.imports.reading.reader import UnreadableFile
from tests.support.leads import cpf_of
from tests.support.parsed import column, parsed, written
from utils.brazil.phones import phone_match_key
from utils.text import InvalidText, clean_text

DDD = st.sampled_from(["11", "21", "27", "47", "48", "55", "81", "85", "99"])
MOBILE = st.builds("9{:08d}".format, st.integers(0, 10**8 - 1))
LANDLINE = st.builds("{}{:07d}".format, st.sampled_from("2345"), st.integers(0, 10**7 - 1))
PHONES = st.tuples(DDD, MOBILE | LANDLINE)
CPFS = st.from_regex(r"[0-9]{9}", fullmatch=True).map(cpf_of)
CNPJS = st.from_regex(r"[0-9A-Z]{12}", fullmatch=True).map(lambda n: n + cnpj.calc_check_digits(n))
IDS = st.integers(1, 10**18).map(str)
# What is added to a whole number by spreadsheets, and by people who had two things to say.
TAILS = st.sampled_from(
    [
        ".0",
        ".00",
        ",0",
        ",00",
        ".5",
        ",50",
        "/7",
        "-7",
        " 7",
        " / 8",
        ".7",
        " ramal 12",
        "#3",
        "E+10",
    ]
)
MARKS = st.sampled_from([".", ",", "/", "-", " ", "(", ")", " - ", ". ", "\u00a0", "\u2011"])


def rounded(number: str) -> list[str]:
    value = int(number)
    return [f"{value:.2E}".replace(".", ","), f"{value:.5E}", f"{value:.4e}", f"{value:.10E}"]


def thousands(number: str) -> list[str]:
    return [f"{int(number):,}", f"{int(number):,}".replace(",", "."), f"{int(number):,}.00"]


@st.composite
def mangled(draw: st.DrawFn, number: str) -> str:
    """The number, with a mark where none belongs, a tail, as a float, or in thousands."""
    digits = "".join(filter(str.isdigit, number)) or "0"
    place = draw(st.integers(1, len(number)))
    marked = number[:place] + draw(MARKS) + number[place:]
    assume(not marked.endswith(".0"))  # that is a shorter number in a column of decimals
    tailed = number + draw(TAILS)
    return draw(st.sampled_from([number, marked, tailed, *rounded(digits), *thousands(digits)]))


@st.composite
def cut(draw: st.DrawFn, number: str) -> str:
    """What is no such number, though it has its digits: the last of them behind a mark."""
    return number[:-1] + draw(st.sampled_from([".", ",", "/", "-", " "])) + number[-1]


@st.composite
def phones(draw: st.DrawFn) -> tuple[str, str | None]:
    """(as mangled, as it is); None where it is nobody's."""
    ddd, number = draw(PHONES)
    if number[-1] != "0" and draw(st.booleans()):
        return draw(cut(ddd + number)), None
    masked = f"({ddd}) {number[:-4]}-{number[-4:]}"
    spelled = draw(st.sampled_from([ddd + number, masked, f"+55 {masked}", f"{ddd} {number}"]))
    return draw(mangled(spelled)), f"+55{ddd}{number}"


@st.composite
def documents(draw: st.DrawFn) -> tuple[str, str | None]:
    number = draw(CPFS | CNPJS)
    if draw(st.booleans()):
        return draw(cut(number)), None
    masked = cpf.format(number) if len(number) == 11 else cnpj.format(number)
    return draw(mangled(draw(st.sampled_from([number, masked])))), number


@st.composite
def ids(draw: st.DrawFn) -> tuple[str, str | None]:
    number = draw(IDS)
    return draw(st.sampled_from([number, number + ".0", *rounded(number)])), number


def right_or_refused(field: str, pairs: list[tuple[str, str | None]]) -> None:
    values, _ = column(field, [cell for cell, _ in pairs])
    for value, (cell, truth) in zip(values, pairs, strict=True):
        assert value in (None, truth), cell


@given(st.lists(phones(), min_size=1, max_size=20))
@settings(max_examples=200)
def test_phones(pairs: list[tuple[str, str | None]]) -> None:
    values, _ = column("telefone", [cell for cell, _ in pairs])
    for value, (cell, truth) in zip(values, pairs, strict=True):
        assert value is None or (truth and phone_match_key(value) == phone_match_key(truth)), cell


@given(st.lists(documents(), min_size=1, max_size=20))
@settings(max_examples=200)
def test_documents(pairs: list[tuple[str, str | None]]) -> None:
    right_or_refused("documento", pairs)


@given(st.lists(ids(), min_size=1, max_size=20))
def test_ids(pairs: list[tuple[str, str | None]]) -> None:
    right_or_refused("id_externo", pairs)


AMOUNTS = st.decimals(0, 10**7, places=2)


def brazilian(amount: Decimal) -> str:
    return f"{amount:,.2f}".translate(str.maketrans(",.", ".,"))


NOTATIONS = {
    "Brazilian": [
        brazilian,
        lambda amount: "R$ " + brazilian(amount),
        lambda amount: brazilian(amount).replace(".", ""),
        lambda amount: brazilian(amount)[:-3] if amount == int(amount) else brazilian(amount),
        lambda amount: brazilian(amount).removesuffix("0"),
    ],
    "American": [
        "{:.2f}".format,
        "{:,.2f}".format,
        "R$ {:.2f}".format,
        lambda amount: f"{amount:,.0f}" if amount == int(amount) else f"{amount:.2f}",
        lambda amount: str(float(amount)),
        lambda amount: f"{amount:.2f}".removesuffix("0"),
        "{:.3f}".format,
    ],
}
WHOLE_AND_BROKEN = AMOUNTS | st.integers(0, 10**7).map(Decimal)


@st.composite
def columns_of_money(draw: st.DrawFn) -> list[tuple[str, Decimal]]:
    """(as written, the amount) of one column: in one notation, however it is used."""
    notation = draw(st.sampled_from(sorted(NOTATIONS)))
    write = st.sampled_from(NOTATIONS[notation])
    amounts = draw(st.lists(WHOLE_AND_BROKEN, min_size=1, max_size=20))
    pairs = [(draw(write)(amount), amount) for amount in amounts]
    # Brazilians wrote what shows nothing: 1.500 alone is not one and a half.
    return pairs if notation == "Brazilian" else [*pairs, ("0.75", Decimal("0.75"))]


@given(columns_of_money())
@settings(max_examples=200)
def test_money(pairs: list[tuple[str, Decimal]]) -> None:
    values, _ = column("valor", [cell for cell, _ in pairs])
    for value, (cell, amount) in zip(values, pairs, strict=True):
        assert value is None or Decimal(value) / 100 == amount, cell


@given(columns_of_money())
@settings(max_examples=200)
def test_numbers_among_attributes(pairs: list[tuple[str, Decimal]]) -> None:
    """A number, or the text as it is written."""
    taken, _ = parsed(written([["uf", "x"], *(["SP", cell] for cell, _ in pairs)]))
    for row, (cell, amount) in zip(taken.values(), pairs, strict=True):
        value = json.loads(row["atributos"] or "", parse_float=Decimal)["x"]
        assert value == (cell if isinstance(value, str) else amount), cell


@given(st.sampled_from(["%d/%m/%Y", "%m/%d/%Y"]), st.lists(st.dates(), min_size=1, max_size=20))
@settings(max_examples=200)
def test_dates(form: str, days: list) -> None:
    days = [day for day in days if 1900 < day.year < 2200]
    # What shows nothing is read as Brazilians write it, which is documented and may be wrong.
    assume(form == "%d/%m/%Y" or any(day.day > 12 for day in days))
    values, refused = column("proximo_contato_em", [day.strftime(form) for day in days])
    assert refused == set()
    assert [value and value[:10] for value in values] == [
        # Midnight in São Paulo is later in Greenwich, on the same day.
        day.isoformat()
        for day in days
    ]


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",)), max_size=60), min_size=1))
@settings(max_examples=200)
def test_names(names: list[str]) -> None:
    rows = [["uf", "nome"], *(["SP", name] for name in names)]
    text = written(rows, quoting=csv.QUOTE_ALL)
    try:
        taken, errors = parsed(text)
    except UnreadableFile:  # a name that looks like further lines
        return
    kept = [row["nome"] for row in taken.values()]
    truths = {_clean(name) for name in names} | {None}
    assert all(name in truths for name in kept)
    assert {error["campo"] for error in errors} <= {"nome"}
    assert len(kept) + len({error["linha"] for error in errors}) == len(names)


def _clean(name: str) -> str | None:
    value = name.strip()
    value = literal("nome", value) or value
    try:
        return clean_text(value) or None
    except InvalidText:
        return None
