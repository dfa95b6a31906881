"""The dashboard's figures, counted from the leads the caller may see.

Every figure is defined once, here:
- abertos, ganhos, perdidos: live leads by the kind of their stage; total is their sum.
- conversao: ganhos / (ganhos + perdidos), null while nothing has closed.
- valor_aberto: sum of `valor` over open leads. valor_ponderado: sum of valor × probabilidade over
  the open leads that have a probability; null while none has.
- por_*: live leads by that field, with the sum of their `valor`; null is a value like another.
- serie: the last 30 days of the equipe's calendar, today last: leads created, won and lost that
  day, and the `valor` won. hoje, dias_7 and dias_30 add up its last 1, 7 and 30 days.
"""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from models.db.statements import ALL_AT_ONCE, Query, Row, fetch
from services.principal import Principal
from utils.clock import day_bounds, local_day, now

DAYS = 30
_GROUPS = ("etapa", "responsavel_id", "origem", "produto", "faixa")
_MINE = "and l.responsavel_id = %(usuario_id)s"

_COUNTS = """
select grouping(l.etapa, l.responsavel_id, l.origem, l.produto, p.faixa),
  coalesce(l.etapa, l.responsavel_id::text, l.origem, l.produto, p.faixa),
  count(*),
  count(*) filter (where e.tipo = 'ganha'),
  count(*) filter (where e.tipo = 'perdida'),
  coalesce(sum(l.valor), 0)::text,
  coalesce(sum(l.valor) filter (where e.tipo = 'aberta'), 0)::text,
  (sum(l.valor * p.probabilidade::numeric) filter (where e.tipo = 'aberta'))::numeric(16, 2)::text
from leads l
join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa
left join lead_pontuacao p on p.equipe_id = l.equipe_id and p.lead_id = l.id
where l.equipe_id = %(equipe_id)s and l.excluido_em is null {scope}
group by grouping sets
  ((), (l.etapa), (l.responsavel_id), (l.origem), (l.produto), (p.faixa))
order by 1, 3 desc, 2
"""
_SERIES = """
select dia, sum(novos), sum(ganhos), sum(perdidos), sum(valor)::text
from (
  select (l.criado_em at time zone %(fuso)s)::date as dia,
    1 as novos, 0 as ganhos, 0 as perdidos, 0::numeric as valor
  from leads l
  where l.equipe_id = %(equipe_id)s and l.excluido_em is null {scope}
    and l.criado_em >= %(de)s and l.criado_em < %(ate)s
  union all
  select (l.fechado_em at time zone %(fuso)s)::date, 0,
    (e.tipo = 'ganha')::int, (e.tipo = 'perdida')::int,
    case when e.tipo = 'ganha' then coalesce(l.valor, 0) else 0 end
  from leads l
  join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa
  where l.equipe_id = %(equipe_id)s and l.excluido_em is null {scope}
    and l.fechado_em >= %(de)s and l.fechado_em < %(ate)s
) movimentos
group by dia
"""
_STAGES = "select chave from etapas where equipe_id = %(equipe_id)s order by ordem, id"
_PEOPLE = "select id, nome from usuarios where equipe_id = %(equipe_id)s"


def _query(sql: str, *, gestor: bool = True) -> Query:
    return Query(ALL_AT_ONCE + sql.format(scope="" if gestor else _MINE), (), {})


_QUERIES = {
    gestor: (_query(_COUNTS, gestor=gestor), _query(_SERIES, gestor=gestor))
    for gestor in (True, False)
}
_STAGE_QUERY, _PEOPLE_QUERY = _query(_STAGES), _query(_PEOPLE)


def dashboard(caller: Principal) -> dict[str, Any]:
    """All the figures, in the shape of design §5."""
    instant = now()
    today = local_day(instant, caller.fuso)
    counts, series = _QUERIES[caller.gestor]
    values = _parameters(caller, today)
    groups = _by_group(fetch(counts, values, equipe_id=caller.equipe_id))
    days = _series(fetch(series, values, equipe_id=caller.equipe_id), today)
    return {
        "gerado_em": instant,
        **_totals(groups[""][0]),
        "por_etapa": _per_stage(caller, groups["etapa"]),
        "por_responsavel": _per_owner(caller, groups["responsavel_id"]),
        "por_origem": [_group("origem", row) for row in groups["origem"]],
        "por_produto": [_group("produto", row) for row in groups["produto"]],
        "por_faixa": [_group("faixa", row) for row in groups["faixa"]],
        "hoje": _sum(days[-1:]),
        "dias_7": _sum(days[-7:]),
        "dias_30": _sum(days),
        "serie": days,
    }


def _parameters(caller: Principal, today: date) -> dict[str, Any]:
    first: datetime = day_bounds(today - timedelta(days=DAYS - 1), caller.fuso)[0]
    return {
        "equipe_id": caller.equipe_id,
        "usuario_id": caller.usuario_id,
        "fuso": caller.fuso,
        "de": first,
        "ate": day_bounds(today, caller.fuso)[1],
    }


def _by_group(rows: Sequence[Row]) -> dict[str, list[Row]]:
    """Rows by the field they are grouped by; '' holds the one row of the whole.

    PostgreSQL's grouping() has a bit per column, set where the row is not grouped by it.
    """
    everything = 2 ** len(_GROUPS) - 1
    names = {everything - 2**bit: name for bit, name in enumerate(reversed(_GROUPS))}
    groups: dict[str, list[Row]] = {name: [] for name in ("", *_GROUPS)}
    for row in rows:
        groups[names.get(row[0], "")].append(row[1:])
    return groups


def _totals(row: Row) -> dict[str, Any]:
    _, total, won, lost, _, open_value, weighted = row
    return {
        "total": total,
        "abertos": total - won - lost,
        "ganhos": won,
        "perdidos": lost,
        "conversao": _rate(won, lost),
        "valor_aberto": _money(open_value),
        "valor_ponderado": weighted,
    }


def _group(name: str, row: Row) -> dict[str, Any]:
    key, count, won, lost, value, _, _ = row
    return {
        name: key,
        "quantidade": count,
        "valor": _money(value),
        "ganhos": won,
        "perdidos": lost,
        "conversao": _rate(won, lost),
    }


def _per_stage(caller: Principal, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """Every stage of the funnel in its order, the empty ones too."""
    stages = fetch(_STAGE_QUERY, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
    found = {row[0]: row for row in rows}
    empty = (0, 0, 0, "0", "0", None)
    filled = (_group("etapa", found.get(chave, (chave, *empty))) for (chave,) in stages)
    return [{name: item[name] for name in ("etapa", "quantidade", "valor")} for item in filled]


def _per_owner(caller: Principal, rows: Sequence[Row]) -> list[dict[str, Any]]:
    people: dict[int | None, str] = dict(
        fetch(_PEOPLE_QUERY, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
    )
    owners = []
    for row in rows:
        owner = int(row[0]) if row[0] else None
        item = _group("responsavel_id", row) | {"responsavel_id": owner}
        owners.append(item | {"nome": people.get(owner)})
    return owners


def _series(rows: Sequence[Row], today: date) -> list[dict[str, Any]]:
    found = {row[0]: row[1:] for row in rows}
    days = (today - timedelta(days=ago) for ago in reversed(range(DAYS)))
    return [{"dia": day, **_movement(found.get(day, (0, 0, 0, "0")))} for day in days]


def _sum(days: Iterable[dict[str, Any]]) -> dict[str, Any]:
    columns = [(d["novos"], d["ganhos"], d["perdidos"], Decimal(d["valor_ganho"])) for d in days]
    novos, ganhos, perdidos, valor = (sum(column) for column in zip(*columns, strict=True))
    return _movement((novos, ganhos, perdidos, valor))


def _movement(row: Sequence[Any]) -> dict[str, Any]:
    novos, ganhos, perdidos, valor = row
    return {"novos": novos, "ganhos": ganhos, "perdidos": perdidos, "valor_ganho": _money(valor)}


def _rate(won: int, lost: int) -> float | None:
    return won / (won + lost) if won + lost else None


def _money(value: Any) -> str:
    return f"{Decimal(value):.2f}"
