"""What other writers have done since an import began to look: each write to a lead is an event with
the number of its transaction. Few have come in that time, so it is they who are looked up, and not
the lines: that takes no longer for what the planner does not know of new leads."""

from collections import defaultdict
from typing import Any

from sqlalchemy import text

from models.db import db
from models.db.epochs import OLDEST_RUNNING, SINCE
from services.imports.writing.duplicates import Duplicates
from services.imports.writing.staging import NEW
from services.leads.duplicates import KEYS

_CHANGED = (
    f"select distinct lead_id from eventos where equipe_id = :equipe_id and {SINCE} "
    "and lead_id is not null and xid <> pg_current_xact_id()"
)
_LIVE = "l.equipe_id = :equipe_id and l.id = any(:ids) and l.excluido_em is null"
_THEIR_KEYS = (
    f"select 'documento', l.documento from leads l where {_LIVE} and l.documento is not null "
    "union all select c.tipo, c.chave from leads l join lead_contatos c "
    f"on c.equipe_id = l.equipe_id and c.lead_id = l.id where {_LIVE} and c.retirado_em is null"
)
# Not by id_externo, of which its index makes sure.
_OF_COLUMNS = {kind: column for column, kind in KEYS.items() if kind != "id_externo"}
_SAYS_ONE = " or ".join(
    f"t.{column} = any(cast(:{kind} as text[]))" for kind, column in _OF_COLUMNS.items()
)
_SAID = (
    f"select exists (select from linhas_importadas t where {NEW} and ({_SAYS_ONE} "
    "or t.contatos && cast(:contatos as text[])))"
)


def oldest_running() -> str:
    """The transaction from which on others are not seen yet."""
    return str(_all(OLDEST_RUNNING)[0][0])


def is_overtaken(equipe_id: int, asked: Duplicates, since: str) -> bool:
    """Whether a lead that others have written `since` has a key of a line that became a lead. To be
    asked with the keys of the lines locked."""
    changed = () if asked.allow else _all(_CHANGED, equipe_id=equipe_id, desde=since)
    if not changed:
        return False
    keys = defaultdict(list)
    for kind, key in _all(_THEIR_KEYS, equipe_id=equipe_id, ids=[row[0] for row in changed]):
        keys[kind].append(key)
        keys["contatos"].append(f"{kind}:{key}")
    asked_for = {name: keys[name] for name in (*_OF_COLUMNS, "contatos")}
    return bool(_all(_SAID, **asked_for)[0][0])


def _all(statement: str, **parameters: Any) -> Any:
    return db.session.execute(text(statement), parameters).all()
