"""Who is given the next lead: the one with the fewest open leads of those who are there.

Vendedores are given leads; where an equipe has no active one, its gestores are.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from models.db.locks import lock_names, try_lock
from models.db.messages.queries import Query
from models.db.statements import execute_here, fetch_here
from services.errors import Code, Conflict
from services.leads.writing.facts import hold_members
from services.principal import Principal

_GROUP = "distribuicao"
_CHANGES = "from cargas_delta where equipe_id = %(equipe_id)s"
_COUNTED = "select usuario_id, etapa, n from cargas where equipe_id = %(equipe_id)s"
# What was counted and what has changed since, seen at one moment.
LOADS = Query(
    f"""
    with abertos as materialized (
      select usuario_id, sum(n)::bigint as n
      from ({_COUNTED} union all select usuario_id, etapa, n {_CHANGES}) contas
      where etapa = any(array(
        select chave from etapas where equipe_id = %(equipe_id)s and tipo = 'aberta'))
      group by usuario_id
    )
    select u.id, u.capacidade, coalesce(a.n, 0)
    from usuarios u left join abertos a on a.usuario_id = u.id
    where u.equipe_id = %(equipe_id)s and u.ativo
      and (u.ausente_ate is null or u.ausente_ate <= now())
      and u.role = case when exists (
        select from usuarios v
        where v.equipe_id = %(equipe_id)s and v.ativo and v.role = 'vendedor')
        then 'vendedor' else 'gestor' end
    order by u.id
    """,  # noqa: S608 - texts of ours
    {},
)
_FOLD = Query(
    f"""
    with mudaram as (
      delete from cargas_delta where equipe_id = %(equipe_id)s
        and id = any(array(select id {_CHANGES} order by id limit %(maximo)s))
      returning usuario_id, etapa, n
    ), somas as (
      insert into cargas as c (equipe_id, usuario_id, etapa, n)
      select %(equipe_id)s, usuario_id, etapa, sum(n) from mudaram group by usuario_id, etapa
      on conflict (equipe_id, usuario_id, etapa) do update set n = c.n + excluded.n
    )
    select count(*) from mudaram
    """,  # noqa: S608 - texts of ours
    {},
)
# The scores have a copy of what is counted, in rows that are much narrower than those of leads.
_RECOUNT = Query(
    f"""
    with mudaram as (delete {_CHANGES}), agora as (
      select responsavel_id as usuario_id, etapa, count(*) as n from lead_pontuacao
      where equipe_id = %(equipe_id)s and responsavel_id is not null
      group by responsavel_id, etapa
    ), antes as ({_COUNTED})
    insert into cargas as c (equipe_id, usuario_id, etapa, n)
    select %(equipe_id)s, usuario_id, etapa, coalesce(agora.n, 0)
    from agora full join antes using (usuario_id, etapa)
    on conflict (equipe_id, usuario_id, etapa) do update set n = excluded.n
    where c.n <> excluded.n
    """,  # noqa: S608 - texts of ours
    {},
)


class NobodyAvailable(Conflict):
    code = Code.SEM_VENDEDOR_DISPONIVEL
    message = Code.SEM_VENDEDOR_DISPONIVEL.about


@dataclass(frozen=True, slots=True)
class Loads:
    """Open leads by person, and how many each may have; kept up to date with what is picked."""

    counts: dict[int, int]
    limits: dict[int, int | None]

    def pick(
        self, present: int | None, *, opens: bool, given: Mapping[int, int] | None = None
    ) -> int:
        """Who is to have a lead that `present` has. Raises NobodyAvailable.

        `opens`: whether it is an open one, which counts. For who has it already it is no further
        one, and of two who have as few they keep it; else the lower id decides. `given`: where the
        lead does not count, how many of its kind each was given before; fewer go first.
        """
        before = {
            person: count - (opens and person == present) for person, count in self.counts.items()
        }
        free = [person for person in before if self._has_room(person, before[person])]
        if not free:
            raise NobodyAvailable()
        shares = given or {}
        chosen = min(
            free,
            key=lambda person: (
                shares.get(person, 0),
                before[person],
                person != present,
                person,
            ),
        )
        self.counts.update(before)
        self.counts[chosen] += opens
        return chosen

    def _has_room(self, person: int, count: int) -> bool:
        limit = self.limits[person]
        return limit is None or count < limit


def hold_turn(caller: Principal) -> None:
    """Wait until nobody else of the tenant distributes leads. Taken before any lead."""
    lock_names(_GROUP, [str(caller.equipe_id)], patiently=True)


def try_turn(equipe_id: int) -> bool:
    """The same for who must not wait: whether nobody does."""
    return try_lock(f"{_GROUP}:{equipe_id}")


def fold(equipe_id: int, most: int) -> int:
    """Add at most so many changes to what was counted; how many there were. The caller has the
    turn: of two who add to one sum, one would wait for the other."""
    ((folded,),) = fetch_here(_FOLD, {"equipe_id": equipe_id, "maximo": most})
    return int(folded)


def recount(equipe_id: int) -> None:
    """Count again, whatever was counted before: a version that did not count may have written
    leads. The caller has the turn, so that nothing is added meanwhile."""
    execute_here(_RECOUNT, {"equipe_id": equipe_id})


def read_loads(caller: Principal, *, but: int | None = None) -> Loads:
    """As they are now, of all `but` one person; who is there stays active until the transaction
    ends. Whoever distributes holds the turn, so that nobody else goes by the same numbers."""
    rows: Any = fetch_here(LOADS, {"equipe_id": caller.equipe_id})
    active = hold_members(caller, [row[0] for row in rows])
    there = [row for row in rows if row[0] != but and row[0] in active]
    return Loads(
        {person: count for person, _, count in there}, {person: most for person, most, _ in there}
    )
