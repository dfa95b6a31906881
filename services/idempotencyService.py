"""Retries of a keyed POST get the first reply again, for a day, in the same transaction."""

import hmac
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import delete, select, tuple_

from models.access.idempotency import IdempotencyRecord
from models.db import db
from models.db.locks import try_lock
from models.db.statements import count_here
from services.errors import AppError, Code, Conflict
from services.principal import Principal
from utils.clock import now

KEPT_FOR = timedelta(hours=24)
_NOT_KEPT = 0
_KEY = (IdempotencyRecord.usuario_id, IdempotencyRecord.chave_id, IdempotencyRecord.chave)


class KeyReused(AppError):
    status = 422
    code = Code.CHAVE_REUTILIZADA
    message = "Esta Idempotency-Key já foi usada com outra requisição."


class KeyInFlight(Conflict):
    code = Code.REQUISICAO_EM_ANDAMENTO
    message = "A primeira requisição com esta Idempotency-Key ainda está em andamento."

    def __init__(self) -> None:
        super().__init__(retry_after=1)


class SecretShown(Conflict):
    """The first reply held a secret, which is kept as a hash only: it cannot be repeated."""

    code = Code.SEGREDO_NAO_REPETIDO
    message = "Esta requisição já foi atendida; o segredo que ela criou não é mostrado de novo."


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply as it left: status, body and the headers worth repeating."""

    status: int
    body: bytes
    location: str | None
    etag: str | None


def begin(caller: Principal, key: str, fingerprint: bytes) -> Reply | None:
    """The first reply to this key, or None when this request is the first.

    Raises KeyReused for another request under the key, KeyInFlight while the first one runs,
    SecretShown for a reply that was not kept.
    """
    if not try_lock(f"idempotencia:{caller.equipe_id}:{_whose(caller)}:{key}"):
        raise KeyInFlight()
    record = db.session.scalar(
        select(IdempotencyRecord).where(
            IdempotencyRecord.usuario_id == caller.usuario_id,
            IdempotencyRecord.chave_id == (caller.chave_id or 0),
            IdempotencyRecord.chave == key,
        )
    )
    if record is not None and record.criado_em < now() - KEPT_FOR:
        db.session.delete(record)
        db.session.flush()  # so that the key can be used for the new reply
        record = None
    if record is None:
        return None
    if record.impressao != fingerprint:
        raise KeyReused()
    if record.status == _NOT_KEPT:
        raise SecretShown()
    return Reply(record.status, record.corpo, record.local, record.etag)


def remember(
    caller: Principal,
    key: str,
    fingerprint: bytes,
    reply: Reply | None,
    *,
    lead_id: int | None = None,
) -> None:
    """Keep the reply, in the transaction of the write. None: the reply held a secret.

    `lead_id`: the lead that it shows.
    """
    kept = reply or Reply(_NOT_KEPT, b"", None, None)
    db.session.add(
        IdempotencyRecord(
            usuario_id=caller.usuario_id,
            chave_id=caller.chave_id or 0,
            chave=key,
            impressao=fingerprint,
            status=kept.status,
            corpo=kept.body,
            local=kept.location,
            etag=kept.etag,
            lead_id=lead_id,
        )
    )


def fingerprint(secret: bytes, route: str, *parts: bytes) -> bytes:
    """What tells one request from another under the same key.

    The hash is made with a secret key: a body may hold a password, which could be guessed from a
    plain hash.
    """
    digest = hmac.new(secret, route.encode(), "sha256")
    for part in parts:
        digest.update(len(part).to_bytes(8) + part)
    return digest.digest()


def purge(most: int) -> int:
    """Drop expired replies of the tenant, `most` of them; how many there were.

    They may hold personal data.
    """
    expired = select(*_KEY).where(IdempotencyRecord.criado_em < now() - KEPT_FOR).limit(most)
    return count_here(delete(IdempotencyRecord).where(tuple_(*_KEY).in_(expired)))


def _whose(caller: Principal) -> str:
    """A user's keys are shared by their sessions; those of an API key are separate."""
    return f"{caller.usuario_id}:{caller.chave_id or 0}"
