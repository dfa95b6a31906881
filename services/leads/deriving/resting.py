"""How long a lead rests: after an attempt to reach the person by its result, and by how often in a
row nobody answered; after it was skipped, or a move has ended a lease, as the history tells. The
settings are the tenant's (configuracao.fila)."""

from typing import Any

from sqlalchemy import CTE, column, func, literal, null, select, text, update
from sqlalchemy.sql.dml import Update
from sqlalchemy.sql.selectable import LateralFromClause

from models.activity import Result
from models.derived.queue_entry import QUEUE
from models.event import EventKind
from models.lead import LEADS
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
# What is skipped rests so long for everybody, a promise too; what is moved by who holds it rests as
# after a result of no kind of its own, a promise too where it was overdue.
PAUSES = (EventKind.LEAD_PULADO.value, EventKind.RESERVA_ENCERRADA.value)
SKIPPED_FOR = "interval '1 hour'"
_PAUSES = (
    f"select e.tipo = '{EventKind.LEAD_PULADO}' as pulado, e.criado_em, e.criado_em + case e.tipo "
    f"when '{EventKind.LEAD_PULADO}' then {SKIPPED_FOR} else s.outro end as ate from eventos e "
    "where e.equipe_id = leads.equipe_id and e.lead_id = leads.id "
    f"and e.tipo in ('{EventKind.LEAD_PULADO}', '{EventKind.RESERVA_ENCERRADA}') "
    f"and e.criado_em > now() - greatest({SKIPPED_FOR}, s.outro) "
    "and e.criado_em > coalesce(u.concluida_em, '-infinity')"
)
# The last of the waits for a result counts for all later attempts too. A rest that is over is none.
_REST = (
    "select case when greatest(d.livre_em, d.nao_antes_de) > now() "
    "then greatest(d.livre_em, d.nao_antes_de) end as livre_em, "
    "case when d.nao_antes_de > now() then d.nao_antes_de end as nao_antes_de, "
    "coalesce(u.vezes, 0) as tentativas, coalesce(u.vezes >= (c.fila->>'tentativas')::int, false) "
    "and leads.proximo_contato_em is null as esgotado from configuracao c cross join lateral "
    "(select interval '1 hour' * (c.fila->'esperas_h'->'outro'->>0)::float8 as outro) s "
    f"left join lateral ({_LAST}) u on true "
    "cross join lateral (select c.fila->'esperas_h'->u.resultado as horas) e cross join lateral "
    "(select max(p.ate) as livre_em, max(case when p.pulado or leads.proximo_contato_em <= "
    f"p.criado_em then p.ate end) as nao_antes_de from ({_PAUSES}) p) p cross join lateral "
    "(select greatest(p.livre_em, u.concluida_em + interval '1 hour' * (e.horas->>"
    "(least(greatest(u.vezes, 1), jsonb_array_length(e.horas)) - 1))::float8) as livre_em, "
    "greatest(p.nao_antes_de, u.concluida_em + interval '1 minute' * "
    "(c.fila->>'intervalo_min')::float8) as nao_antes_de) d where c.equipe_id = leads.equipe_id"
)


def rest_of_lead() -> LateralFromClause:
    """COLUMNS for each row of `leads`, and `esgotado`: whether it was tried so often in vain that
    it is not offered any more, unless somebody promised to call."""
    found = text(_REST).columns(*map(column, COLUMNS), column("esgotado"))
    return found.lateral("descanso")


def rest(among: Among) -> Update:
    """Let these leads rest as their last attempts say; a result ends the lease on a lead."""
    rests = _rests(among)
    return _update(rests, reservado_por=null(), reservado_ate=null())


def rest_again(among: Among) -> Update:
    """The same after other settings: who holds a lead holds it still."""
    rests = _rests(among)
    kept, new = ([columns[name] for name in COLUMNS] for columns in (QUEUE.c, rests.c))
    return _update(rests).where(func.row(*kept).is_distinct_from(func.row(*new)))


def _rests(among: Among) -> CTE:
    computed = rest_of_lead()
    return (
        select(LEADS.c.equipe_id, LEADS.c.id, *(computed.c[name] for name in COLUMNS))
        .select_from(LEADS.join(computed, literal(True)))
        .where(among(LEADS.c.equipe_id, LEADS.c.id))
        .cte("descansos")
    )


def _update(rests: CTE, **more: Any) -> Update:
    return (
        update(QUEUE)
        .where(QUEUE.c.equipe_id == rests.c.equipe_id, QUEUE.c.lead_id == rests.c.id)
        .values(**{name: rests.c[name] for name in COLUMNS}, **more)
    )
