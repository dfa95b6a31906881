"""Staged lines that repeat a live lead or each other: found by their keys."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Literal

from sqlalchemy import text

from services.imports.writing.staging import run, set_by_line, stream
from services.imports.writing.verdicts import Reason
from services.leads.contacts import PRINCIPAL
from services.leads.duplicates import KEYS
from services.leads.locking import lock_leads

Action = Literal["pular", "atualizar", "erro"]


@dataclass(frozen=True, slots=True)
class Duplicates:
    """What is done with a line whose keys are known; `reopen`: an update may open closed leads."""

    action: Action = "pular"
    reopen: bool = False


# What no two lines share that are both taken: a key, or the lead that they are about.
_SHARED = [*KEYS, "lead_id"]


def _matches(rank: int, key: str, kind: str) -> str:
    """The live leads that have this key of a line, phones and e-mails among all their contacts.

    Each key and each lead is looked up by itself (OFFSET 0 keeps it so): of rows that nobody has
    counted yet, as after another file, the planner expects one, and would compare all with all.
    """
    if key == kind and key not in PRINCIPAL:
        looked_up = _each(f"select l.id from leads l where {_LIVE} and l.{key} = t.{key}", "m")
    else:
        contacts = (
            "select c.lead_id from lead_contatos c where c.equipe_id = :equipe_id "
            f"and c.tipo = '{kind}' and c.chave = t.{key} and c.retirado_em is null"
        )
        leads = f"select l.id from leads l where {_LIVE} and l.id = c.lead_id"
        looked_up = f"{_each(contacts, 'c')}, {_each(leads, 'm')}"
    return (
        f"select t.linha, m.id, {rank} as rank from linhas_importadas t, {looked_up} "
        f"where t.{key} is not null"
    )


_LIVE = "l.equipe_id = :equipe_id and l.excluido_em is null"


def _each(query: str, name: str) -> str:
    return f"lateral ({query} offset 0) {name}"


_MATCHES = " union all ".join(
    _matches(rank, key, kind) for rank, (key, kind) in enumerate(KEYS.items())
)


def mark_known(equipe_id: int, *, updates: bool) -> None:
    """Mark the lines that a live lead or an earlier line makes duplicates.

    One lead is what an update is about: it is held for that, and found again under its lock. Which
    of its lines is taken is seen later, once it is known what they may change.
    """
    # Only what the joins below are about: of whole lines it takes as long as the joins.
    run(f"analyze linhas_importadas (linha, {', '.join(KEYS)})")
    if updates:
        ids = text(f"select id from ({_MATCHES}) m").bindparams(equipe_id=equipe_id)
        lock_leads(equipe_id, ids)
    _find_leads(equipe_id, allowed=int(updates))
    if not updates:
        drop_repeated()


def _find_leads(equipe_id: int, *, allowed: int) -> None:
    """Find the live leads that have a line's keys, and name the first of these keys."""
    named = " ".join(f"when {rank} then '{campo}'" for rank, campo in enumerate(KEYS.values()))
    run(
        "update linhas_importadas t set campo = m.campo, "
        "lead_id = case when m.achados = 1 then m.lead_id end, "
        f"motivo = case when m.achados > {allowed} then '{Reason.LEAD}' end from (select "
        "linha, count(distinct id) as achados, min(id) as lead_id, "
        f"case min(rank) {named} end as campo from ({_MATCHES}) m group by linha) m "
        "where m.linha = t.linha",
        equipe_id=equipe_id,
    )


def drop_repeated() -> None:
    """Of lines that share a key or a lead the first is taken.

    Only a line that is taken stands in another's way, so they are gone through in their order.
    """
    named = " ".join(f"when '{n}' then '{campo}'" for n, campo in enumerate(KEYS.values()))
    set_by_line(
        f"motivo = '{Reason.LINE}', campo = case d.valor {named} else t.campo end", _repeated()
    )


def _repeated() -> Iterator[tuple[int, str]]:
    """Each line that shares something with an earlier one that is taken, and which key it is."""
    taken: set[int] = set()
    for linha, rows in groupby(stream(_sharing()), key=itemgetter(0)):
        shared = [row.same for row in rows]
        found = [same for same in shared if same in taken]
        if found:
            yield linha, str(found[0] % len(_SHARED))
        else:
            taken.update(shared)


def _sharing() -> str:
    """Lines that share something, in their order; the others need no look. `same` stands for what
    they share: the first line that has it, taken or not, and which key it is."""
    each = " union all ".join(
        f"select linha, {what} as what, min(linha) over same * {len(_SHARED)}::bigint "
        f"+ {what} as same, "
        f"count(*) over same as lines from linhas_importadas where {name} is not null "
        f"and motivo is null window same as (partition by {name})"
        for what, name in enumerate(_SHARED)
    )
    return f"select linha, same from ({each}) s where lines > 1 order by linha, what"
