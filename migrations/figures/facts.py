"""What a row of `metricas_delta` adds to which facts: functions of revision 0024."""

_NO_DAY = -2_147_483_648


def _bounds() -> str:
    """Of the buckets of durations, in microseconds: from a second on, each a tenth higher."""
    found = [1_000_000]
    while found[-1] < 2**58:
        found.append(found[-1] * 11 // 10)
    return f"array[{','.join(map(str, found))}]::bigint[]"


_DAY = """coalesce((select f.dia + least(
    floor(extract(epoch from {moment} - f.de) / 86400)::int, f.dias - 1)
  from fusos_dias f where f.fuso = zona and f.lei = calendario and f.de <= {moment}
  order by f.de desc limit 1), {no_day})"""
_MONTH = """case when {day} = {no_day} then {no_day} else
  (extract(year from date '1970-01-01' + {day}) * 12
   + extract(month from date '1970-01-01' + {day}))::int - 1 end"""


def _day(moment: str) -> str:
    return _DAY.format(moment=moment, no_day=_NO_DAY)


def _month(day: str) -> str:
    return _MONTH.format(day=day, no_day=_NO_DAY)


BUCKET = f"""
create function metricas_balde(duracao interval) returns int language sql immutable as $$
select width_bucket(greatest(extract(epoch from duracao) * 1000000, 0)::bigint, {_bounds()}) $$
"""


def _fact(
    name: str,
    when: str,
    quando: str = "0",
    *,
    chave: str = "''",
    tipo: str = "''",
    balde: str = "0",
    sums: str = "null::bigint, null::int, null::numeric, null::numeric",
) -> str:
    return f"select '{name}', {quando}, {chave}, {tipo}, {balde}, {sums} where {when}"


_VALUE = "d.valor_centavos, null::int, null::numeric, null::numeric"
_PROMISED = "d.tipo = 'aberta' and k.hora is not null"
_WON = "d.tipo = 'ganha' and d.fechado_em is not null"
_UTC_DAY = "floor(k.hora / 24.0)::int"
_FORESEEN = f"case when k.previsto is null then {_NO_DAY} else {_month('k.previsto')} end"
_LATER = f"""case when {_NO_DAY} in (k.criado, k.fechado) then 0
  else least(greatest({_month("k.fechado")} - {_month("k.criado")}, 0), 32767) end"""
# Of each condition there is one branch: a list of rows would be computed whole for each lead.
_OF_A_LEAD = " union all ".join(
    [
        _fact(
            "etapa",
            "true",
            chave="d.etapa",
            tipo="d.tipo",
            sums="d.valor_centavos, k.pesado, k.vp, null::numeric",
        ),
        _fact("faixa", "true", chave="coalesce(d.faixa, '')", tipo="d.tipo", sums=_VALUE),
        _fact("criado", "true", "k.criado"),
        _fact("ganho", _WON, "k.fechado", sums=_VALUE),
        _fact("perdido", "d.tipo = 'perdida' and d.fechado_em is not null", "k.fechado"),
        _fact("promessa_hora", _PROMISED, "k.hora"),
        _fact("promessa_dia", _PROMISED, _UTC_DAY),
        _fact("promessa_mes", _PROMISED, _month(_UTC_DAY)),
        _fact(
            "previsto",
            "d.tipo = 'aberta'",
            _FORESEEN,
            sums="d.valor_centavos, k.pesado, k.vp, k.vp * d.valor_centavos * (1 - k.p)",
        ),
        _fact("coorte", _WON, _month("k.criado"), balde=_LATER),
        _fact(
            "ate_ganho",
            _WON,
            _month("k.fechado"),
            balde="metricas_balde(d.fechado_em - d.criado_em)",
        ),
        _fact(
            "resposta",
            "d.primeira_resposta_em is not null",
            _month("k.respondido"),
            balde="metricas_balde(d.primeira_resposta_em - d.criado_em)",
        ),
    ]
)
_OF_A_STAY = " union all ".join(
    [
        _fact("entrou", "d.primeira", "k.criado", chave="d.etapa"),
        _fact("entrou_ganho", "d.primeira and d.tipo = 'ganha'", "k.criado", chave="d.etapa"),
        _fact("saiu_perdido", "d.perdido", "k.criado", chave="d.etapa"),
        _fact(
            "permanencia",
            "d.saiu_em is not null",
            _month("k.saiu"),
            chave="d.etapa",
            balde="metricas_balde(d.saiu_em - d.entrou_em)",
        ),
    ]
)
_LEADS_OWN = f"""{_day("d.criado_em")} as criado, {_day("d.fechado_em")} as fechado,
  {_day("d.primeira_resposta_em")} as respondido,
  floor(extract(epoch from d.proximo_contato_em) / 3600)::int as hora,
  d.previsto_para - date '1970-01-01' as previsto,
  case when d.tipo = 'aberta' then d.probabilidade::numeric end as p,
  case when d.tipo = 'aberta' and d.probabilidade is not null then 1 end as pesado,
  case when d.tipo = 'aberta' then d.valor_centavos * d.probabilidade::numeric end as vp"""
_STAYS_OWN = f"""{_day("d.criado_em")} as criado, {_day("d.saiu_em")} as saiu"""


def _facts(name: str, known: str, rows: str) -> str:
    """What one row adds to which facts. `quando`, `chave`, `tipo` and `balde` tell cells apart.
    OFFSET 0 keeps the planner from computing a column once for each use; a sum of nulls costs
    nothing."""
    return f"""
create function metricas_fatos_de_{name}(d metricas_delta, zona text, calendario int)
returns table (fato varchar, quando int, chave varchar, tipo varchar, balde int,
  n bigint, valor bigint, pesados int, ponderado numeric, variancia numeric)
language sql stable as $$
select f.fato, f.quando, f.chave, f.tipo, f.balde, d.sinal::bigint, d.sinal * f.valor,
  d.sinal * f.pesados, d.sinal * f.ponderado, d.sinal * f.variancia
from (select {known} offset 0) k
cross join lateral ({rows}) f(fato, quando, chave, tipo, balde, valor, pesados, ponderado,
  variancia) $$
"""


LEAD_FACTS = _facts("lead", _LEADS_OWN, _OF_A_LEAD)
STAY_FACTS = _facts("permanencia", _STAYS_OWN, _OF_A_STAY)
