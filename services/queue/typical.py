"""What a lead without a value is taken to be worth: the median of its product's, or of all.

The newest leads tell it. Where it has moved by more than a tenth, the leads that it places are
placed again: at once where they are few and free, else by a job that the caller of refresh() asks
for.
"""

from sqlalchemy import text

from models.db import db
from services.leads.deriving.derive import place_again

MOST_PLACED = 5_000
_SAMPLED = 10_000
# Of products, the empty text standing for all of them.
_MEDIANS = f"""
with recentes as materialized (
  select produto_chave, valor_centavos from leads
  where equipe_id = :equipe_id and excluido_em is null
  order by criado_em desc, id desc limit {_SAMPLED}
), medianas as (
  select coalesce(produto_chave, '') as produto_chave,
    percentile_disc(0.5) within group (order by valor_centavos) as valor_centavos
  from recentes where valor_centavos is not null
  group by grouping sets ((), (produto_chave))
  having (grouping(produto_chave) = 1 or produto_chave <> '') and count(*) > 0
)
insert into valores_tipicos as t (equipe_id, produto_chave, valor_centavos)
select :equipe_id, produto_chave, valor_centavos from medianas order by produto_chave
on conflict (equipe_id, produto_chave) do update set valor_centavos = excluded.valor_centavos
where abs(excluded.valor_centavos - t.valor_centavos) * 10 > t.valor_centavos
returning produto_chave
"""
# Leads without a value whose product's has changed, or that go by all products'.
_PLACED_BY = f"""
select l.id from leads l
where l.equipe_id = :equipe_id and l.excluido_em is null and l.valor_centavos is null
  and (l.produto_chave = any(:mudados)
    or :geral and not exists (select from valores_tipicos t where t.equipe_id = l.equipe_id
      and t.produto_chave <> '' and t.produto_chave = l.produto_chave))
  and exists (select from fila f where f.equipe_id = l.equipe_id and f.lead_id = l.id)
limit {MOST_PLACED + 1}
"""

# An import holds leads already: two that wait for leads of each other would wait for ever.
_HOLD = """
select id from leads where equipe_id = :equipe_id and id = any(:ids) and excluido_em is null
order by id for no key update skip locked
"""


def refresh(equipe_id: int) -> bool:
    """Bring an equipe's typical values up to date, and the places of its leads; False where a
    job has to, because they are too many, or others are at work on some of them."""
    changed = list(db.session.scalars(text(_MEDIANS), {"equipe_id": equipe_id}))
    if not changed:
        return True
    asked = {"equipe_id": equipe_id, "mudados": changed, "geral": "" in changed}
    ids = list(db.session.scalars(text(_PLACED_BY), asked))
    if len(ids) > MOST_PLACED:
        return False
    held = list(db.session.scalars(text(_HOLD), {"equipe_id": equipe_id, "ids": ids}))
    place_again(lambda equipe, lead: (equipe == equipe_id) & lead.in_(held))
    return len(held) == len(ids)
