"""Schemathesis against the running server, as a gestor and as a vendedor of the same equipe."""

import os
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError

from config import ROOT
from e2e.server import get, post

_SENHA = "senha-da-prova"


def run_schemathesis(address: str) -> dict[str, int]:
    """Role → exit code. The vendedor joins when the gestor is done, who may deactivate any user."""
    gestor = _person(address, "gestor")
    found = {"gestor": _run(address, gestor)}
    vendedor = _person(address, "vendedor", gestor["access_token"])
    return found | {"vendedor": _run(address, vendedor)}


def _person(address: str, role: str, token: str | None = None) -> Any:
    """A new user, signed in."""
    email = f"prova-{role}@exemplo.com.br"
    known = {"email": email, "senha": _SENHA}
    post(address, "/auth/register", known | {"nome": "Pessoa de Teste", "role": role}, token)
    return post(address, "/auth/login", known)


def _run(address: str, person: dict[str, Any]) -> int:
    print(f"\nSchemathesis, {person['role']}", flush=True)
    settings = ROOT / "e2e" / "schemathesis.toml"
    command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(settings)]
    command += ["run", f"{address}/openapi.json"]
    environment = {**os.environ, **_known_to_hooks(address, person)}
    done = subprocess.run(command, cwd=ROOT, env=environment)
    return done.returncode or _signed_out(address, person)


def _signed_out(address: str, person: dict[str, Any]) -> int:
    """1 if the run lost its session: it would have got little but 401s, and passed."""
    try:
        get(address, "/auth/me", person["access_token"])
    except HTTPError as refusal:
        print(f"A sessão desta rodada não chegou ao fim: {refusal.code}", flush=True)
        return 1
    return 0


def _known_to_hooks(address: str, person: dict[str, Any]) -> dict[str, str]:
    sessions = get(address, "/auth/sessions", person["access_token"])["itens"]
    own = next(session["id"] for session in sessions if session["atual"])
    return {
        "E2E_TOKEN": person["access_token"],
        "E2E_EMAIL": person["email"],
        "E2E_SENHA": _SENHA,
        "E2E_USUARIO_ID": str(person["id"]),
        "E2E_SESSAO_ID": str(own),
        # Where the hooks are found.
        "PYTHONPATH": str(ROOT),
    }
