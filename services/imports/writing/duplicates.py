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
from services.imports.writing.matches import FIELDS, MATCHES, key_hash, keyed, named
from services.imports.writing.staging import run, set_by_line, stream
from services.imports.writing.verdicts import Reason
from services.leads.duplicates import KEYS
from services.leads.locking import lock_leads

Action = Literal["pular", "atualizar", "erro"]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is done with a line whose keys are known; `reopen`: an update may open closed leads;
    `allow`: only `id_externo` is a key, and several leads may have the others."""

    action: Action = "pular"
    reopen: bool = False
    allow: bool = False

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


# A line, the rank of what it shares with another, and a number that stands for what that is; a
# line of an earlier batch that was taken is a number of its own.
Sharing = tuple[int, int, int]
_LEAD = len(FIELDS)  # behind the hashes of the keys
_EXTERNAL = FIELDS.index("id_externo")
_TAKEN_BEFORE = range(_LEAD + 1)


def mark_known(batch: Batch, asked: Duplicates) -> None:
    """Mark the lines that a live lead makes duplicates.

    One lead is what an update is about: it is held for that, and found again under its lock.
    """
    updates = asked.updates
    # Only what the joins below are about: of whole lines it takes as long as the joins.
    run(f"analyze linhas_importadas (linha, {', '.join(KEYS)})")
    counts = f"where rank = {_EXTERNAL}" if asked.allow else ""
    if updates:
        found = f"select id from (select * from ({MATCHES}) m {counts}) m where not nosso"
        lock_leads(batch.equipe_id, text(found).bindparams(**batch.values))
    matches = MATCHES if batch.first or not updates else earlier.MATCHES
    _find_leads(batch, f"select * from ({matches}) m {counts}", allowed=int(updates))


def _find_leads(batch: Batch, matches: str, *, allowed: int) -> None:
    """Find the live leads that have a line's keys, and name the first of these keys."""
    keys = f", achadas = m.achadas, chaves = {earlier.KEYS_SQL}" if allowed else ""
    hashes = "array_agg(distinct chave) filter (where not nosso) as achadas, " if allowed else ""
    run(
        "update linhas_importadas t set campo = m.campo, pelo_campo = m.campo, nossa = m.nossa, "
        "lead_id = case when m.achados = 1 then m.lead_id end, "
        f"motivo = case when m.achados > {allowed} then '{Reason.LEAD}' end{keys} from (select "
        "linha, count(distinct id) filter (where not nosso) as achados, "
        "min(id) filter (where not nosso) as lead_id, "
        f"{hashes}min(rank) filter (where nosso) as nossa, "
        f"{named('min(rank) filter (where not nosso)')} as campo from ({matches}) m group by linha"
        ") m where m.linha = t.linha",
        **batch.values,
    )


def sharing(batch: Batch, asked: Duplicates) -> list[Sharing]:
    """Lines that share a key or their lead with each other or with one that was taken before, in
    their order; the others need no look."""
    lead = key_hash("lead_id", "t.lead_id")
    each = [
        *keyed("t.linha, {rank} as what, {chave} as same"),
        f"select t.linha, {_LEAD}, {lead} from linhas_importadas t where t.lead_id is not null",
    ]
    several = (
        "select linha, what, same from (select linha, what, same, count(*) over (partition by "
        f"same) as times from ({' and t.motivo is null union all '.join(each)} "
        "and t.motivo is null) k) k where times > 1"
    )
    found = [several, *([] if batch.first else earlier.shared(updates=asked.updates))]
    bound = {} if batch.first or not asked.updates else batch.values
    counts = f"where what in ({_EXTERNAL}, {_LEAD})" if asked.allow else ""
    query = f"select * from ({' union all '.join(found)}) s {counts} order by linha, what"
    rows = stream(query, **bound)
    return [(row.linha, row.what, row.same) for row in rows]


def drop_repeated(shared: Iterable[Sharing], refused: Collection[int] = ()) -> None:
    """Of lines that share a key or a lead the first is taken. `refused`: lines that are not taken
    for another reason; that they repeat another one is said before that.

    Only a line that is taken stands in another's way, so they are gone through in their order.
    """
    set_by_line(
        f"motivo = '{Reason.LINE}', campo = coalesce({named('d.valor::int')}, t.pelo_campo)",
        _repeated(shared, refused),
    )


def _repeated(shared: Iterable[Sharing], refused: Collection[int]) -> Iterator[tuple[int, str]]:
    """Each line that shares something with an earlier one that is taken, and the first of that."""
    taken = set(_TAKEN_BEFORE)
    for linha, rows in groupby(shared, key=itemgetter(0)):
        pairs = [(what, same) for _, what, same in rows]
        found = [what for what, same in pairs if same in taken]
        if found:
            yield linha, str(min(found))
        elif linha not in refused:
            taken.update(same for _, same in pairs)
