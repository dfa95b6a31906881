"""How long a lead rests after an attempt to reach the person: by its result, and by how often in a
row nobody answered. The settings are the tenant's (configuracao.fila)."""

from sqlalchemy import column, func, literal, null, select, text, update
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.selectable import LateralFromClause

from models.activity import Result
from models.lead import LEADS
from models.queue_entry import QUEUE
from services.scores.statement import Among

COLUMNS = ("livre_em", "nao_antes_de", "tentativas")
_OF_LEAD = (
    "{0}.equipe_id = leads.equipe_id and {0}.lead_id = leads.id "
    "and {0}.resultado is not null and {0}.concluida_em is not null"
)
_ANSWERED = (
    "select coalesce(max(r.concluida_em), '-infinity') from atividades r "
    f"where {_OF_LEAD.format('r')} and r.resultado <> '{Result.NAO_ATENDEU}'"
)
# Of the last attempt: when, its result, and how often nobody has answered since somebody did.
_LAST = (
    "select a.concluida_em, a.resultado, (select count(*) from atividades n "
    f"where {_OF_LEAD.format('n')} and n.resultado = '{Result.NAO_ATENDEU}' "
    f"and n.concluida_em > ({_ANSWERED}))::int as vezes "
    f"from atividades a where {_OF_LEAD.format('a')} "
    "order by a.concluida_em desc, a.id desc limit 1"
)
# The last of the waits for a result counts for all later attempts too. A rest that is over is none.
_REST = (
    "select case when greatest(d.livre_em, d.nao_antes_de) > now() "
    "then greatest(d.livre_em, d.nao_antes_de) end as livre_em, "
    "case when d.nao_antes_de > now() then d.nao_antes_de end as nao_antes_de, "
    "u.vezes as tentativas, "
    "u.vezes >= (c.fila->>'tentativas')::int and leads.proximo_contato_em is null as esgotado "
    f"from ({_LAST}) u join configuracao c on c.equipe_id = leads.equipe_id "
    "cross join lateral (select c.fila->'esperas_h'->u.resultado as horas) e "
    "cross join lateral (select u.concluida_em + interval '1 hour' * (e.horas->>"
    "(least(greatest(u.vezes, 1), jsonb_array_length(e.horas)) - 1))::float8 as livre_em, "
    "u.concluida_em + interval '1 minute' * (c.fila->>'intervalo_min')::float8 as nao_antes_de) d"
)


def rest_of_lead() -> LateralFromClause:
    """COLUMNS for each row of `leads`, and `esgotado`: whether it was tried so often in vain that
    it is not offered any more, unless somebody promised to call. No row without an attempt."""
    found = text(_REST).columns(*map(column, COLUMNS), column("esgotado"))
    return found.lateral("descanso")


def rest(among: Among) -> Update:
    """Let these leads rest as their last attempts say; a result ends the lease on a lead."""
    computed = rest_of_lead()
    rows = (
        select(LEADS.c.equipe_id, LEADS.c.id, *(computed.c[name] for name in COLUMNS))
        .select_from(LEADS.outerjoin(computed, literal(True)))
        .where(among(LEADS.c.equipe_id, LEADS.c.id))
        .cte("descansos")
    )
    return (
        update(QUEUE)
        .where(QUEUE.c.equipe_id == rows.c.equipe_id, QUEUE.c.lead_id == rows.c.id)
        .values(
            livre_em=rows.c.livre_em,
            nao_antes_de=rows.c.nao_antes_de,
            tentativas=func.coalesce(rows.c.tentativas, 0),
            reservado_por=null(),
            reservado_ate=null(),
        )
    )
