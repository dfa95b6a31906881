"""Exports, as the tests ask for them and read them."""

import csv
import io
from typing import Any

from python_calamine import CalamineWorkbook

from tests.support.api import Api, Reply

FORMATS = ("csv", "excel", "xlsx")


def export(api: Api, formato: str = "csv", **query: Any) -> Reply:
    reply = api.get("/leads/export", query_string={"formato": formato, **query})
    assert reply.status == 200, reply.body
    return reply


def table(raw: bytes, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a CSV, by their columns."""
    text = io.StringIO(raw.decode("utf-8-sig"), newline="")
    return list(csv.DictReader(text, delimiter=delimiter, strict=True))


def exported(api: Api, **query: Any) -> list[dict[str, str]]:
    """What a CSV has of the leads."""
    return table(export(api, **query).raw)


def sheet(raw: bytes) -> list[dict[str, Any]]:
    """The rows of a workbook, each cell as its type has it."""
    header, *rows = (
        CalamineWorkbook.from_filelike(io.BytesIO(raw)).get_sheet_by_index(0).iter_rows()
    )
    return [dict(zip(header, row, strict=True)) for row in rows]
