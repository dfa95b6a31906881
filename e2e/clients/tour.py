"""Uses what openapi-python-client makes: creates a lead, lists sessions, imports a file.

Run by e2e/clients/check.py, with the generated package on the path.
"""

import sys
from http import HTTPStatus
from io import BytesIO
from pathlib import Path
from typing import Any

from finlead_client import AuthenticatedClient, Client
from finlead_client.api.auth import login, register
from finlead_client.api.imports import import_leads
from finlead_client.api.keys import list_sessions
from finlead_client.api.leads import create_lead, list_leads
from finlead_client.models import (
    Code,
    Erro,
    ImportForm,
    LeadInput,
    LoginInput,
    RegisterInput,
    Role,
)
from finlead_client.types import File

_EMAIL, _PASSWORD = "gestora-python@exemplo.com.br", "uma-frase-longa"


def main(address: str, demo: Path) -> None:
    client = AuthenticatedClient(address, token=_token(Client(address)))
    _create_lead(client)
    _list_sessions(client)
    _import(client, demo)
    print("Python: the generated client created, listed and imported.")


def _token(client: Client) -> str:
    person = RegisterInput(nome="Gestora Exemplo", email=_EMAIL, senha=_PASSWORD, role=Role.GESTOR)
    _done(register.sync_detailed(client=client, body=person), HTTPStatus.CREATED)
    body = LoginInput(email=_EMAIL, senha=_PASSWORD)
    return str(_done(login.sync_detailed(client=client, body=body)).access_token)


def _create_lead(client: AuthenticatedClient) -> None:
    body = LeadInput(nome="Lead Exemplo", email="lead@exemplo.com.br", valor="250000.00")
    lead = _done(
        create_lead.sync_detailed(client=client, body=body, idempotency_key="crm-4711"),
        HTTPStatus.CREATED,
    )
    assert (lead.nome, lead.valor, lead.telefone) == ("Lead Exemplo", "250000.00", None)
    assert lead.criado_em.tzinfo is not None
    (found,) = _done(list_leads.sync_detailed(client=client, q="exemplo")).itens
    assert found.id == lead.id
    refused = create_lead.sync(client=client, body=body)
    assert isinstance(refused, Erro)
    assert refused.data.codigo is Code.LEAD_DUPLICADO
    assert refused.data.ids == [lead.id]


def _list_sessions(client: AuthenticatedClient) -> None:
    (session,) = _done(list_sessions.sync_detailed(client=client)).itens
    assert session.atual
    assert session.expira_em > session.criado_em


def _import(client: AuthenticatedClient, demo: Path) -> None:
    mapping = (demo / "mapping.json").read_text("utf-8")
    content = (demo / "bank-2000.csv").read_bytes()
    form = ImportForm(arquivo=File(BytesIO(content), "bank-2000.csv"), mapeamento=mapping)
    report = _done(import_leads.sync_detailed(client=client, body=form))
    assert (report.linhas, report.criados, report.erros) == (2_000, 2_000, [])
    plain = File(BytesIO(b"nome\nLead do Arquivo\n"))
    assert _done(import_leads.sync_detailed(client=client, body=plain)).criados == 1


def _done(reply: Any, status: HTTPStatus = HTTPStatus.OK) -> Any:
    """The data of a reply that was to succeed."""
    assert reply.status_code is status, reply.content
    return reply.parsed.data


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]))
