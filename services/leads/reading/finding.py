"""Which leads have the words of `q`, found by the index of all texts (lead_search)."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from typing import Any

from sqlalchemy import ARRAY, BigInteger, Text, all_, bindparam, cast, select

from models.db.messages.queries import Query, compile_query
from models.derived.lead_search import LOOKING_FOR, SEARCH_TEXTS
from services.leads.reading.patience import Patience

_RUN = re.compile("[a-z0-9]+")
# PostgreSQL may not look at how frequent a word is under row-level security, and guesses high.
_BY_INDEX = "set local enable_seqscan = off; "
# More leads than these are found sooner by walking the list until a page is full.
MOST = 5_000


def most_telling(patterns: Sequence[str]) -> str:
    """Of the patterns of words the one that the index narrows most.

    It holds groups of three letters, none of which spans another character: of a word that has none
    it narrows nothing, and PostgreSQL reads all texts of the equipe.
    """
    return max(patterns, key=_longest_run)


def _longest_run(pattern: str) -> int:
    return max(map(len, _RUN.findall(pattern)), default=0)


def find(patience: Patience, values: Mapping[str, Any]) -> list[int] | None:
    """The leads of the equipe that have all words `q`, deleted ones too; None for too many."""
    rows = patience.fetch(_query(), {**values, "palavra": most_telling(values["q"])})
    return [lead_id for (lead_id,) in rows] if len(rows) <= MOST else None


@cache
def _query() -> Query:
    found = select(SEARCH_TEXTS.c.lead_id).where(
        # As bigint: the driver's plain number is an integer, and the index has no comparison of it.
        SEARCH_TEXTS.c.equipe_id == cast(bindparam("equipe_id"), BigInteger),
        SEARCH_TEXTS.c.busca.op("like", is_comparison=True)(
            all_(cast(bindparam("q"), ARRAY(Text)))
        ),
    )
    query = compile_query(found.limit(MOST + 1))
    return replace(query, sql=f"{_BY_INDEX}{LOOKING_FOR}{query.sql}")
