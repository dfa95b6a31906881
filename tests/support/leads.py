"""Leads for the tests: made through the API, looked at through SQL."""

import json
from itertools import count
from typing import Any

from sqlalchemy import Engine, text

from tests.support.api import Api, Reply

_numbers = count(1)


def create(api: Api, **fields: Any) -> dict[str, Any]:
    """A new lead's data; `nome` is given unless the test gives one."""
    reply = api.post("/leads", {"nome": "Lead Exemplo", **fields})
    assert reply.status == 201, reply.body
    return reply.data


def new_cpf() -> str:
    """A number with right check digits that no other test has."""
    return cpf_of(f"{next(_numbers) + 100_000_000:09d}")


def cpf_of(nine: str) -> str:
    """Nine digits and the two that check them."""
    digits = [int(digit) for digit in nine]
    for _ in range(2):
        weighted = sum(d * w for d, w in zip(digits, range(len(digits) + 1, 1, -1), strict=True))
        digits.append(weighted * 10 % 11 % 10)
    return "".join(map(str, digits))


def new_phone() -> str:
    return f"+55119{90_000_000 + next(_numbers)}"


def rows(sql: Engine, statement: str, **parameters: Any) -> list[Any]:
    """What SQL sees, beyond row-level security."""
    with sql.connect() as connection:
        return [tuple(row) for row in connection.execute(text(statement), parameters)]


def run(sql: Engine, statement: str, **parameters: Any) -> None:
    with sql.connect() as connection:
        connection.execute(text(statement), parameters)


def tie(sql: Engine, equipe_id: int) -> None:
    """Give many leads of an equipe the same creation and last change."""
    run(
        sql,
        "update leads set criado_em = timestamptz '2026-01-01' + (id % 6) * interval '1 ms', "
        "atualizado_em = timestamptz '2026-01-01' + (id % 4) * interval '1 us' "
        "where equipe_id = :e",
        e=equipe_id,
    )


def events(sql: Engine, lead_id: int) -> list[tuple[Any, ...]]:
    """(tipo, campos, de_etapa, para_etapa, usuario_id) of a lead's events in order."""
    return rows(
        sql,
        "select tipo, campos, de_etapa, para_etapa, usuario_id from eventos "
        "where lead_id = :id order by id",
        id=lead_id,
    )


def upload(
    api: Api, csv: str | bytes, mapping: Any = None, *, headers: Any = None, **query: Any
) -> Reply:
    """Import a CSV as text/csv; `mapping` travels in the query string."""
    if mapping is not None:
        query["mapeamento"] = json.dumps(mapping)
    raw = csv.encode() if isinstance(csv, str) else csv
    return api.call(
        "POST",
        "/leads/import",
        data=raw,
        content_type="text/csv",
        query_string=query,
        headers=headers,
        # The test client would announce no length of an empty file.
        environ_overrides={"CONTENT_LENGTH": str(len(raw))},
    )


def imported(api: Api, csv: str | bytes, mapping: Any = None, **query: Any) -> dict[str, Any]:
    """The data of an import that was taken."""
    reply = upload(api, csv, mapping, **query)
    assert reply.status == 200, reply.body
    return reply.data


def all_leads(api: Api, **query: Any) -> list[dict[str, Any]]:
    """Every lead that a list gives, oldest first unless `ordenar` says otherwise."""
    asked = {"ordenar": "criado_em", "limite": 100, **query}
    found: list[dict[str, Any]] = []
    while True:
        reply = api.get("/leads", query_string=asked)
        assert reply.status == 200, reply.body
        found += reply.data["itens"]
        if reply.data["proximo"] is None:
            return found
        asked["cursor"] = reply.data["proximo"]
