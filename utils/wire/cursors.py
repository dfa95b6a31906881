"""Opaque, signed cursors: where a page of a list ended, in the caller's hands."""

import hmac
import json
from collections.abc import Sequence

from utils.wire import base64url

MAX_CURSOR = 1024
_MAC_BYTES = 16
# Keeps these signatures apart from any other made with the same key.
_PURPOSE = b"finlead.cursor.v1"


class InvalidCursor(ValueError):
    """The cursor was damaged, made up, or belongs to another list."""


def encode_cursor(key: bytes, scope: str, values: Sequence[str | int | None]) -> str:
    """Return a URL-safe cursor of at most 1,024 characters that carries `values`.

    `scope` names everything the position depends on (tenant, order, filters); it is signed
    but not contained. Raises ValueError if the values take more than about 750 bytes.
    """
    payload = json.dumps(list(values), separators=(",", ":"), ensure_ascii=False).encode()
    cursor = base64url.encode(_mac(key, scope, payload) + payload)
    if len(cursor) > MAX_CURSOR:
        raise ValueError("values too long for a cursor")
    return cursor


def decode_cursor(key: bytes, scope: str, text: str) -> list[str | int | None]:
    """Return the values of a cursor made with the same key and scope.

    Raises InvalidCursor for any other text, and never another exception.
    """
    raw = _from_text(text)
    mac, payload = raw[:_MAC_BYTES], raw[_MAC_BYTES:]
    if not hmac.compare_digest(mac, _mac(key, scope, payload)):
        raise _invalid()
    # Past the signature the payload is our own writing.
    values: list[str | int | None] = json.loads(payload)
    return values


def _mac(key: bytes, scope: str, payload: bytes) -> bytes:
    # The scope holds filters as they were sent, so it may hold lone surrogates. Its length
    # goes first: otherwise the end of a scope could pass for the beginning of a payload.
    signed_scope = scope.encode("utf-8", "surrogatepass")
    message = b"".join((_PURPOSE, len(signed_scope).to_bytes(8), signed_scope, payload))
    return hmac.digest(key, message, "sha256")[:_MAC_BYTES]


def _from_text(text: str) -> bytes:
    if len(text) > MAX_CURSOR:
        raise _invalid()
    try:
        return base64url.decode(text)
    except ValueError:
        raise _invalid() from None


def _invalid() -> InvalidCursor:
    return InvalidCursor("Cursor inválido para esta lista.")
