"""Bodies that could be read in two ways, or bring the process down, are refused."""

import json
import subprocess
import sys
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.wire.strict_json import MalformedJson, parse_strict

_VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


@given(_VALUES, st.booleans())
def test_reads_what_the_library_writes(value: object, ascii_only: bool) -> None:
    raw = json.dumps(value, ensure_ascii=ascii_only).encode()
    assert parse_strict(raw) == value


@given(st.one_of(st.binary(), st.text(alphabet='[]{}",:\\u\n d80e19.-+NaI').map(str.encode)))
def test_only_our_error_escapes(raw: bytes) -> None:
    try:
        value = parse_strict(raw)
    except MalformedJson:
        return
    assert value == json.loads(raw)


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b" \n\t ",
        b"{",
        b"{]",
        b"[1,]",
        b"{} {}",
        b"'a'",
        b'{"a": 1, "a": 1}',
        b'{"a": 1, "\\u0061": 2}',
        b'{"x": [{"y": {"a": 1, "a": 2}}]}',
        b"NaN",
        b"[Infinity]",
        b"-Infinity",
        b"1e400",
        b"[-1e400]",
        b"1" * 4301,
        b"-" + b"1" * 4301,
        b'"\xff"',
        b'"\xed\xa0\x80"',
        b'\xef\xbb\xbf{"a": 1}',
        '{"a": 1}'.encode("utf-16"),
        '{"a": 1}'.encode("utf-16-le"),
        '{"a": 1}'.encode("utf-32"),
        b'"\\ud800"',
        b'"\\uDFFF"',
        b'{"\\ud83d": 1}',
        b'[[{"a": ["\\ude00\\ud83d"]}]]',
        b'"a\x00b"',
        b'"a\nb"',
        b'"\\x41"',
        b"01",
    ],
)
def test_refuses(raw: bytes) -> None:
    with pytest.raises(MalformedJson):
        parse_strict(raw)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b'"\\ud83d\\ude00"', "\U0001f600"),
        (b'"\\\\ud800"', "\\ud800"),
        (b'"a\\u0000"', "a\x00"),
        (b'{"a": 1, "b": {"a": 1}}', {"a": 1, "b": {"a": 1}}),
        (b"-" + b"9" * 4300, -(10**4300 - 1)),
        (b"1e308", 1e308),
        (b" true\r\n", True),
        (b'"' + b"[" * 1000 + b'"', "[" * 1000),
        (b'["' + b'\\"[{' * 1000 + b'"]', ['"[{' * 1000]),
        (b"[" + b"[]," * 1000 + b"{}]", [[]] * 1000 + [{}]),
    ],
)
def test_accepts(raw: bytes, expected: object) -> None:
    assert parse_strict(raw) == expected


class TestDepth:
    @pytest.mark.parametrize(("opening", "closing"), [(b"[", b"]"), (b'{"a":', b"}")])
    def test_limit_is_exact(self, opening: bytes, closing: bytes) -> None:
        parse_strict(opening * 31 + b"[]" + closing * 31)
        with pytest.raises(MalformedJson, match="32 níveis"):
            parse_strict(opening * 32 + b"[]" + closing * 32)

    def test_limit_can_be_chosen(self) -> None:
        assert parse_strict(b"[[]]", max_depth=2) == [[]]
        assert parse_strict(b"1", max_depth=0) == 1
        with pytest.raises(MalformedJson):
            parse_strict(b"[[]]", max_depth=1)

    @given(_VALUES, st.integers(0, 6))
    def test_agrees_with_a_plain_count(self, value: object, limit: int) -> None:
        raw = json.dumps(value).encode()
        if _depth(value) <= limit:
            assert parse_strict(raw, max_depth=limit) == value
        else:
            with pytest.raises(MalformedJson):
                parse_strict(raw, max_depth=limit)

    def test_no_recursion_error_even_with_the_limit_lifted(self) -> None:
        # In its own process, so that a crash in C fails one test and not the run.
        code = (
            "from utils.wire.strict_json import MalformedJson, parse_strict\n"
            "for raw in (b'[' * 100_000, b'[' * 100_000 + b']' * 100_000,\n"
            "            b'{\"a\":' * 100_000 + b'1' + b'}' * 100_000):\n"
            "    for limit in (32, 200_000):\n"
            "        try:\n"
            "            parse_strict(raw, max_depth=limit)\n"
            "        except MalformedJson:\n"
            "            print('refused')\n"
        )
        run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
        assert run.stdout.split() == ["refused"] * 6, run.stderr


@pytest.mark.parametrize(
    "raw",
    [
        b'"' * 1_000_000,
        b"[" * 50 + b'"' + b'\\"' * 500_000,
        b"[" * 50 + b'"' + b"\\" * 999_999,
        b"[" * 500_000 + b"]" * 500_000,
        b"[]" * 500_000,
        b"{" * 1_000_000,
    ],
)
def test_hostile_megabyte_is_refused_quickly(raw: bytes) -> None:
    started = time.perf_counter()
    with pytest.raises(MalformedJson):
        parse_strict(raw)
    # Linear reading takes some 10 ms; a quadratic one would take minutes.
    assert time.perf_counter() - started < 2


@pytest.mark.parametrize(
    "raw", [b'{"segredo": 1, "segredo": 2}', b'{"segredo', b'"segredo\xff"', b'["segredo\\ud800"]']
)
def test_message_never_repeats_the_body(raw: bytes) -> None:
    with pytest.raises(MalformedJson) as caught:
        parse_strict(raw)
    assert "segredo" not in str(caught.value)
    assert caught.value.__suppress_context__ or caught.value.__context__ is None


def _depth(value: object) -> int:
    children: list[object] = []
    if isinstance(value, dict):
        children = list(value.values())
    elif isinstance(value, list):
        children = value
    else:
        return 0
    return 1 + max(map(_depth, children), default=0)
