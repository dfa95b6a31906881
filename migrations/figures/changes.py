"""What a change adds to `metricas_delta`: the functions of the triggers of revision 0024."""

# A lead as the figures see it. `l`: its columns; `p`: its score; `e`: the stage that it is in.
_LEAD = """l.equipe_id, l.sinal, false, l.etapa, e.tipo, p.faixa, l.responsavel_id, l.origem,
  l.origem_chave, l.produto, l.produto_chave, l.valor_centavos, p.probabilidade, l.criado_em,
  l.fechado_em, l.previsto_para, l.primeira_resposta_em, l.proximo_contato_em, null::timestamptz,
  null::timestamptz, null::boolean, null::boolean"""
# A stay `s` of it.
_STAY = """l.equipe_id, l.sinal, true, s.etapa, e.tipo, null::varchar, l.responsavel_id, l.origem,
  l.origem_chave, l.produto, l.produto_chave, null::bigint, null::double precision, l.criado_em,
  null::timestamptz, null::date, null::timestamptz, null::timestamptz, s.entrou_em, s.saiu_em,
  s.primeira, e.tipo = 'perdida' and s.perdida"""
COLUMNS = """equipe_id, sinal, de_permanencia, etapa, tipo, faixa, responsavel_id, origem,
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
    there = {"insert": [("1", "depois")], "delete": [("(-1)", "antes")]}
    sides = [
        f"select {sign}::smallint as sinal, {table_columns} from {table} x where {condition}"
        for sign, table in there.get(operation, [("(-1)", "antes"), ("1", "depois")])
    ]
    if len(sides) == 1:
        return f"({sides[0]})"
    rows = " union all ".join(sides)
    return (
        f"(select sum(sinal)::smallint as sinal, {columns} from ({rows}) todos "
        f"group by {columns} having sum(sinal) <> 0)"
    )


def _by_key(table: str, alias: str, row: str, key: str = "id", their: str = "lead_id") -> str:
    """What a row names by its key. Behind OFFSET 0, no other condition is known when an index is
    chosen: without statistics one would be taken whose first column alone is compared, and all rows
    of a tenant would be read for each.
    """
    return (
        f"cross join lateral (select * from {table} c where c.equipe_id = {row}.equipe_id "
        f"and c.{their} = {row}.{key} offset 0) {alias}"
    )


def _of_leads(operation: str) -> str:
    """A lead is counted once it has a score: so nothing is to be done for a new one."""
    alive = "x.excluido_em is null"
    leads = _sides(_OF_LEAD, _OF_LEAD, operation, alive)
    # Of its lead's stage a stay needs the kind.
    kind = "(select tipo from etapas t where t.equipe_id = x.equipe_id and t.chave = x.etapa)"
    stays = _sides(f"{_OF_STAYS}, tipo", f"{_OF_STAYS}, {kind} as tipo", operation, alive)
    stay = _STAY.replace("e.tipo", "l.tipo")
    return (
        f"insert into metricas_delta ({COLUMNS}) select {_LEAD} from {leads} l "
        f"{_by_key('lead_pontuacao', 'p', 'l')} {_STAGE};"
        f"insert into metricas_delta ({COLUMNS}) select {stay} from {stays} l "
        f"{_by_key('permanencias', 's', 'l')};"
    )


def _of_scores(operation: str) -> str:
    known = "equipe_id, lead_id, faixa, probabilidade"
    lead = _LEAD.replace("l.sinal", "p.sinal")
    return (
        f"insert into metricas_delta ({COLUMNS}) select {lead} "
        f"from {_sides(known, known, operation)} p "
        f"{_by_key('leads', 'l', 'p', 'lead_id', 'id')} {_STAGE} where l.excluido_em is null;"
    )


def _of_stays(operation: str) -> str:
    known = "equipe_id, lead_id, n, etapa, entrou_em, saiu_em, primeira, perdida"
    stay = _STAY.replace("l.sinal", "s.sinal")
    return (
        f"insert into metricas_delta ({COLUMNS}) select {stay} "
        f"from {_sides(known, known, operation)} s "
        f"{_by_key('leads', 'l', 's', 'lead_id', 'id')} {_STAGE} where l.excluido_em is null;"
    )


WATCHED = {
    "leads": (_of_leads, ("update", "delete")),
    "lead_pontuacao": (_of_scores, ("insert", "update", "delete")),
    "permanencias": (_of_stays, ("insert", "update", "delete")),
}
REFERENCING = {
    "insert": "new table as depois",
    "update": "old table as antes new table as depois",
    "delete": "old table as antes",
}

# All leads of an equipe as they are now, and their stays.
ALL = f"""
create function metricas_de_agora(equipe bigint) returns setof metricas_delta
language sql stable as $$
select equipe_id, 0::bigint, {COLUMNS.split(",", 1)[1]} from (
  select {_LEAD.replace("l.sinal", "1::smallint as sinal")} from leads l {_SCORE} {_STAGE}
  where l.equipe_id = equipe and l.excluido_em is null
  union all
  select {_STAY.replace("l.sinal", "1::smallint")} from leads l {_STAGE} {_STAYS}
  where l.equipe_id = equipe and l.excluido_em is null
) t({COLUMNS}) $$
"""
