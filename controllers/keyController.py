"""API keys of the tenant, and one's own sessions."""

from flask import Response

from controllers.schemas.keySchema import (
    KeyCreated,
    KeyInput,
    KeyList,
    KeyOutput,
    SessionList,
    SessionOutput,
)
from controllers.web.guards import caller
from controllers.web.operation import ApiBlueprint, keep_reply_secret
from controllers.web.replies.output import done, listed, shaped
from services import keyService, sessionService
from services.errors import Code

keys = ApiBlueprint("keys", "Chaves e sessões", "Chaves para programas e as próprias sessões.")
KEY_ID = "/auth/keys/<id:chave_id>"
SESSION_ID = "/auth/sessions/<id:sessao_id>"


@keys.operation("GET", "/auth/keys", summary="Listar chaves de API", output=KeyList)
def list_keys() -> Response:
    """Todas, também as que expiraram; sem os segredos."""
    return done(listed(KeyOutput, keyService.list_keys(caller())))


@keys.operation(
    "POST",
    "/auth/keys",
    summary="Criar chave de API",
    body=KeyInput,
    output=KeyCreated,
    status=201,
    message="Chave criada com sucesso",
    idempotent=True,
    errors=(Code.SEGREDO_NAO_REPETIDO,),
    links={"keys.revoke_key": "chave_id"},
)
def create_key(body: KeyInput) -> Response:
    """A chave aparece só nesta resposta. Ela age com o papel dado, em nome de quem a criou."""
    keep_reply_secret()
    key, text = keyService.create_key(caller(), **body.model_dump())
    return done(shaped(KeyOutput, key) | {"chave": text})


@keys.operation(
    "DELETE", KEY_ID, summary="Revogar chave de API", message="Chave revogada com sucesso"
)
def revoke_key(chave_id: int) -> Response:
    """Deixa de valer na hora."""
    keyService.revoke_key(caller(), chave_id)
    return done()


@keys.operation("GET", "/auth/sessions", summary="Ver as próprias sessões", output=SessionList)
def list_sessions() -> Response:
    """As que ainda valem, a desta chamada entre elas."""
    return done(listed(SessionOutput, sessionService.list_own(caller())))


@keys.operation(
    "DELETE",
    SESSION_ID,
    summary="Encerrar uma das próprias sessões",
    message="Sessão encerrada com sucesso",
)
def end_session(sessao_id: int) -> Response:
    """Encerra na hora, com seus tokens."""
    sessionService.end_own(caller(), sessao_id)
    return done()
