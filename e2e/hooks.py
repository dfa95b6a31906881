"""What Schemathesis loads to keep its own session alive, so that every operation can be tried."""

import os
from itertools import count
from typing import Any

import schemathesis

from e2e.server import post

_TOKEN = f"Bearer {os.environ['E2E_TOKEN']}"
# The run's account and session, by the name of the path parameter that could end them.
_OWN = {name: int(os.environ[f"E2E_{name.upper()}"]) for name in ("usuario_id", "sessao_id")}
_MISSING = 2**62
_KEY = "Idempotency-Key"
_numbers = count(1)


@schemathesis.serializer("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
def workbook(_context: Any, value: Any) -> bytes:
    """Bytes that are no workbook, mostly: what is made up here is refused."""
    return value if isinstance(value, bytes) else str(value).encode()


@schemathesis.hook
def before_call(_context: Any, case: Any, _kwargs: dict[str, Any]) -> None:
    """Logging out ends a session made for it; no call deactivates or resets the run's account."""
    if case.operation.path == "/auth/logout" and case.headers.get("Authorization") == _TOKEN:
        case.headers["Authorization"] = f"Bearer {_new_token(case.operation.base_url)}"
    for name, own in _OWN.items():
        if case.method != "GET" and str(case.path_parameters.get(name)) == str(own):
            case.path_parameters[name] = _MISSING
    # A key used before repeats that reply, about a lead that may be gone since.
    if 0 < len(key := str(case.headers.get(_KEY, ""))) < 240:
        case.headers[_KEY] = f"{key}-{next(_numbers)}"


def _new_token(address: str) -> str:
    known = {"email": os.environ["E2E_EMAIL"], "senha": os.environ["E2E_SENHA"]}
    return str(post(address, "/auth/login", known)["access_token"])
