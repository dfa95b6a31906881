"""API keys: opaque, shown once, kept as a hash, acting with a role until they expire or end."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from models.access.api_key import ApiKey
from models.db import db
from models.event import EventKind
from services import history
from services.auth.identity import KEY_PREFIX
from services.auth.managers import require_manager
from services.auth.secretTexts import digest, new_secret
from services.errors import NotFound
from services.principal import Principal
from utils.clock import now


def create_key(
    caller: Principal, *, nome: str, role: str, validade_dias: int | None
) -> tuple[ApiKey, str]:
    """A new key and its text, which nobody can read again. Raises Forbidden."""
    require_manager(caller)
    secret = new_secret()
    expires: datetime | None = now() + timedelta(days=validade_dias) if validade_dias else None
    key = ApiKey(
        equipe_id=caller.equipe_id,
        usuario_id=caller.usuario_id,
        nome=nome,
        role=role,
        resumo=digest(secret),
        expira_em=expires,
    )
    db.session.add(key)
    db.session.flush()  # generates the id that the text begins with
    history.record(EventKind.CHAVE_CRIADA, usuario_id=caller.usuario_id, alvo_id=key.id)
    return key, f"{KEY_PREFIX}{key.id}_{secret}"


def list_keys(caller: Principal) -> Sequence[ApiKey]:
    return db.session.scalars(ApiKey.of_team(caller.equipe_id)).all()


def revoke_key(caller: Principal, key_id: int) -> None:
    """End a key at once. Raises NotFound, Forbidden."""
    require_manager(caller)
    key = db.session.scalar(ApiKey.of_team(caller.equipe_id).where(ApiKey.id == key_id))
    if key is None:
        raise NotFound()
    _revoke(key, caller.usuario_id)


def revoke_all_of(usuario_id: int, *, equipe_id: int, by: int | None) -> None:
    """End the keys that a user made, when they lose the power to make any."""
    made = ApiKey.of_team(equipe_id).where(ApiKey.usuario_id == usuario_id)
    for key in db.session.scalars(made):
        _revoke(key, by)


def _revoke(key: ApiKey, by: int | None) -> None:
    key.revogada_em = now()
    history.record(EventKind.CHAVE_REVOGADA, usuario_id=by, alvo_id=key.id)
