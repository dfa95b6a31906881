"""Settings: one frozen, typed object read from the environment, all faults reported together."""

import contextlib
import os
import re
import secrets
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dotenv import load_dotenv
from limits import parse_many as parse_quotas
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from utils.postgres.options import unknown_options
from utils.production import production_faults

ROOT = Path(__file__).resolve().parent
_DRIVER = "postgresql+psycopg2"
ENVIRONMENTS = ("development", "production")
_MAX_PROXIES = 10  # a longer chain is a mistyped number, and believes whoever writes the header
# What a browser sends as Origin; `*`, a path or a pattern is refused, in development too.
_ORIGIN = re.compile(r"https?://[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:[0-9]{1,5})?")


class InvalidSettings(SystemExit):
    """The process cannot start; the message lists every fault, one a line."""

    def __init__(self, faults: list[str]) -> None:
        super().__init__("Configuração inválida:\n" + "\n".join(f"- {fault}" for fault in faults))
        self.faults = faults


def setting(env: str, default: object, about: str) -> Any:
    """A dataclass field that says which variable feeds it; .env.example is held against these."""
    return field(default=default, metadata={"env": env, "about": about})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    app_env: str = setting("APP_ENV", "development", "development ou production")
    database_url: str | None = setting("DATABASE_URL", None, "vazio: PostgreSQL embutido")
    secret_key: str = setting("SECRET_KEY", "", "vazio em desenvolvimento: uma é gerada")
    host: str = setting("HOST", "127.0.0.1", "endereço em que o servidor escuta")
    port: int = setting("PORT", 5000, "porta HTTP")
    workers: int = setting("WEB_CONCURRENCY", 0, "processos; 0 usa um por núcleo")
    threads: int = setting("WEB_THREADS", 4, "requisições ao mesmo tempo, e conexões por pool")
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
        faults: list[str] = []
        values = {
            name: _read(spec.metadata["env"], spec.default, str(spec.type), environ, faults)
            for name, spec in cls.__dataclass_fields__.items()
        }
        faults += _rules(values)
        if values["app_env"] == "production":
            faults += production_faults(values, environ)
        if faults:
            raise InvalidSettings(faults)
        if values["database_url"]:
            values["database_url"] = normalize_database_url(values["database_url"])
        values["secret_key"] = values["secret_key"] or _kept_secret(values["instance"])
        return cls(**values)


def _read(
    env: str, default: object, kind: str, environ: Mapping[str, str], faults: list[str]
) -> Any:
    text = environ.get(env, "").strip()
    if not text:
        return default
    if "Path" in kind or isinstance(default, Path):
        return Path(text)
    if not isinstance(default, int):
        return text
    if not text.isascii() or not text.isdigit():
        faults.append(f"{env} deve ser um número inteiro.")
        return default
    return int(text)


def _rules(values: Mapping[str, Any]) -> list[str]:
    """Every rule that the values break, as sentences."""
    faults = [f"{env} não é uma cota como 20/hour." for env in _broken_quotas(values)]
    if values["app_env"] not in ENVIRONMENTS:
        faults.append("APP_ENV deve ser development ou production.")
    if not 0 < values["port"] < 65536:
        faults.append("PORT deve estar entre 1 e 65535.")
    if not 0 < values["threads"] <= 64:
        faults.append("WEB_THREADS deve estar entre 1 e 64.")
    if not 0 < values["acesso_minutos"] <= 1440:
        faults.append("ACESSO_MINUTOS deve estar entre 1 e 1440.")
    if not 0 < values["sessao_dias"] <= 365:
        faults.append("SESSAO_DIAS deve estar entre 1 e 365.")
    if url := values["database_url"]:
        faults += _url_faults(url)
    if values["proxies"] > _MAX_PROXIES:
        faults.append(f"PROXIES_CONFIAVEIS deve estar entre 0 e {_MAX_PROXIES}.")
    faults += [
        f"CORS_ORIGENS: {origin} não é uma origem como https://painel.exemplo.com.br."
        for origin in _origins(values["cors_origens"])
        if not _ORIGIN.fullmatch(origin)
    ]
    return faults


def _url_faults(text: str) -> list[str]:
    url = _postgresql_url(text)
    if url is None:
        return ["DATABASE_URL deve ser como postgresql://usuario:senha@host:5432/banco."]
    # Tools of other languages write their own options there: pgbouncer=true, schema=public.
    return [
        f"DATABASE_URL: o PostgreSQL não conhece a opção {name}; retire-a do endereço."
        for name in unknown_options(url.query)
    ]


def _postgresql_url(text: str) -> URL | None:
    try:
        url = make_url(normalize_database_url(text))
    except (ArgumentError, ValueError):
        return None
    return url if url.drivername == _DRIVER else None


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


def normalize_database_url(url: str) -> str:
    """Name the driver: SQLAlchemy 2.1 would pick psycopg 3, and Render writes `postgres://`."""
    for prefix in ("postgres://", "postgresql://"):
        if url.startswith(prefix):
            return f"{_DRIVER}://" + url.removeprefix(prefix)
    return url


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

    Written aside and linked into place: of several processes that start at once one wins, and
    nobody reads a half-written key.
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


def share_with_workers(settings: Settings, database_url: str) -> None:
    """Put what the parent resolved into the environment that its worker processes inherit."""
    os.environ["DATABASE_URL"] = database_url
    os.environ["SECRET_KEY"] = settings.secret_key


def use_utc_sessions() -> None:
    """libpq sends PGTZ when it connects, so every row arrives in UTC, behind PgBouncer too."""
    os.environ["PGTZ"] = "UTC"


def wants_colour() -> bool:
    """False where the user has asked every program for none (https://no-color.org)."""
    return not os.environ.get("NO_COLOR")
