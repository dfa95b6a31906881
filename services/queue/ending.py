"""How a person gives back the lead that they hold: skipped for a while, or let go."""

from datetime import datetime

from models.activity import ActivityKind
from models.db.messages.queries import Query
from models.db.statements import fetch_together
from models.event import EventKind
from services import history
from services.history import Change
from services.leads.deriving.resting import SKIPPED_FOR
from services.leads.leases import NoLease, was_theirs
from services.leads.reading.singles import get_here
from services.policy import scope
from services.principal import Principal

# As a claim does, before it looks at what the row says.
_LOCK = Query(
    "select from reservas where equipe_id = %(equipe_id)s and usuario_id = %(usuario_id)s "
    "for update",
    {},
    hot=True,
)
_MINE = (
    "from reservas r where r.equipe_id = %(equipe_id)s and r.usuario_id = %(usuario_id)s "
    "and f.equipe_id = r.equipe_id and f.lead_id = r.lead_id "
    "and f.reservado_por = r.usuario_id and f.reservado_ate > now()"
)
_SKIP = Query(
    "update fila f set reservado_por = null, reservado_ate = null, "
    f"livre_em = now() + {SKIPPED_FOR}, nao_antes_de = now() + {SKIPPED_FOR} "
    f"{_MINE} returning f.lead_id, f.livre_em",
    {},
    hot=True,
)
_RELEASE = Query(
    "update fila f set reservado_por = null, reservado_ate = null "
    f"{_MINE} and f.lead_id = %(lead_id)s returning f.lead_id",
    {},
    hot=True,
)
NOTE = Query(
    "with nota as (insert into atividades (equipe_id, lead_id, usuario_id, chave_id, tipo, texto, "
    "concluida_em) values (%(equipe_id)s, %(lead_id)s, %(usuario_id)s, %(chave_id)s, %(tipo)s, "
    "%(texto)s, now()) returning id) "
    "insert into eventos (equipe_id, lead_id, usuario_id, chave_id, tipo, campos, dados) "
    "select %(equipe_id)s, %(lead_id)s, %(usuario_id)s, %(chave_id)s, %(evento)s, "
    "'{concluida_em,texto,tipo}', jsonb_build_object('atividade_id', id) from nota",
    {"tipo": ActivityKind.NOTA.value, "evento": EventKind.ATIVIDADE_CRIADA.value},
    hot=True,
)
# Ends the lease of the caller, if they hold one; the lead's id, and until when it rests.
SKIPPED = (_LOCK, _SKIP)


def skip(caller: Principal, reason: str) -> tuple[int, datetime]:
    """Let the lead that the caller holds rest for an hour, for everybody; its id, and until when.
    Raises NoLease."""
    values = scope(caller)
    rows = fetch_together([(step, values) for step in SKIPPED])
    if not rows:
        raise NoLease()
    lead_id, free_at = rows[0]
    note = (NOTE, {**values, "chave_id": caller.chave_id, "lead_id": lead_id, "texto": reason})
    event = history.of_lead(caller, Change(EventKind.LEAD_PULADO, lead_id, None))
    fetch_together([note, event])
    return lead_id, free_at


def release(caller: Principal, lead_id: int) -> None:
    """End the caller's lease on a lead. Raises NotFound, NoLease."""
    values = {**scope(caller), "lead_id": lead_id}
    if not fetch_together([(_LOCK, values), (_RELEASE, values)]):
        if not was_theirs(caller, lead_id):
            get_here(caller, lead_id)
        raise NoLease()
    fetch_together([history.of_lead(caller, Change(EventKind.LEAD_LIBERADO, lead_id, None))])
