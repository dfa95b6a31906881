"""The queries behind the dashboard and the shape of what they count."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from models.db.statements import ALL_AT_ONCE, Query, fetch
from models.types import StageKind
from services.policy import scope, visible_sql
from services.principal import Principal
from utils.clock import day_bounds

DAYS = 30
GROUPS = ("etapa", "responsavel_id", "origem", "produto", "faixa")

_COUNTS = """
select grouping(leads.etapa, leads.responsavel_id, leads.origem, leads.produto, p.faixa),
  coalesce(leads.etapa, leads.responsavel_id::text, leads.origem, leads.produto, p.faixa),
  count(*),
  count(*) filter (where e.tipo = '{ganha}'),
  count(*) filter (where e.tipo = '{perdida}'),
  coalesce(sum(leads.valor), 0),
  coalesce(sum(leads.valor) filter (where e.tipo = '{aberta}'), 0),
  (sum(leads.valor * p.probabilidade::numeric)
    filter (where e.tipo = '{aberta}'))::numeric(16, 2)::text
from leads
join etapas e on e.equipe_id = leads.equipe_id and e.chave = leads.etapa
left join lead_pontuacao p on p.equipe_id = leads.equipe_id and p.lead_id = leads.id
where {visible}
group by grouping sets
  ((), (leads.etapa), (leads.responsavel_id), (leads.origem), (leads.produto), (p.faixa))
order by 1, 3 desc, 2
"""
_SERIES = """
select dia, sum(novos), sum(ganhos), sum(perdidos), sum(valor)
from (
  select (leads.criado_em at time zone %(fuso)s)::date as dia,
    1 as novos, 0 as ganhos, 0 as perdidos, 0::numeric as valor
  from leads
  where {visible} and leads.criado_em >= %(de)s and leads.criado_em < %(ate)s
  union all
  select (leads.fechado_em at time zone %(fuso)s)::date, 0,
    (e.tipo = '{ganha}')::int, (e.tipo = '{perdida}')::int,
    case when e.tipo = '{ganha}' then coalesce(leads.valor, 0) else 0 end
  from leads
  join etapas e on e.equipe_id = leads.equipe_id and e.chave = leads.etapa
  where {visible} and leads.fechado_em >= %(de)s and leads.fechado_em < %(ate)s
) movimentos
group by dia
"""
_STAGES = "select chave from etapas where equipe_id = %(equipe_id)s order by ordem, id"
_PEOPLE = "select id, nome from usuarios where equipe_id = %(equipe_id)s"


class Counts(NamedTuple):
    """The leads of one group, `key` being its value as text (None: they have none)."""

    key: str | None
    quantidade: int
    ganhos: int
    perdidos: int
    valor: Decimal
    valor_aberto: Decimal
    valor_ponderado: str | None


class Movement(NamedTuple):
    """What happened on a day, or in several."""

    novos: int
    ganhos: int
    perdidos: int
    valor_ganho: Decimal


NO_LEADS = (0, 0, 0, Decimal(0), Decimal(0), None)
NO_MOVEMENT = Movement(0, 0, 0, Decimal(0))


def _query(sql: str, *, gestor: bool = True) -> Query:
    kinds = {kind.value: kind.value for kind in StageKind}
    return Query(ALL_AT_ONCE + sql.format(visible=visible_sql(gestor), **kinds), {})


_QUERIES = {
    gestor: (_query(_COUNTS, gestor=gestor), _query(_SERIES, gestor=gestor))
    for gestor in (True, False)
}
_STAGE_QUERY, _PEOPLE_QUERY = _query(_STAGES), _query(_PEOPLE)


def count_groups(caller: Principal) -> dict[str, list[Counts]]:
    """The caller's leads by each of GROUPS, the largest group first; '' holds the one of all.

    PostgreSQL's grouping() has a bit per column, set where the row is not grouped by it.
    """
    everything = 2 ** len(GROUPS) - 1
    names = {everything - 2**bit: name for bit, name in enumerate(reversed(GROUPS))}
    groups: dict[str, list[Counts]] = {name: [] for name in ("", *GROUPS)}
    counts, _ = _QUERIES[caller.gestor]
    for grouping, *row in fetch(counts, scope(caller), equipe_id=caller.equipe_id):
        groups[names.get(grouping, "")].append(Counts(*row))
    return groups


def count_days(caller: Principal, today: date) -> dict[date, Movement]:
    """Movements of the tenant's last DAYS days, `today` the last one; still days are left out."""
    first: datetime = day_bounds(today - timedelta(days=DAYS - 1), caller.fuso)[0]
    period = {"fuso": caller.fuso, "de": first, "ate": day_bounds(today, caller.fuso)[1]}
    _, series = _QUERIES[caller.gestor]
    rows = fetch(series, scope(caller) | period, equipe_id=caller.equipe_id)
    return {day: Movement(*counts) for day, *counts in rows}


def stage_keys(caller: Principal) -> Sequence[str]:
    """The stages of the tenant's funnel in its order."""
    return [chave for (chave,) in _of_team(caller, _STAGE_QUERY)]


def people(caller: Principal) -> dict[int | None, str]:
    """The names of the tenant's users by id."""
    return dict(_of_team(caller, _PEOPLE_QUERY))


def _of_team(caller: Principal, query: Query) -> Any:
    return fetch(query, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
