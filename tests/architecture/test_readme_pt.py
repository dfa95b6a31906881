"""README.pt-BR.md says in Portuguese what README.md says, no more and no less."""

import re
from itertools import zip_longest

import pytest

from config import ROOT
from tests.architecture.test_readme import README

PORTUGUESE = (ROOT / "README.pt-BR.md").read_text(encoding="utf-8")
_FENCED = re.compile(r"^```.*?^```$", re.MULTILINE | re.DOTALL)
_COMMENT = re.compile(r"(?:^|(?<=\s))# .*$", re.MULTILINE)
_ROW = re.compile(r"^\|(.+)\|$")
# The one word of a default that is translated.
_WORDS = {"(vazio)": "(empty)"}
# Each README's link to the other.
_EACH_OTHER = {"README.md", "README.pt-BR.md"}

Table = list[list[str]]


def prose(page: str) -> str:
    return _FENCED.sub("", page)


def tables(page: str) -> list[Table]:
    """The cells of every table, below its titles."""
    found: list[Table] = []
    within = False
    for line in prose(page).splitlines():
        row = _ROW.match(line)
        if row and not within:
            found.append([])
        within = row is not None
        if row:
            found[-1].append([cell.strip() for cell in row[1].split("|")])
    return [rows[2:] for rows in found]


def headings(page: str) -> list[str]:
    return re.findall(r"^(#+) .+$", prose(page), re.MULTILINE)


def anchors(page: str) -> set[str]:
    titles = re.findall(r"^#+ (.+)$", prose(page), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


def table_with(page: str, cell: str) -> Table:
    (found,) = [rows for rows in tables(page) if cell in (row[1] for row in rows)]
    return found


def without_comments(blocks: list[str]) -> list[str]:
    return [_COMMENT.sub("#", block) for block in blocks]


def comments(page: str) -> list[str]:
    return [comment for block in _FENCED.findall(page) for comment in _COMMENT.findall(block)]


def test_the_commands_and_examples_are_the_same() -> None:
    ours, theirs = (without_comments(_FENCED.findall(page)) for page in (PORTUGUESE, README))
    for our, their in zip_longest(ours, theirs):
        assert our == their


def test_their_comments_are_translated() -> None:
    ours, theirs = comments(PORTUGUESE), comments(README)
    assert len(ours) == len(theirs) >= 10
    assert [ours for ours, theirs in zip(ours, theirs, strict=True) if ours == theirs] == []


def test_the_sections_are_the_same() -> None:
    assert headings(PORTUGUESE) == headings(README)


def test_every_table_names_the_same_things() -> None:
    assert len(tables(README)) >= 4
    names = [[row[0] for row in rows] for rows in tables(PORTUGUESE)]
    assert names == [[row[0] for row in rows] for rows in tables(README)]


def test_the_endpoints_are_the_same() -> None:
    ours, theirs = (table_with(page, "`/auth/login`") for page in (PORTUGUESE, README))
    assert [row[:2] for row in ours] == [row[:2] for row in theirs]
    assert len(ours) > 20


def test_the_defaults_are_the_same() -> None:
    ours, theirs = (table_with(page, "`development`") for page in (PORTUGUESE, README))
    assert [[row[0], _WORDS.get(row[1], row[1])] for row in ours] == [row[:2] for row in theirs]


def test_what_is_code_is_not_translated() -> None:
    ours, theirs = (
        {span for span in re.findall(r"`([^`]+)`", prose(page))} for page in (PORTUGUESE, README)
    )
    assert ours == theirs


def test_the_files_and_addresses_are_the_same() -> None:
    ours, theirs = (
        set(re.findall(r"\]\(([^)#]+)\)", prose(page))) for page in (PORTUGUESE, README)
    )
    assert ours - _EACH_OTHER == theirs - _EACH_OTHER


@pytest.mark.parametrize(
    ("page", "other"), [(README, "README.pt-BR.md"), (PORTUGUESE, "README.md")]
)
def test_each_links_to_the_other(page: str, other: str) -> None:
    assert f"]({other})" in page.partition("\n## ")[0]


def test_links_within_the_page_lead_somewhere() -> None:
    assert set(re.findall(r"\]\(#([^)]+)\)", PORTUGUESE)) <= anchors(PORTUGUESE)
