"""render.yaml starts what is in this repository, with settings that production accepts."""

import copy
import importlib.util
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from app import contracts
from config import ROOT, InvalidSettings, Settings
from controllers.permissions import Access

BLUEPRINT: dict[str, Any] = yaml.safe_load((ROOT / "render.yaml").read_text("utf-8"))
SERVICE: dict[str, Any] = BLUEPRINT["services"][0]
VARIABLES: dict[str, dict[str, Any]] = {entry["key"]: entry for entry in SERVICE["envVars"]}

# Read by Render, not by the API.
_OF_RENDER = {"PYTHON_VERSION"}
_REQUIRED = {
    *("PYTHON_VERSION", "APP_ENV", "HOST", "DATABASE_URL", "SECRET_KEY"),
    *("WEB_CONCURRENCY", "WEB_THREADS", "PROXIES_CONFIAVEIS", "CORS_ORIGENS"),
}
_REGIONS = ["oregon", "ohio", "virginia", "frankfurt", "singapore"]


def exactly(required: dict[str, Any], **optional: Any) -> dict[str, Any]:
    """An object with these properties and no other."""
    return {
        "type": "object",
        "required": list(required),
        "properties": {**required, **optional},
        "additionalProperties": False,
    }


_KEY = {"type": "string", "pattern": "^[A-Z][A-Z0-9_]*$"}
_TEXT = {"type": "string", "minLength": 1}
_FROM_DATABASE = exactly({"name": _TEXT, "property": {"enum": ["connectionString"]}})
_SCHEMA = exactly(
    {
        "services": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": exactly(
                {
                    "type": {"const": "web"},
                    "name": _TEXT,
                    "runtime": {"const": "python"},
                    # preDeployCommand is missing on purpose: free plans do not run it.
                    "plan": {"const": "free"},
                    "region": {"enum": _REGIONS},
                    "autoDeployTrigger": {"enum": ["commit", "checksPass", "off"]},
                    "buildCommand": _TEXT,
                    "startCommand": _TEXT,
                    "healthCheckPath": {"type": "string", "pattern": "^/"},
                    "envVars": {
                        "type": "array",
                        "items": {
                            "oneOf": [
                                # A number would be a fault: every value is a text.
                                exactly({"key": _KEY, "value": _TEXT}),
                                exactly({"key": _KEY, "generateValue": {"const": True}}),
                                exactly({"key": _KEY, "sync": {"const": False}}),
                                exactly({"key": _KEY, "fromDatabase": _FROM_DATABASE}),
                            ]
                        },
                    },
                }
            ),
        },
        "databases": {
            "type": "array",
            "minItems": 1,
            "maxItems": 1,
            "items": exactly(
                {
                    "name": _TEXT,
                    "plan": {"const": "free"},
                    "region": {"enum": _REGIONS},
                    "databaseName": _TEXT,
                    "user": _TEXT,
                    "postgresMajorVersion": {"enum": ["15", "16", "17", "18"]},
                    "ipAllowList": {"type": "array", "maxItems": 0},
                }
            ),
        },
    }
)

# What Render fills in: 256 random bits in base64, an internal address, the operator's answer.
_GENERATED = "qUM3Zq5pF0m0o1d4sYh2bTzK8vXw7rNcJ6aEgLiPtQ4="
_CONNECTION = "postgresql://finlead:segredo@dpg-exemplo-a/finlead"
_ANSWERS = {"CORS_ORIGENS": "https://painel.exemplo.com.br"}


def environment() -> dict[str, str]:
    """The environment in which Render starts the API."""
    filled = {"PORT": "10000"}
    for key, entry in VARIABLES.items():
        if "value" in entry:
            filled[key] = entry["value"]
        elif "generateValue" in entry:
            filled[key] = _GENERATED
        else:
            filled[key] = _CONNECTION if "fromDatabase" in entry else _ANSWERS[key]
    return filled


def test_the_blueprint_has_known_keys_and_values() -> None:
    jsonschema.Draft202012Validator.check_schema(_SCHEMA)
    jsonschema.validate(BLUEPRINT, _SCHEMA)


@pytest.mark.parametrize(
    "spoil",
    [
        lambda b: b["services"][0].update(runtime="phyton"),
        lambda b: b["services"][0].update(preDeployCommand="flask db upgrade"),
        lambda b: b["services"][0].update(env="python"),
        lambda b: b["services"][0]["envVars"].append({"key": "PORT", "value": 10000}),
        lambda b: b["services"][0]["envVars"].append({"key": "X", "value": "1", "sync": False}),
        lambda b: b["databases"][0].update(postgresMajorVersion=18),
        lambda b: b["databases"][0].update(ipAllowList=[{"source": "0.0.0.0/0"}]),
        lambda b: b["databases"][0].pop("ipAllowList"),
        lambda b: b.update(version="1"),
    ],
)
def test_the_schema_refuses(spoil: Callable[[dict[str, Any]], object]) -> None:
    spoiled = copy.deepcopy(BLUEPRINT)
    spoil(spoiled)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(spoiled, _SCHEMA)


def test_the_database_is_declared_beside_the_service() -> None:
    (database,) = BLUEPRINT["databases"]
    assert VARIABLES["DATABASE_URL"]["fromDatabase"]["name"] == database["name"]
    # The internal address is known within a region only.
    assert database["region"] == SERVICE["region"]


def test_the_build_installs_the_hashed_lock() -> None:
    *command, lock = SERVICE["buildCommand"].split()
    assert command == "pip install --require-hashes -r".split()
    assert "--hash=sha256:" in (ROOT / lock).read_text("utf-8")


def test_a_commit_is_deployed_at_once() -> None:
    assert SERVICE["autoDeployTrigger"] == "commit"


def test_the_start_command_is_ours() -> None:
    python, dash_m, module, *options = SERVICE["startCommand"].split()
    assert (python, dash_m) == ("python", "-m")
    found = importlib.util.find_spec(module)
    assert found is not None and found.origin is not None
    source = Path(found.origin).read_text("utf-8")
    assert options == ["--migrate"]
    assert all(f'"{option}" in arguments' in source for option in options)


def test_the_health_check_is_served_to_anyone() -> None:
    open_reads = {c.rule for c in contracts() if c.method == "GET" and c.access is Access.PUBLIC}
    assert SERVICE["healthCheckPath"] in open_reads


def test_every_variable_is_a_setting_and_none_is_missing() -> None:
    settings = {field.metadata["env"] for field in Settings.__dataclass_fields__.values()}
    assert set(VARIABLES) - _OF_RENDER <= settings
    assert set(VARIABLES) >= _REQUIRED
    assert len(VARIABLES) == len(SERVICE["envVars"])
    # Render gives it; a value of ours would be one that it does not listen on.
    assert "PORT" not in VARIABLES


def test_no_secret_is_written_down() -> None:
    assert VARIABLES["SECRET_KEY"] == {"key": "SECRET_KEY", "generateValue": True}
    assert "fromDatabase" in VARIABLES["DATABASE_URL"]


def test_production_accepts_what_render_fills_in() -> None:
    settings = Settings.from_env(environment())
    assert settings.production
    assert (settings.host, settings.port) == ("0.0.0.0", 10_000)
    assert (settings.workers, settings.proxies) == (1, 1)
    assert settings.database_url is not None
    assert settings.database_url.endswith("@dpg-exemplo-a/finlead")


@pytest.mark.parametrize("secret", ["SECRET_KEY", "DATABASE_URL"])
def test_production_refuses_to_start_without(secret: str) -> None:
    with pytest.raises(InvalidSettings, match=secret):
        Settings.from_env({**environment(), secret: ""})


def test_the_python_is_the_one_of_this_repository() -> None:
    asked = (ROOT / ".python-version").read_text("utf-8").strip()
    version = VARIABLES["PYTHON_VERSION"]["value"]
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert version.startswith(f"{asked}.")
