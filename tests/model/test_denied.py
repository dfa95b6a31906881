"""What names and values mean, whoever wrote them."""

import pytest

from services.rules import denied
from services.rules.denied.refusals import FREE_TEXT, PERSONAL, PROTECTED
from tests.model import denied_names as names

KINDS = (
    (PROTECTED, names.PROTECTED),
    (PERSONAL, names.PERSONAL),
    (FREE_TEXT, names.FREE_TEXT),
    (denied.AGE, names.AGE),
    (denied.PLACE, names.PLACE),
    (None, names.FREE),
)


@pytest.mark.parametrize(
    ("name", "expected"), [(name, refusal) for refusal, listed in KINDS for name in listed]
)
def test_a_name_is_refused_for_what_it_means(name: str, expected: denied.Refusal | None) -> None:
    assert denied.by_name(f"atributos.{name}") is expected


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ("M|F", PROTECTED),
        ("H|M", PROTECTED),
        ("Masc.|Fem.", PROTECTED),
        ("Masculino|Feminino|Outro|Não informado", PROTECTED),
        ("Masculino|Feminino|Outro|Não informado|Prefiro não dizer|N/A", PROTECTED),
        ("male|female|unknown", PROTECTED),
        ("Casado(a)|Solteiro(a)|Viúvo(a)|Divorciado(a)", PROTECTED),
        ("Casado(a)|Solteiro(a)|União estável", PROTECTED),
        ("Married-civ-spouse|Never-married|Divorced|Widowed", PROTECTED),
        ("Husband|Wife|Other", PROTECTED),
        ("heterossexual|homossexual|bissexual", PROTECTED),
        ("Heterossexual|Prefiro não dizer|Gay", PROTECTED),
        ("catolico romano|evangélico pentecostal|nenhuma", PROTECTED),
        ("Católica|Espírita|Outros", PROTECTED),
        ("branca|parda|preta|não declarada", PROTECTED),
        ("01310-100|04567-000", denied.PLACE),
        ("01310100|04567000|88015200", denied.PLACE),
        ("18-25|26-35|36-45", denied.AGE),
        ("18 a 25 anos|26 a 40 anos|60 ou mais", denied.AGE),
        ("até 17|18-25|26-59|60+|não informado", denied.AGE),
        ("18-25|60+", denied.AGE),
        ("20240105|20251130", denied.CALENDAR),
        ("jan|fev|mar", denied.CALENDAR),
        ("P|M|G", None),
        ("A|B|C|F", None),
        ("1-10|11-50|51-200", None),
        ("1-12|13-24|25-36", None),
        ("0-20|20-40|80-100", None),
        ("12|24|36|48", None),
        ("1 a 3 anos|4 a 10 anos", None),
        ("preto|branco|prata|vermelho|azul|cinza", None),
        ("sim|não|Não informado", None),
        ("outro|não informado", None),
        ("católica", None),
        ("casa|apartamento", None),
        ("single|duplo|triplo", None),
        ("SP|RJ|MG", None),
        ("facebook|google|indicação", None),
        ("123456|234567", None),
    ],
)
def test_values_are_refused_for_what_they_mean(
    values: str, expected: denied.Refusal | None
) -> None:
    assert denied.by_values(values.lower().split("|")) is expected


@pytest.mark.parametrize(
    ("numbers", "expected"),
    [
        ([1310100, 4567000, 88015200], denied.PLACE),
        ([20240105, 20251130], denied.CALENDAR),
        ([1500, 250000, 88015200], None),
        ([1310100.5, 4567000.25], None),
        ([18, 25, 40], None),
        ([], None),
    ],
)
def test_numbers_may_be_days_and_places(
    numbers: list[float], expected: denied.Refusal | None
) -> None:
    assert denied.by_numbers(numbers) is expected
