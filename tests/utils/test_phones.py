"""Phones: one E.164 spelling, old mobiles brought up to date, the shortcut held to the library."""

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.brazil.phones import InvalidPhone, normalize_phone, phone_match_key


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("(11) 98765-4321", "+5511987654321"),
        ("+55 11 98765-4321", "+5511987654321"),
        ("5511987654321", "+5511987654321"),
        ("011 98765-4321", "+5511987654321"),
        ("+55 (0)11 98765-4321", "+5511987654321"),
        ("0 15 11 98765-4321", "+5511987654321"),
        ("(11)9.8765.4321", "+5511987654321"),
        ("11\u00a098765\u20114321", "+5511987654321"),
        ("\u202a+55 11 98765-4321\u202c", "+5511987654321"),
        ("＋５５ １１ ９８７６５－４３２１", "+5511987654321"),
        ("(11) 3333-4444", "+551133334444"),
        ("55 99999-1234", "+5555999991234"),
        ("0800 123 4567", "+558001234567"),
        ("4004-1234", "+5540041234"),
        ("4799988776.0", "+5547999988776"),
        ("(055) 11 98765-4321", "+5511987654321"),
        ("+55 (47) 99988-7766", "+5547999887766"),
    ],
)
def test_brazilian_spellings(text: str, expected: str) -> None:
    assert normalize_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("11 8765-4321", "+5511987654321"),
        ("+55 11 8765-4321", "+5511987654321"),
        ("551167654321", "+5511967654321"),
        ("0 15 11 8765-4321", "+5511987654321"),
        ("11 7812-3456", "+5511978123456"),
        ("55 9999-1234", "+5555999991234"),
    ],
)
def test_old_mobile_gains_the_ninth_digit(text: str, expected: str) -> None:
    assert normalize_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("+1 650 253 0000", "+16502530000"),
        ("+351 912 345 678", "+351912345678"),
        ("00351912345678", "+351912345678"),
        ("00 55 11 98765-4321", "+5511987654321"),
        ("0055 31 98765-4321", "+5531987654321"),
        ("00 21 1 650 253 0000", "+16502530000"),
    ],
)
def test_international_spellings(text: str, expected: str) -> None:
    assert normalize_phone(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "+",
        "190",
        "98765-4321",
        "20 98765-4321",
        "00 98765-4321",
        "00 25234-5678",
        "11 1234-5678",
        "11 98765-43210",
        "11 98765-4321 / 11 3333-4444",
        "(47) 9998-8776/7",
        "(47) 9998-8776-7",
        "(47) 9998-8776 7",
        "4799-9887 760",
        "0 47 9998-8776 7",
        "11/98765-4321",
        "11987654321,00",
        "4799988776.5",
        "479.998.877.60",
        "4.79998E+10",
        "0800 123 456 7",
        "+1 000 000 0000",
        "55 + 11987654321",
        "1800-FLOWERS",
        "não tem",
        "11987654321\x00",
        "١١٩٨٧٦٥٤٣٢١",
        "\ud800",
        "1" * 10_000,
    ],
)
def test_refuses_what_cannot_be_dialled(text: str) -> None:
    with pytest.raises(InvalidPhone):
        normalize_phone(text)


@pytest.mark.parametrize("extension", ["ramal 12", "r. 12", "x12", "ext. 12", ";ext=12", "#12"])
def test_refuses_extensions(extension: str) -> None:
    with pytest.raises(InvalidPhone, match="sem ramal"):
        normalize_phone(f"11 3333-4444 {extension}")


def test_shortcut_agrees_with_the_library_on_the_whole_plan() -> None:
    for area in range(100):
        for first in range(100):
            for tail in ("234567", "2345678"):
                digits = f"{area:02}{first:02}{tail}"
                assert _ours(digits) == _theirs(digits), digits


@given(st.from_regex(r"\A(\+?55)?0?[1-9]{2}[2-9][0-9]{7,8}\Z"))
def test_shortcut_agrees_with_the_library_on_prefixes(text: str) -> None:
    assert _ours(text) == _theirs(text)


@given(st.text(alphabet="0123456789+() -", max_size=24))
def test_result_is_stable(text: str) -> None:
    number = _ours(text)
    if number is not None:
        assert normalize_phone(number) == number == phone_match_key(number)


def _ours(text: str) -> str | None:
    try:
        return normalize_phone(text)
    except InvalidPhone:
        return None


def _theirs(text: str) -> str | None:
    """Read with the library alone, after the one thing that we add to it: the ninth digit."""
    try:
        number = phonenumbers.parse(text, "BR")
    except phonenumbers.NumberParseException:
        return None
    national = str(number.national_number)
    if number.country_code == 55 and len(national) == 10 and national[2] in "6789":
        number = phonenumbers.parse(f"+55{national[:2]}9{national[2:]}")
    if not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


class TestMatchKey:
    def test_both_forms_of_a_mobile_meet(self) -> None:
        assert phone_match_key("+551187654321") == phone_match_key("+5511987654321")

    def test_landline_and_the_mobile_that_ends_like_it_stay_apart(self) -> None:
        assert phone_match_key("+551133334444") != phone_match_key("+5511933334444")

    @pytest.mark.parametrize("other", ["+16502530000", "+558001234567", "+5540041234", ""])
    def test_other_numbers_are_their_own_key(self, other: str) -> None:
        assert phone_match_key(other) == other
