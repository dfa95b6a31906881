"""Text: what may be stored, and how it is folded for searching."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from utils.text import APOSTROPHES, UNSEEN, InvalidText, clean_text, fold, fold_name, typed_code

_ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=40)


class TestCleanText:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", ""),
            ("  Padaria \t Central\r\n", "Padaria \t Central"),
            ("\u00a0\u3000São Paulo\u2003", "São Paulo"),
            ("Sa\u0303o Paulo", "São Paulo"),
            ("linha 1\nlinha 2\ttab", "linha 1\nlinha 2\ttab"),
            ("😀 👨\u200d👩\u200d👧", "😀 👨\u200d👩\u200d👧"),
        ],
    )
    def test_cleans(self, text: str, expected: str) -> None:
        assert clean_text(text) == expected

    @pytest.mark.parametrize("code", [*range(0x20), 0xD800, 0xDBFF, 0xDC00, 0xDFFF])
    def test_refuses_controls_and_surrogates(self, code: int) -> None:
        if chr(code) in "\t\n\r":
            assert clean_text(f"a{chr(code)}b") == f"a{chr(code)}b"
            return
        for text in (chr(code), f"a{chr(code)}b", f"é{chr(code)}"):
            with pytest.raises(InvalidText):
                clean_text(text)

    @given(_ANY_TEXT)
    def test_result_can_be_stored(self, text: str) -> None:
        try:
            cleaned = clean_text(text)
        except InvalidText:
            return
        assert "\x00" not in cleaned.encode().decode()
        assert unicodedata.is_normalized("NFC", cleaned)
        assert clean_text(cleaned) == cleaned == cleaned.strip()


class TestFold:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("", ""),
            ("  PADARIA \t Central\n", "padaria central"),
            ("São José dos Ação", "sao jose dos acao"),
            ("SA\u0303O\u00a0\u3000PAULO", "sao paulo"),
            ("ÀÉÎÕÜÇÑ", "aeioucn"),
            ("Straße Øre Łódź Æsir İstanbul", "strasse ore lodz aesir istanbul"),
            ("Ｆｕｌｌ ﬁm", "full fim"),
            ("Владимир", "владимир"),
            ("\u200eSão\u200b Pau\u00adlo\ufe0f\ufeff", "sao paulo"),
            ("Ana\u3164Maria", "ana maria"),
        ],
    )
    def test_folds(self, text: str, expected: str) -> None:
        assert fold(text) == expected

    def test_what_nobody_sees_makes_no_difference(self) -> None:
        unseen = re.compile(f"[{UNSEEN}]")
        for char in filter(unseen.match, map(chr, range(0x20, 0x10000))):
            assert fold(f"{char}Á{char}b{char}") in ("ab", "a b"), hex(ord(char))

    @given(_ANY_TEXT)
    def test_is_stable(self, text: str) -> None:
        assert fold(fold(text)) == fold(text)

    @given(st.text(st.characters(max_codepoint=0x17F), max_size=40))
    def test_case_does_not_matter(self, text: str) -> None:
        assert fold(text.upper()) == fold(text) == fold(text.lower())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("  12345 ", "12345"),
        ("(11)  98765\u20134321", "11 98765-4321"),
        ("（１１）\u200b９８７６５ - ４３２１", "11 98765-4321"),
        ("\u202a+55 11 98765\u20114321\u202c", "+55 11 98765-4321"),
        ("111 . 444 . 777 - 35", "111.444.777-35"),
        ("4799988776.0", "4799988776"),
        ("4799988776.00", "4799988776.00"),
        ("47 99988776.0", "47 99988776.0"),
        ("1,23E+15", "1,23E+15"),
        ("ab²\u202c٣", "ab²٣"),
    ],
)
def test_a_typed_code_keeps_its_marks_in_one_form(text: str, expected: str) -> None:
    assert typed_code(text) == expected


class TestFoldName:
    @pytest.mark.parametrize(
        "text", ["D'Ávila", "D’ÁVILA", "d`avila", "D´Ávila", "DʼÁvila", "Davila", "D＇Avila"]
    )
    def test_an_apostrophe_is_left_out_however_it_is_typed(self, text: str) -> None:
        assert fold_name(text) == "davila"

    def test_apostrophes_alone_are_nothing(self) -> None:
        assert fold_name(APOSTROPHES) == fold_name("' ’") == ""

    @given(_ANY_TEXT)
    def test_it_is_fold_without_apostrophes(self, text: str) -> None:
        folded = fold_name(text)
        assert not set(folded) & set(APOSTROPHES)
        assert fold_name(folded) == folded
        if not set(fold(text)) & set(APOSTROPHES) and not set(text) & set(APOSTROPHES):
            assert folded == fold(text)
