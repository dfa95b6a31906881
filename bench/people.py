"""Teams and leads to measure with. Every lead is a number: none of them is a person."""

import json
from dataclasses import dataclass
from typing import Any

from bench import load
from bench.errors import BenchFailed
from bench.site import Site

PASSWORD = "senha-do-bench"
_ORIGINS = ("site", "indicação", "lista fria", "whatsapp", "carteira")
_PRODUCTS = ("consórcio", "seguro auto", "crédito pessoal", "previdência")
_SIZES = (20_000, 3_000, 3_000, 3_000)  # leads of each tenant
_HEADER = "nome,documento,email,telefone,produto,origem,valor"


@dataclass(slots=True)
class Team:
    """A tenant with its gestor signed in; `first` and `last` are the ids of its leads."""

    email: str
    colleague: str  # the e-mail of a vendedor
    token: str
    equipe_id: int
    first: int = 0
    last: int = 0


def lead(number: int) -> dict[str, str]:
    """Lead `number`: another number has another document, e-mail and phone."""
    base = f"{number:09d}"
    return {
        "nome": f"Lead {number}",
        "documento": _cpf(base),
        "email": f"lead{number}@exemplo.com.br",
        "telefone": f"119{number % 10**8:08d}",
        "produto": _PRODUCTS[number % len(_PRODUCTS)],
        "origem": _ORIGINS[number % len(_ORIGINS)],
        "valor": f"{number % 150_000}.50",
    }


def _cpf(base: str) -> str:
    """Nine digits with the two that check them."""
    for _ in range(2):
        weighted = sum(int(d) * w for d, w in zip(reversed(base), range(2, 12), strict=False))
        base += str(-weighted % 11 % 10)
    return base


def csv(numbers: range, *, bad_every: int = 0) -> bytes:
    """A file of these leads; every `bad_every`-th line has an invalid document."""
    lines = [_HEADER]
    for number in numbers:
        fields = lead(number)
        if bad_every and number % bad_every == 0:
            fields["documento"] = "123"
        lines.append(",".join(fields.values()))
    return "\n".join([*lines, ""]).encode()


def open_teams(site: Site) -> list[Team]:
    return [
        open_team(site, f"equipe{number}", range(1, size + 1)) for number, size in enumerate(_SIZES)
    ]


def open_team(site: Site, name: str, leads: range = range(0)) -> Team:
    """Register a gestor with a colleague in a tenant of their own, sign in and import leads."""
    email = f"{name}@exemplo.com.br"
    person = {"nome": name, "email": email, "senha": PASSWORD, "role": "gestor"}
    _post(site, "/auth/register", person)
    token = sign_in(site, email)
    colleague = {**person, "email": f"colega-{email}", "role": "vendedor"}
    _post(site, "/auth/register", colleague, token)
    statement = "select equipe_id from usuarios where email = :email"
    team = Team(email, colleague["email"], token, int(str(site.sql(statement, email=email)[0][0])))
    if leads:
        import_csv(site, team, csv(leads))
        remember_ids(site, team)
    return team


def sign_in(site: Site, email: str) -> str:
    """A token of this person."""
    return str(_post(site, "/auth/login", {"email": email, "senha": PASSWORD})["access_token"])


def user_id(site: Site, email: str) -> int:
    return int(str(site.sql("select id from usuarios where email = :email", email=email)[0][0]))


def remember_ids(site: Site, team: Team) -> None:
    statement = "select min(id), max(id) from leads where equipe_id = :equipe_id"
    first, last = site.sql(statement, equipe_id=team.equipe_id)[0]
    team.first, team.last = int(str(first)), int(str(last))


def import_csv(site: Site, team: Team, file: bytes, query: str = "") -> Any:
    """Send a file to POST /leads/import; the reply's data."""
    raw = load.request("POST", f"/leads/import{query}", team.token, file, "text/csv")
    return _data(*load.one(site.port, raw))


def _post(site: Site, path: str, body: dict[str, str], token: str = "") -> Any:
    raw = load.request("POST", path, token, json.dumps(body).encode())
    return _data(*load.one(site.port, raw))


def _data(status: int, body: bytes) -> Any:
    if status not in (200, 201):
        raise BenchFailed(f"{status}: {body[:500].decode(errors='replace')}")
    return json.loads(body)["data"]
