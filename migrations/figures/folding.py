"""The fold of changes into cells, and the recount of all: functions of revision 0024."""

_NAMED = 200
_OTHERS = r"E'\x01'"
KEY = "fato, grao, responsavel_id, origem, produto, quando, chave, tipo, balde"
_SUMS = "n, valor, pesados, ponderado, variancia"
_SUMMED = ", ".join(f"coalesce(sum({name}), 0) as {name}" for name in _SUMS.split(", "))
_ANY = " or ".join(f"sum({name}) <> 0" for name in _SUMS.split(", "))


def _cells(which: str, sets: str) -> str:
    return f"""
select fato, (7 - grouping(p, o, r))::smallint as grao, coalesce(r, 0) as responsavel_id,
  coalesce(o, '') as origem, coalesce(p, '') as produto, quando, chave, tipo,
  balde::smallint as balde, {_SUMMED}
from fatos where fato {which} 'etapa'
group by fato, quando, chave, tipo, balde, grouping sets ({sets}) having {_ANY}
"""


# By responsável (1), origem (2) and produto (4); two of them together only where a vendedor's own
# dashboard asks for it. A set costs as much as the others, also where it is left out afterwards.
_CELLS = " union all ".join(
    [
        _cells("<>", "(), (r), (o), (p), (r, o, p)"),
        _cells("=", "(), (r), (o), (p), (r, o), (r, p), (r, o, p)"),
    ]
)
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
FOLD = f"""
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
  novas as (
    select campo, chave, row_number() over (partition by campo order by primeiro, chave)
      + (select count(*) from metricas_nomes m
         where m.equipe_id = equipe and m.campo = palavras.campo and m.dentro) as lugar
    from palavras where not exists (select from metricas_nomes m where m.equipe_id = equipe
      and m.campo = palavras.campo and m.chave = palavras.chave)),
  nomes as (
    insert into metricas_nomes as m (equipe_id, campo, chave, nome, dentro, n)
    select equipe, w.campo, w.chave, w.nome, coalesce(novas.lugar <= {_NAMED}, false), w.n
    from palavras w left join novas using (campo, chave)
    on conflict (equipe_id, campo, chave) do update set n = m.n + excluded.n
    returning campo, chave, dentro),
  {_facts_of("d", "ours.fuso", "ours.lei")},
  somas as ({_CELLS}),
  somadas as (
    insert into metricas_celulas as c (equipe_id, {KEY}, {_SUMS})
    select equipe, {KEY}, {_SUMS} from somas
    on conflict (equipe_id, {KEY}) do update set n = c.n + excluded.n,
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
RECOUNT = f"""
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
    select {KEY}, {", ".join(f"coalesce(s.{n}, 0) as {n}" for n in _SUMS.split(", "))},
      coalesce(({", ".join(f"c.{n}" for n in _SUMS.split(", "))})
        is distinct from ({", ".join(f"coalesce(s.{n}, 0)" for n in _SUMS.split(", "))}), true)
        and not (c.n is null and s.n is null) as errada,
      s.n is null as sobra
    from (select * from metricas_celulas where equipe_id = equipe) c
    full join contadas s using ({KEY})
    where ({", ".join(f"c.{n}" for n in _SUMS.split(", "))})
      is distinct from ({", ".join(f"s.{n}" for n in _SUMS.split(", "))})),
  sobras as (
    delete from metricas_celulas c using outras o where c.equipe_id = equipe and o.sobra
      and {" and ".join(f"c.{n} = o.{n}" for n in KEY.split(", "))}),
  acertadas as (
    insert into metricas_celulas as c (equipe_id, {KEY}, {_SUMS})
    select equipe, {KEY}, {_SUMS} from outras where not sobra
    on conflict (equipe_id, {KEY}) do update set n = excluded.n, valor = excluded.valor,
      pesados = excluded.pesados, ponderado = excluded.ponderado, variancia = excluded.variancia)
  select count(*) into wrong from outras where errada;
  if moved > 0 then return misnamed; end if;
  -- Another version, for whoever has seen the wrong ones.
  update metricas_base b set dobrados = b.dobrados + 1
  where b.equipe_id = equipe and wrong + misnamed > 0;
  return wrong + misnamed;
end $$
"""


# The words that there are, so that the count knows which have cells of their own.
REGISTER = f"""
insert into metricas_nomes (equipe_id, campo, chave, nome, dentro, n)
select :e, campo, chave, nome, row_number() over (partition by campo order by primeiro) <= {_NAMED},
  n
from (select campo, chave, (array_agg(w.nome order by l.id))[1] as nome, min(l.id) as primeiro,
    count(*) as n
  from leads l cross join lateral (values ('origem', l.origem_chave, l.origem),
    ('produto', l.produto_chave, l.produto)) w(campo, chave, nome)
  where l.equipe_id = :e and l.excluido_em is null and chave is not null
  group by campo, chave) palavras
"""
