"""Exports of six systems go in through a preview: every cell is found again in its lead, or its
line is named in the report. All people are made up (tests/imports/exports)."""

import csv
import io
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from tests.support.api import Team
from tests.support.derived import check as check_derived
from tests.support.leads import all_leads, run
from tests.support.previews import EXPORTS, fields, previewed, take
from tests.support.workbooks import sheet_of
from utils.brazil.states import normalize_state
from utils.clock import parse_instant
from utils.text import fold

SOURCES = {
    "hubspot": ("utf-8", ","),
    "rdstation": ("utf-8", ";"),
    "pipedrive": ("utf-8", ";"),
    "agendor": ("windows-1252", ";"),
    "kommo": ("utf-8", ";"),
    "meta": ("utf-16", "\t"),
}
_LOCAL = ZoneInfo("America/Sao_Paulo")
_FORMS = ("%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S %z", "%d.%m.%Y %H:%M:%S", "%Y-%m-%dT%H:%M:%S%z")
_PARTS = re.compile(r"[,;|]")


def _file(team: Team, source: str) -> bytes:
    """The file, with the equipe's own gestora for its own."""
    raw = (EXPORTS / f"{source}.csv").read_bytes()
    return raw.replace(b"gestora@exemplo.com.br", team.gestor.email.encode())


def _rows(raw: bytes, source: str) -> list[dict[str, str]]:
    encoding, delimiter = SOURCES[source]
    text = raw.decode(encoding).lstrip("\ufeff")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))


def _leaves(value: Any) -> Iterator[str]:
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    elif value is not None:
        yield str(value)


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _instant(cell: str) -> datetime:
    for form in _FORMS:
        try:
            found = datetime.strptime(cell, form)
        except ValueError:
            continue
        return found if found.tzinfo else found.replace(tzinfo=_LOCAL)
    raise AssertionError(cell)


def _is_found(cell: str, field: str, lead: dict[str, Any], valores: dict[str, Any]) -> bool:
    cell = valores.get(field, {}).get(cell, cell).strip()
    if field == "criado_em":
        return parse_instant(lead["criado_em"]) == _instant(cell)
    if field == "uf":
        return bool(lead["uf"] == normalize_state(cell))
    if field == "responsavel_id":
        return lead["responsavel_id"] is not None
    if field.startswith("atributos."):
        return str(lead["atributos"][field.removeprefix("atributos.")]).lower() == cell.lower()
    there = list(_leaves({name: value for name, value in lead.items() if name != "atributos"}))
    return all(_is_part(part, there) for part in _PARTS.split(cell))


def _is_part(part: str, there: list[str]) -> bool:
    """By its words, or as a number by its digits."""
    part = part.removeprefix("whatsapp:").removeprefix("tel:").strip()
    digits = _digits(part)
    if digits and not re.search(r"[a-z]{3}|@", fold(part)):
        wanted = digits.removeprefix("0")
        return any(wanted in _digits(text) for text in there)
    return any(fold(part) in fold(text) for text in there)


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_an_export_goes_in_whole(team: Team, sql: Engine, source: str, kind: str) -> None:
    name = "update usuarios set nome = 'Gestora Exemplo' where id = :id"
    run(sql, name, id=team.gestor.id)
    raw = _file(team, source)
    lines = _rows(raw, source)
    if kind == "csv":
        found = previewed(team.gestor.api, raw)
        assert (found["codificacao"], found["delimitador"]) == SOURCES[source]
    else:
        book = sheet_of(list(lines[0]), *[list(line.values()) for line in lines])
        found = previewed(team.gestor.api, book)
    assert (found["linhas"], found["rejeitariam"]) == (len(lines), 0), found
    reply = take(team.gestor.api, found["previa"])
    assert reply.status == 200, reply.body
    assert (reply.data["criados"], reply.data["linhas"]) == (len(lines), len(lines)), reply.data
    leads = _in_order(team)
    named, valores = fields(found), found["mapeamento"]["valores"]
    for line, lead in zip(lines, leads, strict=True):
        for column, cell in line.items():
            if cell:
                assert _is_found(cell, named[column], lead, valores), (column, cell, lead)
    check_derived(sql, team.equipe_id)


def _in_order(team: Team) -> list[dict[str, Any]]:
    """The leads as their lines stand in the file, each with its contacts."""
    found = sorted(lead["id"] for lead in all_leads(team.gestor.api))
    return [team.gestor.api.get(f"/leads/{lead_id}").data for lead_id in found]


def test_nothing_of_an_export_is_left_without_a_reason(team: Team) -> None:
    for source in SOURCES:
        found = previewed(team.gestor.api, _file(team, source))
        for column in found["colunas"]:
            assert column["campo"] is not None, (source, column)
            assert column["motivo"] and 0 <= column["confianca"] <= 1
            assert all("@" not in text or "***" in text for text in column["amostra"])
