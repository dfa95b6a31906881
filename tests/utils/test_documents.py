"""CPF and CNPJ: every honest spelling gives one number, everything else is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.br import cnpj, cpf

from utils.brazil.documents import InvalidDocument, normalize_document


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("111.444.777-35", "11144477735"),
        ("  11144477735\n", "11144477735"),
        ("111 444 777 35", "11144477735"),
        ("111.444.777/35", "11144477735"),
        ("111.444.777–35", "11144477735"),
        ("\u200b111.444.777-35\ufeff", "11144477735"),
        ("１１１．４４４．７７７－３５", "11144477735"),
        ("111.444.777.35", "11144477735"),
        ("111444777-35", "11144477735"),
        ("111.44477735", "11144477735"),
        ("11144477735.0", "11144477735"),
        ("16727230/0001-97", "16727230000197"),
        ("16.727.230/0001-97", "16727230000197"),
        ("16727230000197", "16727230000197"),
        ("12.ABC.345/01DE-35", "12ABC34501DE35"),
        ("12abc34501de35", "12ABC34501DE35"),
        ("１２ａｂｃ３４５０１ｄｅ３５", "12ABC34501DE35"),
    ],
)
def test_accepts_every_spelling(text: str, expected: str) -> None:
    assert normalize_document(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "111.444.777-36",
        "1114447773",
        # Decimals and thousands whose digits, put together, are somebody's.
        "2914177798.0",
        "291417779.80",
        "111444.77735",
        "29.141.777.980",
        "1114447773.5",
        "1.1144477735E+10",
        "111.444.777-35/2",
        "11 144 477 735",
        "111444777350",
        "11144477A35",
        "16.727.230/0001-98",
        "12.ABC.345/01DE-36",
        "12ABC34501DEA5",
        "00000000000000",
        "1672723000019",
        "167272300001970",
        "²¹¹44477735",
        "١١١٤٤٤٧٧٧٣٥",
        "12ABC34501DE٣٥",
        "12ABC34501DE35\x00",
        "12ıBC34501DE35",
        "\ud800" * 11,
        "1" * 10_000,
        " " * 10_000 + "11144477735",
    ],
)
def test_refuses_anything_else(text: str) -> None:
    with pytest.raises(InvalidDocument):
        normalize_document(text)


@pytest.mark.parametrize("digit", "0123456789")
@pytest.mark.parametrize("length", [11, 14])
def test_refuses_one_digit_repeated(digit: str, length: int) -> None:
    with pytest.raises(InvalidDocument):
        normalize_document(digit * length)


@given(st.text(alphabet="0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=12, max_size=12))
def test_alphanumeric_cnpj_with_its_check_digits_passes(root: str) -> None:
    number = root + cnpj.calc_check_digits(root)
    if len(set(number)) > 1 and not number.startswith("0" * 12):
        assert normalize_document(cnpj.format(number).lower()) == number


@given(st.text(max_size=80))
def test_arbitrary_text_gives_a_bare_number_or_our_error(text: str) -> None:
    try:
        number = normalize_document(text)
    except InvalidDocument:
        return
    assert len(number) in (11, 14)
    assert normalize_document(number) == number


@given(st.text("0123456789", min_size=9, max_size=9))
def test_check_digits_agree_with_the_library(stem: str) -> None:
    for number in (f"{stem}{digits:02d}" for digits in range(100)):
        expected = cpf.is_valid(number) and number != number[0] * 11
        try:
            accepted = normalize_document(number) == number
        except InvalidDocument:
            accepted = False
        assert accepted == expected
