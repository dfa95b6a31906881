"""The page of /painel in a real browser: a vendedor's day and a gestor's, at 360 pixels and wide.

`python -m e2e.panel` runs it alone, with `--only` some of its stories; with `--pictures` it also
takes those of docs/images/ anew.
"""

import json
import os
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from config import ROOT
from e2e.node import run
from e2e.panel.workbook import write_workbook
from e2e.server import post
from services.demoService import MANAGER, PASSWORD

_SENHA = "senha-da-prova"
_BROWSERS = ("chromium", "chromium-browser", "google-chrome")
_MISSING = (
    "O painel não foi provado: falta um Chromium (Debian/Ubuntu: apt install chromium); "
    "a prova segue sem ele."
)
_SCRIPT = "e2e/panel/run.js"
_groups = count(1)
# People who do not exist; the last name is an attack on the page.
_PEOPLE: list[dict[str, Any]] = [
    {
        "nome": "Marina Exemplo da Silva",
        "telefone": "(11) 98765-4321",
        "email": "marina@exemplo.com.br",
        "contatos": [{"tipo": "telefone", "valor": "(11) 3456-7890"}],
        "documento": "529.982.247-25",
        "cidade": "Campinas",
        "uf": "SP",
        "produto": "consórcio de imóvel",
        "valor": "280000.00",
        "renda_mensal": "14500.00",
        "origem": "indicação",
        "etiquetas": ["vip"],
        "atributos": {"melhor_horario": "fim da tarde"},
    },
    {
        "nome": "Otávio Fictício Ramos",
        "telefone": "(21) 99876-5432",
        "email": "otavio@exemplo.com.br",
        "empresa": "Padaria Inventada",
        "cidade": "Niterói",
        "uf": "RJ",
        "produto": "crédito consignado",
        "valor": "42000.00",
        "origem": "site",
    },
    {"nome": "Benedita Modelo", "telefone": "(31) 98888-1234", "uf": "MG", "valor": "15000.00"},
    {
        "nome": "<img src=x onerror=document.title='tomado'>",
        "telefone": "(41) 97777-4321",
        "uf": "PR",
    },
]


def find_browser() -> str | None:
    return next(filter(None, map(shutil.which, _BROWSERS)), None)


def check_panel(address: str, *, pictures: bool = False, only: str | None = None) -> int | None:
    """The run's exit code; None where there is no browser. `only`: the scenarios that are run."""
    if code := run("tsc", "--project", "e2e/panel"):
        return code
    browser = find_browser()
    if browser is None:
        print(_MISSING, flush=True)
        return None
    teams = [_team(address, people) for people in _groups_of_people()]
    given = {
        "address": address,
        "browser": browser,
        "senha": _SENHA,
        "teams": teams,
        "seen": str(ROOT / "instance" / "e2e-painel.png"),
        "workbook": str(write_workbook(ROOT / "instance" / "contatos.xlsx")),
        "only": only,
        "pictures": str(ROOT / "docs" / "images") if pictures else None,
        "demo": {"gestor": MANAGER.email, "senha": PASSWORD},
    }
    environment = {**os.environ, "E2E_PANEL": json.dumps(given)}
    return subprocess.run(["node", _SCRIPT], cwd=ROOT, env=environment).returncode


def _groups_of_people() -> list[list[dict[str, Any]]]:
    """Those of each equipe; the fifth gets closed leads, too, to learn from."""
    few = _PEOPLE[:2]
    return [_PEOPLE, _PEOPLE, _PEOPLE[:1], _promised(), few, _PEOPLE, few, few]


def _promised() -> list[dict[str, Any]]:
    """The people of the pictures: one return is late, one is due soon, one tomorrow."""
    now = datetime.now(UTC)
    due = (now - timedelta(minutes=40), now + timedelta(minutes=90), now + timedelta(days=1))
    return [
        person | {"proximo_contato_em": moment.isoformat(timespec="seconds")}
        for person, moment in zip(_PEOPLE, due, strict=False)
    ]


def _team(address: str, people: list[dict[str, Any]]) -> dict[str, Any]:
    """A gestor, a vendedor, and the vendedor's leads: the e-mails with which both sign in."""
    at = f"painel-{next(_groups)}.exemplo.com.br"
    gestor = {"email": f"gestor@{at}", "senha": _SENHA}
    vendedor = {"email": f"vendedora@{at}", "senha": _SENHA}
    opened = {"nome": "Gil Gestor", "role": "gestor", "equipe": "Equipe de Exemplo"}
    post(address, "/auth/register", gestor | opened)
    token = post(address, "/auth/login", gestor)["access_token"]
    seller = {"nome": "Vera Vendedora", "role": "vendedor"}
    seller_id = post(address, "/auth/register", vendedor | seller, token)["id"]
    for person in people:
        post(address, "/leads", person | {"responsavel_id": seller_id}, token)
    return {"gestor": gestor["email"], "vendedor": vendedor["email"], "people": len(people)}
