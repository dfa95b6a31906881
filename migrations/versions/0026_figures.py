"""Figures that are counted as leads change: what changed, the cells it is folded into, and the
functions that do both.

Every function runs as its caller, under row-level security, so each is of one equipe.
"""

import sqlalchemy as sa
from alembic import op

from utils.calendars import runs

revision = "0026"
down_revision = "0023"

_OWN = "equipe_id = nullif(current_setting('app.equipe_id', true), '')::bigint"
_TABLES = ("metricas_delta", "metricas_celulas", "metricas_nomes", "metricas_base")
_NO_DAY = -2_147_483_648
_NAMED = 200
_OTHERS = r"E'\x01'"
_DEFAULT_ZONE = "America/Sao_Paulo"


def _bounds() -> str:
    """Of the buckets of durations, in microseconds: from a second on, each a tenth higher."""
    found = [1_000_000]
    while found[-1] < 2**58:
        found.append(found[-1] * 11 // 10)
    return f"array[{','.join(map(str, found))}]::bigint[]"


# A lead as the figures see it. `l`: its columns; `p`: its score; `e`: the stage that it is in.
_LEAD = """l.equipe_id, l.sinal, false, l.etapa, e.tipo, p.faixa, l.responsavel_id, l.origem,
  l.origem_chave, l.produto, l.produto_chave, l.valor_centavos, p.probabilidade, l.criado_em,
  l.fechado_em, l.previsto_para, l.primeira_resposta_em, l.proximo_contato_em, null::timestamptz,
  null::timestamptz, null::boolean, null::boolean"""
# A stay `s` of it.
_STAY = """l.equipe_id, l.sinal, true, s.etapa, e.tipo, null::varchar, l.responsavel_id, l.origem,
  l.origem_chave, l.produto, l.produto_chave, null::bigint, null::double precision, l.criado_em,
  null::timestamptz, null::date, null::timestamptz, null::timestamptz, s.entrou_em, s.saiu_em,
  s.primeira, e.tipo = 'perdida' and s.etapa <> l.etapa and s.saiu_em is not distinct from
  l.etapa_desde"""
_COLUMNS = """equipe_id, sinal, de_permanencia, etapa, tipo, faixa, responsavel_id, origem,
  origem_chave, produto, produto_chave, valor_centavos, probabilidade, criado_em, fechado_em,
  previsto_para, primeira_resposta_em, proximo_contato_em, entrou_em, saiu_em, primeira, perdido"""
_STAGE = "join etapas e on e.equipe_id = l.equipe_id and e.chave = l.etapa"
_SCORE = "join lead_pontuacao p on p.equipe_id = l.equipe_id and p.lead_id = l.id"
_STAYS = "join permanencias s on s.equipe_id = l.equipe_id and s.lead_id = l.id"
_OF_LEAD = """equipe_id, id, etapa, responsavel_id, origem, origem_chave, produto, produto_chave,
  valor_centavos, criado_em, fechado_em, previsto_para, primeira_resposta_em, proximo_contato_em"""
# What a stay adds follows from less of its lead.
_OF_STAYS = """equipe_id, id, responsavel_id, origem, origem_chave, produto, produto_chave,
  criado_em"""


def _sides(columns: str, table_columns: str, operation: str, condition: str = "true") -> str:
    """What was there and what is, where they differ."""
    there = {"insert": [("1", "depois")], "delete": [("-1", "antes")]}
    sides = there.get(operation, [("-1", "antes"), ("1", "depois")])
    rows = " union all ".join(
        f"select {sign} as sinal, {table_columns} from {table} x where {condition}"
        for sign, table in sides
    )
    return (
        f"(select sum(sinal)::smallint as sinal, {columns} from ({rows}) todos "
        f"group by {columns} having sum(sinal) <> 0)"
    )


def _of_leads(operation: str) -> str:
    """A lead is counted once it has a score: so nothing is to be done for a new one."""
    alive = "x.excluido_em is null"
    leads = _sides(_OF_LEAD, _OF_LEAD, operation, alive)
    # Of the stage a stay needs the kind, and since when a lead is lost.
    kind = "(select tipo from etapas t where t.equipe_id = x.equipe_id and t.chave = x.etapa)"
    lost = f"case when {kind} = 'perdida' then x.etapa_desde end as perdido_em"
    stage = f"case when {kind} = 'perdida' then x.etapa end as perdido_em_etapa"
    told = f"{_OF_STAYS}, tipo, perdido_em, perdido_em_etapa"
    given = f"{_OF_STAYS}, {kind} as tipo, {lost}, {stage}"
    stays = _sides(told, given, operation, alive)
    stay = _STAY.replace("e.tipo", "l.tipo").replace("l.etapa_desde", "l.perdido_em")
    stay = stay.replace("s.etapa <> l.etapa", "s.etapa <> l.perdido_em_etapa")
    return (
        f"insert into metricas_delta ({_COLUMNS}) select {_LEAD} from {leads} l {_SCORE} {_STAGE};"
        f"insert into metricas_delta ({_COLUMNS}) select {stay} from {stays} l {_STAYS};"
    )


def _of_scores(operation: str) -> str:
    known = "equipe_id, lead_id, faixa, probabilidade"
    lead = _LEAD.replace("l.sinal", "p.sinal")
    return (
        f"insert into metricas_delta ({_COLUMNS}) select {lead} "
        f"from {_sides(known, known, operation)} p "
        "join leads l on l.equipe_id = p.equipe_id and l.id = p.lead_id and l.excluido_em is null "
        f"{_STAGE};"
    )


def _of_stays(operation: str) -> str:
    known = "equipe_id, lead_id, n, etapa, entrou_em, saiu_em, primeira"
    stay = _STAY.replace("l.sinal", "s.sinal")
    return (
        f"insert into metricas_delta ({_COLUMNS}) select {stay} "
        f"from {_sides(known, known, operation)} s "
        "join leads l on l.equipe_id = s.equipe_id and l.id = s.lead_id and l.excluido_em is null "
        f"{_STAGE};"
    )


_WATCHED = {
    "leads": (_of_leads, ("update", "delete")),
    "lead_pontuacao": (_of_scores, ("insert", "update", "delete")),
    "permanencias": (_of_stays, ("insert", "update", "delete")),
}
_REFERENCING = {
    "insert": "new table as depois",
    "update": "old table as antes new table as depois",
    "delete": "old table as antes",
}

# All leads of an equipe as they are now, and their stays.
_ALL = f"""
create function metricas_de_agora(equipe bigint) returns setof metricas_delta
language sql stable as $$
select equipe_id, 0::bigint, {_COLUMNS.split(",", 1)[1]} from (
  select {_LEAD.replace("l.sinal", "1::smallint as sinal")} from leads l {_SCORE} {_STAGE}
  where l.equipe_id = equipe and l.excluido_em is null
  union all
  select {_STAY.replace("l.sinal", "1::smallint")} from leads l {_STAGE} {_STAYS}
  where l.equipe_id = equipe and l.excluido_em is null
) t({_COLUMNS}) $$
"""

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


_BUCKET = f"""
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


_LEAD_FACTS = _facts("lead", _LEADS_OWN, _OF_A_LEAD)
_STAY_FACTS = _facts("permanencia", _STAYS_OWN, _OF_A_STAY)

_KEY = "fato, grao, responsavel_id, origem, produto, quando, chave, tipo, balde"
_SUMS = "n, valor, pesados, ponderado, variancia"
_SUMMED = ", ".join(f"coalesce(sum({name}), 0) as {name}" for name in _SUMS.split(", "))
_ANY = " or ".join(f"sum({name}) <> 0" for name in _SUMS.split(", "))
# By responsável (1), origem (2) and produto (4); two of them together only where a vendedor's own
# dashboard asks for it.
_CELLS = f"""
select fato, (7 - grouping(p, o, r))::smallint as grao, coalesce(r, 0) as responsavel_id,
  coalesce(o, '') as origem, coalesce(p, '') as produto, quando, chave, tipo,
  balde::smallint as balde, {_SUMMED}
from fatos
group by fato, quando, chave, tipo, balde,
  grouping sets ((), (r), (o), (p), (r, o), (r, p), (r, o, p))
having (fato = 'etapa' or 7 - grouping(p, o, r) not in (3, 5)) and ({_ANY})
"""
_NAMES_OF = """
left join nomes de on de.campo = 'origem' and de.chave = d.origem_chave
left join nomes dp on dp.campo = 'produto' and dp.chave = d.produto_chave
"""
_MAPPED = f"""coalesce(d.responsavel_id, 0) as r,
  case when d.origem_chave is null then '' when de.dentro then d.origem_chave else {_OTHERS} end
    as o,
  case when d.produto_chave is null then '' when dp.dentro then d.produto_chave else {_OTHERS} end
    as p"""


def _facts_of(rows: str, zone: str, law: str) -> str:
    parts = (("not", "lead"), ("", "permanencia"))
    return (
        "fatos as ("
        + " union all ".join(
            f"select f.*, {_MAPPED} from {rows} {_NAMES_OF} "
            f"cross join lateral metricas_fatos_de_{name}(d, {zone}, {law}) f "
            f"where {which} d.de_permanencia"
            for which, name in parts
        )
        + ")"
    )


_WORDS = """
select campo, chave, (array_agg(nome order by id))[1] as nome, min(id) as primeiro,
  coalesce(sum(sinal) filter (where not de_permanencia), 0) as n
from ({rows}) d cross join lateral (values ('origem', d.origem_chave, d.origem),
  ('produto', d.produto_chave, d.produto)) w(campo, chave, nome)
where chave is not null group by campo, chave
"""

# PostgreSQL takes what was just written for one row, and would compare each with every name, and
# sort texts that can be hashed.
_AT_ONCE = "set enable_nestloop = off set enable_sort = off"
# Only one folds at a time, and whoever finds another at it goes on without.
_LOCK = "pg_try_advisory_xact_lock(hashtextextended('metricas ' || equipe, 0))"
_FOLD = f"""
create function metricas_dobrar(equipe bigint, maximo int) returns bigint language plpgsql
{_AT_ONCE} as $$
declare
  folded bigint;
  ours metricas_base;
begin
  if not {_LOCK} then return 0; end if;
  insert into metricas_base (equipe_id, fuso, lei)
  select e.id, e.fuso, max(f.lei) from equipes e join fusos_dias f on f.fuso = e.fuso
  where e.id = equipe group by e.id, e.fuso
  on conflict do nothing;
  select * into ours from metricas_base where equipe_id = equipe;
  if not found then return 0; end if;
  with algumas as materialized (
    select id from metricas_delta where equipe_id = equipe order by id limit maximo),
  d as (
    delete from metricas_delta where equipe_id = equipe and id in (select id from algumas)
    returning *),
  palavras as ({_WORDS.format(rows="select * from d")}),
  conhecidas as (select campo, chave from metricas_nomes where equipe_id = equipe),
  novas as (
    select campo, chave, row_number() over (partition by campo order by primeiro, chave)
      + (select count(*) from metricas_nomes m
         where m.equipe_id = equipe and m.campo = palavras.campo and m.dentro) as lugar
    from palavras where (campo, chave) not in (select campo, chave from conhecidas)),
  nomes as (
    insert into metricas_nomes as m (equipe_id, campo, chave, nome, dentro, n)
    select equipe, w.campo, w.chave, w.nome, coalesce(novas.lugar <= {_NAMED}, false), w.n
    from palavras w left join novas using (campo, chave)
    on conflict (equipe_id, campo, chave) do update set n = m.n + excluded.n
    returning campo, chave, dentro),
  {_facts_of("d", "ours.fuso", "ours.lei")},
  somas as ({_CELLS}),
  somadas as (
    insert into metricas_celulas as c (equipe_id, {_KEY}, {_SUMS})
    select equipe, {_KEY}, {_SUMS} from somas
    on conflict (equipe_id, {_KEY}) do update set n = c.n + excluded.n,
      valor = c.valor + excluded.valor, pesados = c.pesados + excluded.pesados,
      ponderado = c.ponderado + excluded.ponderado, variancia = c.variancia + excluded.variancia)
  update metricas_base b set dobrados = b.dobrados + quantos.n
  from (select count(*) as n from d) quantos where b.equipe_id = equipe and quantos.n > 0
  returning quantos.n into folded;
  return coalesce(folded, 0);
end $$
"""

# All figures of one moment once more; how many cells and names were not as they should be, by
# another calendar none. The transaction is of one moment, too. Null where somebody folds just now.
_ZERO = " and ".join(f"{name} = 0" for name in _SUMS.split(", "))
_RECOUNT = f"""
create function metricas_recontar(equipe bigint, zona text, calendario int) returns bigint
language plpgsql {_AT_ONCE} as $$
declare
  wrong bigint;
  misnamed bigint;
  moved bigint;
begin
  if not {_LOCK} then return null; end if;
  perform metricas_dobrar(equipe, null);
  update metricas_base b set fuso = zona, lei = calendario
  where equipe_id = equipe and (b.fuso, b.lei) <> (zona, calendario);
  get diagnostics moved = row_count;
  with palavras as ({_WORDS.format(rows="select * from metricas_de_agora(equipe)")}),
  outras as (
    select m.campo, m.chave, coalesce(w.n, 0) as n from metricas_nomes m
    left join palavras w using (campo, chave)
    where m.equipe_id = equipe and m.n <> coalesce(w.n, 0)),
  acertadas as (
    update metricas_nomes m set n = o.n from outras o
    where m.equipe_id = equipe and m.campo = o.campo and m.chave = o.chave)
  select count(*) into misnamed from outras;
  with nomes as (select campo, chave, dentro from metricas_nomes where equipe_id = equipe),
  {_facts_of("metricas_de_agora(equipe) d", "zona", "calendario")},
  somas as ({_CELLS}),
  contadas as materialized (select * from somas),
  outras as materialized (
    select {_KEY}, {", ".join(f"coalesce(s.{n}, 0) as {n}" for n in _SUMS.split(", "))},
      coalesce(({", ".join(f"c.{n}" for n in _SUMS.split(", "))})
        is distinct from ({", ".join(f"coalesce(s.{n}, 0)" for n in _SUMS.split(", "))}), true)
        and not (c.n is null and s.n is null) as errada,
      s.n is null as sobra
    from (select * from metricas_celulas where equipe_id = equipe) c
    full join contadas s using ({_KEY})
    where ({", ".join(f"c.{n}" for n in _SUMS.split(", "))})
      is distinct from ({", ".join(f"s.{n}" for n in _SUMS.split(", "))})),
  sobras as (
    delete from metricas_celulas c using outras o where c.equipe_id = equipe and o.sobra
      and {" and ".join(f"c.{n} = o.{n}" for n in _KEY.split(", "))}),
  acertadas as (
    insert into metricas_celulas as c (equipe_id, {_KEY}, {_SUMS})
    select equipe, {_KEY}, {_SUMS} from outras where not sobra
    on conflict (equipe_id, {_KEY}) do update set n = excluded.n, valor = excluded.valor,
      pesados = excluded.pesados, ponderado = excluded.ponderado, variancia = excluded.variancia)
  select count(*) into wrong from outras where errada;
  if moved > 0 then return misnamed; end if;
  -- Another version, for whoever has seen the wrong ones.
  update metricas_base b set dobrados = b.dobrados + 1
  where b.equipe_id = equipe and wrong + misnamed > 0;
  return wrong + misnamed;
end $$
"""


def upgrade() -> None:
    _create_tables()
    for function in (_ALL, _BUCKET, _LEAD_FACTS, _STAY_FACTS, _FOLD, _RECOUNT):
        op.execute(sa.text(function.replace(":", r"\:")))
    _fill_calendars()
    # Nobody may write a lead between the count and the commit, and triggers see to that.
    for table, (written, operations) in _WATCHED.items():
        for operation in operations:
            _watch(table, operation, written(operation))
    _count()


def _watch(table: str, operation: str, statements: str) -> None:
    name = f"metricas_{table}_{operation}"
    body = f"begin {statements} return null; end"
    function = f"create function {name}() returns trigger language plpgsql as $$ {body} $$"
    op.execute(sa.text(function.replace(":", r"\:")))
    op.execute(
        f"create trigger {name} after {operation} on {table} "
        f"referencing {_REFERENCING[operation]} for each statement execute function {name}()"
    )


def _fill_calendars() -> None:
    """Of the zones that there are equipes in."""
    connection = op.get_bind()
    zones = set(connection.scalars(sa.text("select distinct fuso from equipes")))
    insert = sa.text(
        "insert into fusos_dias (fuso, lei, de, dia, dias) select :fuso, 1, d.* "
        "from unnest(cast(:de as timestamptz[]), cast(:dia as int[]), cast(:dias as int[])) d"
    )
    for zone in sorted({_DEFAULT_ZONE, *zones}):
        columns = {name: [getattr(run, name) for run in runs(zone)] for name in _OF_RUNS}
        connection.execute(insert, {"fuso": zone, **columns})


_OF_RUNS = ("de", "dia", "dias")


def _count() -> None:
    """An equipe at a time, in its own name: so each table may stay forced."""
    connection = op.get_bind()
    tenants = list(connection.execute(sa.text("select id, fuso from equipes order by id")))
    for equipe_id, zone in tenants:
        connection.execute(sa.text(f"set local app.equipe_id = '{int(equipe_id)}'"))
        values = {"e": equipe_id, "z": zone}
        connection.execute(sa.text(_REGISTER), values)
        connection.execute(sa.text("select metricas_dobrar(:e, null)"), values)
        connection.execute(sa.text("select metricas_recontar(:e, :z, 1)"), values)


# The words that there are, so that the count knows which have cells of their own.
_REGISTER = f"""
insert into metricas_nomes (equipe_id, campo, chave, nome, dentro, n)
select :e, campo, chave, nome, row_number() over (partition by campo order by primeiro) <= {_NAMED},
  n
from (select campo, chave, (array_agg(nome order by id))[1] as nome, min(id) as primeiro,
    count(*) as n
  from leads l cross join lateral (values ('origem', l.origem_chave, l.origem),
    ('produto', l.produto_chave, l.produto)) w(campo, chave, nome)
  where l.equipe_id = :e and l.excluido_em is null and chave is not null
  group by campo, chave) palavras
"""


def downgrade() -> None:
    for table, (_, operations) in _WATCHED.items():
        for operation in operations:
            op.execute(f"drop trigger metricas_{table}_{operation} on {table}")
            op.execute(f"drop function metricas_{table}_{operation}()")
    for signature in (
        "recontar(bigint, text, int)",
        "dobrar(bigint, int)",
        "fatos_de_lead(metricas_delta, text, int)",
        "fatos_de_permanencia(metricas_delta, text, int)",
        "balde(interval)",
        "de_agora(bigint)",
    ):
        op.execute(f"drop function metricas_{signature}")
    for table in (*reversed(_TABLES), "fusos_dias"):
        op.drop_table(table)


def _create_tables() -> None:
    moments = ("criado_em", "fechado_em", "primeira_resposta_em", "proximo_contato_em")
    op.create_table(
        "metricas_delta",
        _number("equipe_id"),
        sa.Column("id", sa.BigInteger(), sa.Identity(), nullable=False),
        sa.Column("sinal", sa.SmallInteger(), nullable=False),
        sa.Column("de_permanencia", sa.Boolean(), nullable=False),
        sa.Column("etapa", sa.String(40), nullable=False),
        sa.Column("tipo", sa.String(8), nullable=False),
        sa.Column("faixa", sa.String(8)),
        sa.Column("responsavel_id", sa.BigInteger()),
        *(sa.Column(*each) for each in _WORD_COLUMNS),
        sa.Column("valor_centavos", sa.BigInteger()),
        sa.Column("probabilidade", sa.Double()),
        *(_moment(name) for name in moments[:2]),
        sa.Column("previsto_para", sa.Date()),
        *(_moment(name) for name in (*moments[2:], "entrou_em", "saiu_em")),
        sa.Column("primeira", sa.Boolean()),
        sa.Column("perdido", sa.Boolean()),
        sa.PrimaryKeyConstraint("equipe_id", "id", name="pk_metricas_delta"),
    )
    op.create_table(
        "metricas_celulas",
        _number("equipe_id"),
        sa.Column("fato", sa.String(16), nullable=False),
        sa.Column("grao", sa.SmallInteger(), autoincrement=False, nullable=False),
        _number("responsavel_id"),
        sa.Column("origem", sa.String(320), nullable=False),
        sa.Column("produto", sa.String(320), nullable=False),
        sa.Column("quando", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("chave", sa.String(40), nullable=False),
        sa.Column("tipo", sa.String(8), nullable=False),
        sa.Column("balde", sa.SmallInteger(), autoincrement=False, nullable=False),
        *(_number(name) for name in ("n",)),
        sa.Column("valor", sa.Numeric(), nullable=False),
        _number("pesados"),
        *(sa.Column(name, sa.Numeric(), nullable=False) for name in ("ponderado", "variancia")),
        sa.PrimaryKeyConstraint("equipe_id", *_KEY.split(", "), name="pk_metricas_celulas"),
        postgresql_with={"fillfactor": 80},
    )
    op.create_table(
        "metricas_nomes",
        _number("equipe_id"),
        sa.Column("campo", sa.String(8), nullable=False),
        sa.Column("chave", sa.String(320), nullable=False),
        sa.Column("nome", sa.String(80), nullable=False),
        sa.Column("dentro", sa.Boolean(), nullable=False),
        _number("n"),
        sa.PrimaryKeyConstraint("equipe_id", "campo", "chave", name="pk_metricas_nomes"),
    )
    op.create_index(
        "ix_metricas_nomes_fora",
        "metricas_nomes",
        ["equipe_id", "campo"],
        postgresql_where=sa.text("not dentro and n > 0"),
    )
    op.create_table(
        "metricas_base",
        _number("equipe_id"),
        sa.Column("fuso", sa.String(64), nullable=False),
        sa.Column("lei", sa.Integer(), nullable=False),
        sa.Column("dobrados", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("equipe_id", name="pk_metricas_base"),
    )
    op.create_table(
        "fusos_dias",
        sa.Column("fuso", sa.String(64), nullable=False),
        sa.Column("lei", sa.Integer(), autoincrement=False, nullable=False),
        _moment("de", nullable=False),
        sa.Column("dia", sa.Integer(), nullable=False),
        sa.Column("dias", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("fuso", "lei", "de", name="pk_fusos_dias"),
    )
    # Its rows live for a minute or less.
    op.execute(
        "alter table metricas_delta set "
        "(autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 5000)"
    )
    for table in _TABLES:
        op.execute(f"alter table {table} enable row level security")
        op.execute(f"alter table {table} force row level security")
        rule = f"using ({_OWN}) with check ({_OWN})"
        op.execute(f"create policy {table}_da_equipe on {table} {rule}")


_WORD_COLUMNS: list[tuple[str, sa.String]] = [
    (name, sa.String(length))
    for name, length in (
        ("origem", 80),
        ("origem_chave", 320),
        ("produto", 80),
        ("produto_chave", 320),
    )
]


def _number(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def _moment(name: str, *, nullable: bool = True) -> sa.Column[object]:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)
