"""Random texts that are shown once and kept as a hash: API keys and activation codes.

They are long enough that there is nothing to guess, so a fast hash serves.
"""

import hashlib
import hmac
import secrets


def new_secret() -> str:
    return secrets.token_urlsafe(32)


def digest(secret: str) -> bytes:
    return hashlib.sha256(secret.encode()).digest()


def is_secret_of(kept: bytes, secret: str) -> bool:
    """Whether `kept` is the digest of this text; takes the same time whatever the answer."""
    return hmac.compare_digest(kept, digest(secret))
