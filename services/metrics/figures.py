"""The queries behind the dashboard and the shape of what they count."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from models.db.messages.queries import ALL_AT_ONCE, Query
from models.db.statements import fetch
from models.types import StageKind
from services.policy import scope, visible_sql
from services.principal import Principal
from utils.clock import day_bounds

DAYS = 30
GROUPS = ("etapa", "responsavel_id", "origem", "produto", "faixa")

# The number of groups of free text that a reply names; the rest is summed.
LARGEST = 50
_FREE_TEXT = ("origem", "produto")

# Counts and days come from one statement: two would see different states while others write.
_FIGURES = """
with grupos as (
  select
    grouping(leads.etapa, leads.responsavel_id, leads.origem_chave, leads.produto_chave, p.faixa)
      as por,
    coalesce(leads.etapa, leads.responsavel_id::text, leads.origem_chave, leads.produto_chave,
      p.faixa) as chave,
    min(leads.id) as primeiro,
    count(*) as quantidade,
    count(*) filter (where e.tipo = '{ganha}') as ganhos,
    count(*) filter (where e.tipo = '{perdida}') as perdidos,
    coalesce(sum(leads.valor_centavos), 0) as valor,
    coalesce(sum(leads.valor_centavos) filter (where e.tipo = '{aberta}'), 0) as valor_aberto,
    sum(leads.valor_centavos * p.probabilidade::numeric) filter (where e.tipo = '{aberta}')
      as ponderado
  from leads
  join etapas e on e.equipe_id = leads.equipe_id and e.chave = leads.etapa
  left join lead_pontuacao p on p.equipe_id = leads.equipe_id and p.lead_id = leads.id
  where {visible}
  group by grouping sets
    ((), (leads.etapa), (leads.responsavel_id), (leads.origem_chave), (leads.produto_chave),
     (p.faixa))
), postos as (
  select *, row_number() over (partition by por order by quantidade desc, chave) as posto
  from grupos
), movimentos as (
  select width_bucket(leads.criado_em, %(dias)s::timestamptz[]) as dia,
    1 as novos, 0 as ganhos, 0 as perdidos, 0::numeric as valor
  from leads
  where {visible} and leads.criado_em >= %(de)s and leads.criado_em < %(ate)s
  union all
  select width_bucket(leads.fechado_em, %(dias)s::timestamptz[]), 0,
    (e.tipo = '{ganha}')::int, (e.tipo = '{perdida}')::int,
    case when e.tipo = '{ganha}' then coalesce(leads.valor_centavos, 0) else 0 end
  from leads
  join etapas e on e.equipe_id = leads.equipe_id and e.chave = leads.etapa
  where {visible} and leads.fechado_em >= %(de)s and leads.fechado_em < %(ate)s
)
select por, min(posto) as lugar, count(*),
  case when por in ({free_text})
    then (select case por when {origem} then origem else produto end from leads
          where leads.equipe_id = %(equipe_id)s and leads.id = min(primeiro))
    else min(chave) end,
  sum(quantidade)::bigint, sum(ganhos)::bigint, sum(perdidos)::bigint, sum(valor),
  sum(valor_aberto), round(sum(ponderado))
from postos
group by por, case when por in ({free_text}) then least(posto, {largest} + 1) else posto end
union all
select null, dia, 1, null, sum(novos), sum(ganhos), sum(perdidos), sum(valor), 0, null
from movimentos
group by dia
order by por, lugar
"""
_STAGES = (
    "select chave from etapas where equipe_id = %(equipe_id)s and arquivada_em is null "
    "order by ordem, id"
)
_PEOPLE = "select id, nome from usuarios where equipe_id = %(equipe_id)s"


class Counts(NamedTuple):
    """The leads of one group, `key` being its value as text (None: they have none; free text as
    the first lead spells it), or of `grupos` groups together. Money is in cents."""

    grupos: int
    key: str | None
    quantidade: int
    ganhos: int
    perdidos: int
    valor: Decimal
    valor_aberto: Decimal
    valor_ponderado: Decimal | None


class Movement(NamedTuple):
    """What happened on a day, or in several."""

    novos: int
    ganhos: int
    perdidos: int
    valor_ganho: Decimal


@dataclass(frozen=True, slots=True)
class Figures:
    """What one statement counted.

    `groups`: by each of GROUPS, the largest group first; '' holds the one of all. Of free text
    the LARGEST are there, and `others` has what the rest of them come to. `days`: movements of
    the tenant's last DAYS days, oldest first; still days are zeros.
    """

    groups: dict[str, list[Counts]]
    others: dict[str, Counts | None]
    days: list[tuple[date, Movement]]


NO_LEADS = (0, 0, 0, Decimal(0), Decimal(0), None)
NO_MOVEMENT = Movement(0, 0, 0, Decimal(0))


def _group_number(name: str) -> int:
    """What PostgreSQL's grouping() says of a row that is grouped by this field: it has a bit per
    field, set where the row is not grouped by it. '' is the row of all leads."""
    everything: int = 2 ** len(GROUPS) - 1
    return everything - (2 ** GROUPS[::-1].index(name) if name else 0)


_GROUP_NAMES = {_group_number(name): name for name in ("", *GROUPS)}


def _query(sql: str, *, gestor: bool = True) -> Query:
    words = {kind.value: kind.value for kind in StageKind}
    free_text = ", ".join(str(_group_number(name)) for name in _FREE_TEXT)
    filled = sql.format(
        visible=visible_sql(gestor),
        free_text=free_text,
        origem=_group_number("origem"),
        largest=LARGEST,
        **words,
    )
    return Query(ALL_AT_ONCE + filled, {})


_QUERIES = {gestor: _query(_FIGURES, gestor=gestor) for gestor in (True, False)}
_STAGE_QUERY, _PEOPLE_QUERY = _query(_STAGES), _query(_PEOPLE)


def count(caller: Principal, today: date) -> Figures:
    """The caller's leads, counted at one moment. `today`: the last of the days."""
    days = [today - timedelta(days=ago) for ago in reversed(range(DAYS))]
    # The bounds are computed only here: PostgreSQL may have other versions of the time zones.
    bounds = [day_bounds(day, caller.fuso)[0] for day in days]
    period = {"dias": bounds, "de": bounds[0], "ate": day_bounds(today, caller.fuso)[1]}
    figures = Figures(
        groups={name: [] for name in ("", *GROUPS)},
        others=dict.fromkeys(_FREE_TEXT),
        days=[(day, NO_MOVEMENT) for day in days],
    )
    query = _QUERIES[caller.gestor]
    for group, place, *row in fetch(query, scope(caller) | period, equipe_id=caller.equipe_id):
        _take(figures, group, place, row)
    return figures


def _take(figures: Figures, group: int | None, place: int, row: Sequence[Any]) -> None:
    """One row of the statement: a day, by its number, or a group, by its place among its kind."""
    counts = Counts(*row)
    if group is None:
        day, _ = figures.days[place - 1]
        movement = Movement(counts.quantidade, counts.ganhos, counts.perdidos, counts.valor)
        figures.days[place - 1] = (day, movement)
        return
    name = _GROUP_NAMES[group]
    if name in figures.others and place > LARGEST:
        figures.others[name] = counts
    else:
        figures.groups[name].append(counts)


def stage_keys(caller: Principal) -> Sequence[str]:
    """The stages of the tenant's funnel in its order."""
    return [chave for (chave,) in _of_team(caller, _STAGE_QUERY)]


def people(caller: Principal) -> dict[int | None, str]:
    """The names of the tenant's users by id."""
    return dict(_of_team(caller, _PEOPLE_QUERY))


def _of_team(caller: Principal, query: Query) -> Any:
    return fetch(query, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
