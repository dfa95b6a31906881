"""The promises about leads whose next contact an import has changed, as they were before: those
that it made go, those that it ended are open again, and the one that it moved is where it was.

One that somebody has changed since stays as it is, and services/leads/deriving/promises brings it
to the date.
"""

from models.db.messages.queries import Query
from models.event import EventKind
from services.history import FOLLOWS

_EVENT = (
    "select equipe_id, %(usuario_id)s::bigint, %(chave_id)s::bigint, %(trabalho_id)s::bigint, "  # noqa: S608 - texts of ours
    "%(importacao_id)s::bigint, '{kind}', lead_id, cast('{fields}' as varchar[]), "
    f"jsonb_build_object('atividade_id', id, '{FOLLOWS}', 1) from {{rows}}"
)
# Parameters: those of caused_by(), equipe_id and linhas.
TAKE_BACK = Query(
    f"""
    with promessas as (
      select a.equipe_id, a.id, e.tipo, 'prevista_para' = any(e.campos) as movida,
        cast(n.antes->>'proximo_contato_em' as timestamptz) as antes
      from importacao_linhas n join eventos e on e.equipe_id = n.equipe_id
        and e.lead_id = n.lead_id and e.importacao_id = n.importacao_id
        and e.tipo in ('{EventKind.ATIVIDADE_CRIADA}', '{EventKind.ATIVIDADE_ALTERADA}')
      join atividades a on a.equipe_id = e.equipe_id
        and a.id = cast(e.dados->>'atividade_id' as bigint)
      where n.equipe_id = %(equipe_id)s and n.importacao_id = %(importacao_id)s and n.n = 0
        and n.linha = any(cast(%(linhas)s as int[])) and not exists (
          select from eventos o where o.equipe_id = e.equipe_id and o.lead_id = e.lead_id
            and o.id > e.id and o.dados->>'atividade_id' = e.dados->>'atividade_id')
    ), retiradas as (
      delete from atividades a using promessas p
      where a.equipe_id = p.equipe_id and a.id = p.id and p.tipo = '{EventKind.ATIVIDADE_CRIADA}'
      returning a.equipe_id, a.lead_id, a.id
    ), devolvidas as (
      update atividades a set concluida_em = null, encerrada = false, atualizado_em = now(),
        prevista_para = case when movida then p.antes else a.prevista_para end
      from promessas p
      where a.equipe_id = p.equipe_id and a.id = p.id and p.tipo = '{EventKind.ATIVIDADE_ALTERADA}'
      returning a.equipe_id, a.lead_id, a.id
    )
    insert into eventos (equipe_id, usuario_id, chave_id, trabalho_id, importacao_id, tipo,
      lead_id, campos, dados)
    {_EVENT.format(kind=EventKind.ATIVIDADE_EXCLUIDA, fields="{}", rows="retiradas")}
    union all
    {
        _EVENT.format(
            kind=EventKind.ATIVIDADE_ALTERADA,
            fields="{concluida_em,encerrada,prevista_para}",
            rows="devolvidas",
        )
    }
    """,  # noqa: S608 - texts of ours
    {},
)
