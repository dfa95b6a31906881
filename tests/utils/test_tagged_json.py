"""What is packed, sent through JSON and unpacked is what it was, with its types."""

import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.wire.tagged_json import pack, unpack

_SIGNS = ["$instante", "$dia", "$decimal", "$objeto", "a"]
_LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text()
    | st.dates()
    | st.datetimes(timezones=st.just(UTC))
    | st.decimals(allow_nan=False, allow_infinity=False)
)
_VALUES = st.recursive(
    _LEAVES,
    lambda inner: (
        st.lists(inner) | st.dictionaries(st.sampled_from(_SIGNS) | st.text(max_size=3), inner)
    ),
)


def there_and_back(value: Any) -> Any:
    return unpack(json.loads(json.dumps(pack(value))))


@given(_VALUES)
def test_a_value_comes_back_equal(value: Any) -> None:
    assert there_and_back(value) == value


@pytest.mark.parametrize("value", [date(2026, 3, 1), datetime(2026, 3, 1, tzinfo=UTC), Decimal(1)])
def test_its_type_comes_back_too(value: Any) -> None:
    assert type(there_and_back(value)) is type(value)


def test_an_object_that_looks_like_one_of_ours_is_the_callers() -> None:
    for value in ({"$dia": "nada"}, {"$objeto": {"$decimal": "x"}}, {"x": {"$instante": 1}}):
        assert there_and_back(value) == value
