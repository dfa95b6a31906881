"""The settings that production refuses: those that only a developer's machine may have."""

from collections.abc import Mapping
from typing import Any

_MIN_SECRET = 32
_MIN_DISTINCT = 8
# Parts of the keys that examples and tutorials show; 32 random characters hold none of them.
_WELL_KNOWN = (
    *("changeme", "change-me", "change_me", "change-this", "change_this", "changethis"),
    *("secret-key", "secret_key", "secretkey", "supersecret", "super-secret", "super_secret"),
    *("insecure", "default", "example", "exemplo", "troque", "segredo", "chave-secreta"),
    *("password", "development", "dev123", "qwerty", "0123456789", "abcdefgh"),
)
_NO = ("", "0", "false", "no")  # as Flask reads FLASK_DEBUG


def production_errors(values: Mapping[str, Any], environ: Mapping[str, str]) -> list[str]:
    """Every reason not to start in production, as sentences without a value."""
    errors = _secret_errors(values["secret_key"])
    if not values["database_url"]:
        errors.append("DATABASE_URL é obrigatória em produção.")
    if environ.get("FLASK_DEBUG", "").strip().lower() not in _NO:
        errors.append("FLASK_DEBUG não pode estar ligado em produção.")
    if environ.get("FLASK_ENV", "").strip().lower() not in ("", "production"):
        errors.append("FLASK_ENV, se existir, deve ser production em produção.")
    return errors


def _secret_errors(secret: str) -> list[str]:
    if len(secret) < _MIN_SECRET:
        return [f"SECRET_KEY deve ter ao menos {_MIN_SECRET} caracteres em produção."]
    if len(set(secret)) < _MIN_DISTINCT or any(part in secret.lower() for part in _WELL_KNOWN):
        return ["SECRET_KEY é conhecida ou previsível: gere uma ao acaso para a produção."]
    return []
