"""Staged lines that repeat a live lead or each other: found by their keys.

What is found does not depend on how a file is parted into batches: a lead that an earlier batch
has made or changed is found as it was when the import began (earlier), and its line stands in the
way of later ones.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Any, Literal

from sqlalchemy import text

from services.imports.writing import earlier
from services.imports.writing.matches import MATCHES, SHARED, named
from services.imports.writing.staging import run, set_by_line, stream
from services.imports.writing.verdicts import Reason
from services.leads.duplicates import KEYS
from services.leads.locking import lock_leads

Action = Literal["pular", "atualizar", "erro"]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is done with a line whose keys are known; `reopen`: an update may open closed leads."""

    action: Action = "pular"
    reopen: bool = False

    @property
    def updates(self) -> bool:
        return self.action == "atualizar"


@dataclass(frozen=True, slots=True)
class Batch:
    """Which lines of an import are staged: all of them, or those of a batch. `first`: no lines of
    it came before; `only`: none will follow."""

    equipe_id: int
    importacao_id: int
    first: bool = True
    only: bool = True

    @property
    def values(self) -> dict[str, Any]:
        return {"equipe_id": self.equipe_id, "importacao_id": self.importacao_id}


# A line, and what it shares with another: which key it is, and the first line that has it; 0 for a
# line of an earlier batch that was taken.
Sharing = tuple[int, int]
_TAKEN_BEFORE = range(len(SHARED))


def mark_known(batch: Batch, *, updates: bool) -> None:
    """Mark the lines that a live lead makes duplicates.

    One lead is what an update is about: it is held for that, and found again under its lock.
    """
    # Only what the joins below are about: of whole lines it takes as long as the joins.
    run(f"analyze linhas_importadas (linha, {', '.join(KEYS)})")
    if updates:
        ids = text(f"select id from ({MATCHES}) m where not nosso").bindparams(**batch.values)
        lock_leads(batch.equipe_id, ids)
    matches = MATCHES if batch.first or not updates else earlier.MATCHES
    _find_leads(batch, matches, allowed=int(updates))


def _find_leads(batch: Batch, matches: str, *, allowed: int) -> None:
    """Find the live leads that have a line's keys, and name the first of these keys."""
    keys = f", achadas = m.achadas, chaves = {earlier.KEYS_SQL}" if allowed else ""
    ranks = "array_agg(distinct rank) filter (where not nosso) as achadas, " if allowed else ""
    run(
        "update linhas_importadas t set campo = m.campo, nossa = m.nossa, "
        "lead_id = case when m.achados = 1 then m.lead_id end, "
        f"motivo = case when m.achados > {allowed} then '{Reason.LEAD}' end{keys} from (select "
        "linha, count(distinct id) filter (where not nosso) as achados, "
        "min(id) filter (where not nosso) as lead_id, "
        f"{ranks}min(rank) filter (where nosso) as nossa, "
        f"{named('min(rank) filter (where not nosso)')} as campo from ({matches}) m group by linha"
        ") m where m.linha = t.linha",
        **batch.values,
    )


def sharing(batch: Batch, *, updates: bool) -> list[Sharing]:
    """Lines that share something with each other or with one that was taken before, in their order;
    the others need no look."""
    each = [
        f"select linha, {what} as what, min(linha) over same * {len(SHARED)}::bigint "
        f"+ {what} as same, "
        f"count(*) over same as lines from linhas_importadas where {name} is not null "
        f"and motivo is null window same as (partition by {name})"
        for what, name in enumerate(SHARED)
    ]
    each += [] if batch.first else earlier.shared(updates=updates)
    found = " union all ".join(each)
    query = f"select linha, same from ({found}) s where lines > 1 order by linha, what"
    bound = {} if batch.first or not updates else batch.values
    return [(row.linha, row.same) for row in stream(query, **bound)]


def drop_repeated(shared: Iterable[Sharing], refused: Collection[int] = ()) -> None:
    """Of lines that share a key or a lead the first is taken. `refused`: lines that are not taken
    for another reason; that they repeat another one is said before that.

    Only a line that is taken stands in another's way, so they are gone through in their order.
    """
    set_by_line(
        f"motivo = '{Reason.LINE}', campo = coalesce({named('d.valor::int')}, t.campo)",
        _repeated(shared, refused),
    )


def _repeated(shared: Iterable[Sharing], refused: Collection[int]) -> Iterator[tuple[int, str]]:
    """Each line that shares something with an earlier one that is taken, and which key it is."""
    taken = set(_TAKEN_BEFORE)
    for linha, rows in groupby(shared, key=itemgetter(0)):
        sames = [same for _, same in rows]
        found = [same % len(SHARED) for same in sames if same in taken]
        if found:
            yield linha, str(min(found))
        elif linha not in refused:
            taken.update(sames)
