"""Cursors: ours come back as they were, everything else is one and the same error."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.wire.cursors import MAX_CURSOR, InvalidCursor, decode_cursor, encode_cursor

_KEY = b"k" * 32
_SCOPE = "equipe=1&ordenar=-criado_em&etapa=novo"
_CURSOR = encode_cursor(_KEY, _SCOPE, ["2026-11-23T22:12:42.123456Z", 7, None])

_CURSOR_VALUES = st.lists(
    st.none() | st.integers() | st.text(st.characters(exclude_categories=["Cs"]), max_size=20),
    max_size=4,
)


@given(_CURSOR_VALUES, st.text(st.characters(exclude_categories=())))
def test_round_trip(values: list[str | int | None], scope: str) -> None:
    cursor = encode_cursor(_KEY, scope, values)
    assert decode_cursor(_KEY, scope, cursor) == values
    assert set(cursor) <= set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")


def test_another_scope_or_key_is_refused() -> None:
    for key, scope in ((_KEY, _SCOPE + "&uf=SP"), (_KEY, ""), (b"x" * 32, _SCOPE)):
        with pytest.raises(InvalidCursor):
            decode_cursor(key, scope, _CURSOR)


def test_scope_is_not_inside_and_cannot_run_into_the_payload() -> None:
    assert len(encode_cursor(_KEY, "x" * 5000, [1])) == len(encode_cursor(_KEY, "", [1]))
    assert encode_cursor(_KEY, "a[1]", [])[:22] != encode_cursor(_KEY, "a", [1])[:22]


def test_every_single_change_is_refused() -> None:
    for place in range(len(_CURSOR)):
        for char in "AZ_=\n ":
            changed = _CURSOR[:place] + char + _CURSOR[place + 1 :]
            if changed != _CURSOR:
                with pytest.raises(InvalidCursor):
                    decode_cursor(_KEY, _SCOPE, changed)


@pytest.mark.parametrize(
    "change",
    [
        lambda cursor: cursor + "=",
        lambda cursor: cursor + "\n",
        lambda cursor: cursor + "A",
        lambda cursor: cursor[:-1],
        lambda cursor: cursor[:21],
        lambda cursor: "!" + cursor,
        lambda cursor: cursor + "A" * 2000,
    ],
)
def test_one_spelling_only(change) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(InvalidCursor):
        decode_cursor(_KEY, _SCOPE, change(_CURSOR))


@given(st.text(st.characters(exclude_categories=())))
def test_junk_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        decode_cursor(_KEY, _SCOPE, text)


def test_length_is_bounded_both_ways() -> None:
    assert len(encode_cursor(_KEY, _SCOPE, ["x" * 740])) <= MAX_CURSOR
    with pytest.raises(ValueError, match="too long"):
        encode_cursor(_KEY, _SCOPE, ["x" * 800])
    with pytest.raises(InvalidCursor):
        decode_cursor(_KEY, _SCOPE, "A" * 10_000_000)
