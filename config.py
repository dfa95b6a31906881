"""Settings: one frozen, typed object read from the environment, all errors reported together."""

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

from dotenv import load_dotenv
from limits import parse_many as parse_quotas

from utils.postgres.addresses import address_errors, normalized
from utils.production import production_errors

ROOT = Path(__file__).resolve().parent
_ADDRESSES = ("database_url", "migration_database_url")
ENVIRONMENTS = ("development", "production")
_MAX_PROXIES = 10  # a larger number is a typing error, and lets clients choose their own address
# The form in which browsers send Origin. `*`, paths and patterns are refused, in development too.
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


class InvalidSettings(SystemExit):
    """The process cannot start; the message lists every error, one per line."""

    def __init__(self, errors: list[str]) -> None:
        super().__init__("Configuração inválida:\n" + "\n".join(f"- {error}" for error in errors))
        self.errors = errors


class Addresses(NamedTuple):
    """The database for the API, and for migrations where another role owns the tables."""

    api: str
    owner: str | None


def setting(env: str, default: object, about: str) -> Any:
    """A dataclass field that says which variable feeds it; .env.example is held against these."""
    return field(default=default, metadata={"env": env, "about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    app_env: str = setting("APP_ENV", "development", "development ou production")
    database_url: str | None = setting("DATABASE_URL", None, "vazio: PostgreSQL embutido")
    migration_database_url: str | None = setting(
        "MIGRATION_DATABASE_URL", None, "o dono do banco, para flask db; vazio: DATABASE_URL"
    )
    secret_key: str = setting("SECRET_KEY", "", "vazio em desenvolvimento: uma é gerada")
    host: str = setting("HOST", "127.0.0.1", "endereço em que o servidor escuta")
    port: int = setting("PORT", 5000, "porta HTTP")
    workers: int = setting("WEB_CONCURRENCY", 0, "processos; 0 usa um por núcleo")
    threads: int = setting("WEB_THREADS", 4, "requisições ao mesmo tempo, e conexões por pool")
    trabalhos_segundos: int = setting(
        "TRABALHOS_SEGUNDOS", 60, "espera por mais um trabalho; 0: um flask worker os faz"
    )
    limite_api: str = setting("LIMITE_API", "100/second", "requisições por credencial e processo")
    limite_login: str = setting("LIMITE_LOGIN", "10/minute", "tentativas falhas por conta e IP")
    limite_sessoes: str = setting("LIMITE_SESSOES", "60/hour", "logins certos por conta")
    limite_registro: str = setting("LIMITE_REGISTRO", "20/hour", "cadastros por IP")
    proxies: int = setting("PROXIES_CONFIAVEIS", 0, "proxies à frente que escrevem X-Forwarded-*")
    cors_origens: str = setting("CORS_ORIGENS", "", "origens que chamam de um navegador")
    acesso_minutos: int = setting("ACESSO_MINUTOS", 15, "validade do access_token")
    sessao_dias: int = setting("SESSAO_DIAS", 30, "validade máxima de uma sessão")
    instance: Path = setting("FINLEAD_INSTANCE", ROOT / "instance", "pasta dos dados locais")
    pg_bin: Path | None = setting("FINLEAD_PG_BIN", None, "binários do PostgreSQL embutido")
    pg_user: str | None = setting("FINLEAD_PG_USER", None, "usuário do sistema, sob root")

    @property
    def production(self) -> bool:
        return self.app_env == "production"

    @property
    def address(self) -> str:
        """Where a person at this machine finds the server."""
        shown = "127.0.0.1" if self.host in ("0.0.0.0", "::") else self.host  # noqa: S104
        return f"http://{shown}:{self.port}"

    @property
    def addresses(self) -> Addresses | None:
        """None: the embedded PostgreSQL."""
        if not self.database_url:
            return None
        return Addresses(self.database_url, self.migration_database_url)

    @property
    def password_min(self) -> int:
        """Shortest password accepted; the documented example has six characters."""
        return 8 if self.production else 6

    @property
    def origins(self) -> tuple[str, ...]:
        return tuple(_origins(self.cors_origens))

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None) -> "Settings":
        """Read the environment (and `.env` beside this file). Raises InvalidSettings."""
        if environ is None:
            load_dotenv(ROOT / ".env")
            environ = os.environ
        errors: list[str] = []
        values = {
            name: _read(spec.metadata["env"], spec.default, str(spec.type), environ, errors)
            for name, spec in cls.__dataclass_fields__.items()
        }
        errors += _rules(values)
        if values["app_env"] == "production":
            errors += production_errors(values, environ)
        if errors:
            raise InvalidSettings(errors)
        for name in _ADDRESSES:
            values[name] = values[name] and normalized(values[name])
        values["secret_key"] = values["secret_key"] or _kept_secret(values["instance"])
        return cls(**values)


def _read(
    env: str, default: object, kind: str, environ: Mapping[str, str], errors: list[str]
) -> Any:
    text = environ.get(env, "").strip()
    if not text:
        return default
    if "Path" in kind or isinstance(default, Path):
        return Path(text)
    if not isinstance(default, int):
        return text
    if not text.isascii() or not text.isdigit():
        errors.append(f"{env} deve ser um número inteiro.")
        return default
    return int(text)


def _rules(values: Mapping[str, Any]) -> list[str]:
    """Every rule that the values break, as sentences."""
    errors = [f"{env} não é uma cota como 20/hour." for env in _broken_quotas(values)]
    if values["app_env"] not in ENVIRONMENTS:
        errors.append("APP_ENV deve ser development ou production.")
    if not 0 < values["port"] < 65536:
        errors.append("PORT deve estar entre 1 e 65535.")
    if not 0 < values["threads"] <= 64:
        errors.append("WEB_THREADS deve estar entre 1 e 64.")
    if not 0 < values["acesso_minutos"] <= 1440:
        errors.append("ACESSO_MINUTOS deve estar entre 1 e 1440.")
    if not 0 < values["sessao_dias"] <= 365:
        errors.append("SESSAO_DIAS deve estar entre 1 e 365.")
    if not 0 <= values["trabalhos_segundos"] <= 86_400:
        errors.append("TRABALHOS_SEGUNDOS deve estar entre 0 e 86400.")
    for name in _ADDRESSES:
        errors += address_errors(name.upper(), values[name]) if values[name] else []
    if values["migration_database_url"] and not values["database_url"]:
        errors.append("MIGRATION_DATABASE_URL só vale com DATABASE_URL: defina as duas.")
    if values["proxies"] > _MAX_PROXIES:
        errors.append(f"PROXIES_CONFIAVEIS deve estar entre 0 e {_MAX_PROXIES}.")
    errors += [
        f"CORS_ORIGENS: {origin} não é uma origem como https://painel.exemplo.com.br."
        for origin in _origins(values["cors_origens"])
        if not _ORIGIN.fullmatch(origin)
    ]
    return errors


def _origins(text: str) -> list[str]:
    return [origin.strip() for origin in text.split(",") if origin.strip()]


def _broken_quotas(values: Mapping[str, Any]) -> list[str]:
    broken = []
    for name in ("limite_api", "limite_login", "limite_registro", "limite_sessoes"):
        try:
            (quota,) = parse_quotas(values[name])
            usable = quota.amount > 0 or name == "limite_api"  # 0/second: no limit
        except ValueError:  # no quota, or several
            usable = False
        if not usable:
            broken.append(name.upper())
    return broken


def _kept_secret(instance: Path) -> str:
    """Raises InvalidSettings where nothing can be kept."""
    try:
        return _local_secret(instance)
    except OSError as error:
        raise InvalidSettings(
            [
                f"SECRET_KEY está vazia, e não foi possível guardar uma em {instance} "
                f"({error.strerror}): defina-a, ou FINLEAD_INSTANCE."
            ]
        ) from error


def _local_secret(instance: Path) -> str:
    """A random key kept in the instance folder, so that sessions outlive a restart.

    The key is written to another file, which is then linked into place. So of several processes
    that start at once one sets the key, and none reads a half-written one.
    """
    path = instance / "secret_key"
    if not path.exists():
        instance.mkdir(parents=True, exist_ok=True)
        descriptor, aside = tempfile.mkstemp(dir=instance)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(48))
        with contextlib.suppress(FileExistsError):
            os.link(aside, path)
        Path(aside).unlink()
    return path.read_text()


def share_with_children(settings: Settings, addresses: Addresses) -> None:
    """Put the settings that the parent resolved into the environment that children inherit: the
    workers, and the process that migrates."""
    os.environ["DATABASE_URL"] = addresses.api
    os.environ["MIGRATION_DATABASE_URL"] = addresses.owner or ""
    os.environ["SECRET_KEY"] = settings.secret_key


def use_utc_sessions() -> None:
    """libpq sends PGTZ when it connects, so every row arrives in UTC, behind PgBouncer too."""
    os.environ["PGTZ"] = "UTC"


def wants_colour() -> bool:
    """False if the user has switched colours off for every program (https://no-color.org)."""
    return not os.environ.get("NO_COLOR")
