"""Ids of other systems: as written, unless a spreadsheet has changed them."""

import pytest

from utils.external_ids import InvalidExternalId, normalize_external_id


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (" crm-4711 ", "crm-4711"),
        ("007", "007"),
        ("12345.0", "12345"),
        ("007.0", "007.0"),
        ("1.0.0", "1.0.0"),
        ("12E3", "12E3"),
        ("1,5", "1,5"),
    ],
)
def test_an_id_stays_what_it_is(text: str, expected: str) -> None:
    assert normalize_external_id(text) == expected


@pytest.mark.parametrize("text", ["1,23E+15", "1.2345E+11", "1.23e15", "1e+16", "-1,2E-05"])
def test_an_id_that_lost_digits_is_refused(text: str) -> None:
    with pytest.raises(InvalidExternalId):
        normalize_external_id(text)
