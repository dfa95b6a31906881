"""A note that is written beside another change of a lead."""

from models.activity import ActivityKind
from models.db.messages.queries import Part, Query
from models.db.statements import fetch_here
from services.activities.rows import NOTHING, creating
from services.leads.writing.holding import Held
from services.principal import Principal

_NEXT = Query("select nextval('atividades_id_seq'), now()", {})


def note(caller: Principal, held: Held, texto: str) -> list[Part]:
    """What writes a note about a lead that is held."""
    atividade_id, instant = fetch_here(_NEXT, {})[0]
    said = {**NOTHING, "tipo": ActivityKind.NOTA.value, "texto": texto, "concluida_em": instant}
    return creating(caller, held.id, held.row["responsavel_id"], atividade_id, said)
