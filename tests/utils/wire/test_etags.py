"""ETags: a version is sent and read back, even if a proxy has changed the header."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.wire.etags import match_version, version_etag


def test_shapes() -> None:
    assert version_etag(12) == '"v12"'
    assert version_etag(12, "csv") == '"v12-csv"'


@given(st.integers(0, 10**18 - 1), st.from_regex(r"\A[A-Za-z0-9._~-]*\Z"))
def test_round_trip_whatever_the_variant(version: int, variant: str) -> None:
    if not variant.endswith("\n"):
        assert match_version(version_etag(version, variant)) == {version}


@pytest.mark.parametrize("variant", ['"', ",", " ", "é", "a\n", "\x00"])
def test_refuses_variants_that_break_the_header(variant: str) -> None:
    with pytest.raises(ValueError, match="invalid"):
        version_etag(1, variant)


def test_refuses_negative_versions() -> None:
    with pytest.raises(ValueError, match="invalid"):
        version_etag(-1)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("*", None),
        (" * ", None),
        ('W/"v3"', {3}),
        ('"v3", W/"v4-csv" ,"v5:gzip"', {3, 4}),
        ('"v3-csv-gzip"', {3}),
        ('"abc", "v7"', {7}),
        ('"abc"', set()),
        ('"a,b", "*"', set()),
        ('"v7", *', {7}),
        ("", set()),
        ("v7", set()),
        ('"v7', set()),
        ('"v07"', set()),
        ('"v-1"', set()),
        ('"v٣"', set()),
        ('"v' + "9" * 19 + '"', set()),
        ('"v1",' * 200, {1}),
        ('"v1",' * 201, set()),
        ('"' * 1_000_000, set()),
    ],
)
def test_match(header: str, expected: set[int] | None) -> None:
    assert match_version(header) == expected


@given(st.text())
def test_any_header_gives_versions_or_any(header: str) -> None:
    versions = match_version(header)
    assert versions is None or all(version >= 0 for version in versions)
