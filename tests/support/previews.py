"""Files that are looked at before they are imported, for the tests."""

from pathlib import Path
from typing import Any

from tests.support.api import Api, Reply

EXPORTS = Path(__file__).parent.parent / "imports" / "exports"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def preview(api: Api, file: str | bytes, content_type: str = "text/csv", **query: Any) -> Reply:
    raw = file.encode() if isinstance(file, str) else file
    return api.call(
        "POST",
        "/leads/import/preview",
        data=raw,
        content_type=content_type,
        query_string=query,
        environ_overrides={"CONTENT_LENGTH": str(len(raw))},
    )


def previewed(api: Api, file: str | bytes, content_type: str = "text/csv", **query: Any) -> Any:
    """The data of a preview."""
    reply = preview(api, file, content_type, **query)
    assert reply.status == 201, reply.body
    return reply.data


def take(api: Api, previa: int, mapping: Any = None, **query: Any) -> Reply:
    """Import the file of a preview."""
    headers = query.pop("headers", None)
    body = None if mapping is None else {"mapeamento": mapping}
    asked = {"previa": previa, **query}
    return api.post("/leads/import", body, query_string=asked, headers=headers)


def fields(found: dict[str, Any]) -> dict[str, Any]:
    """The field that each column is proposed to be."""
    return {each["coluna"]: each["campo"] for each in found["colunas"]}
