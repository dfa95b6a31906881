"""The queue as a person sees it: in the order in which it is offered, what waits at its end."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from models.db.messages.queries import Row
from models.db.statements import fetch
from services.errors import InvalidCursorGiven
from services.policy import scope
from services.principal import Principal
from services.queue.reasons import Place, reasons
from services.queue.segments import PLACED, SEGMENTS, page_query
from utils.clock import day_bounds, iso, local_day, now, parse_instant
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True)
class Item:
    """A lead of the queue. `lead`: all of it, None where the caller may see its place alone."""

    id: int
    meu: bool
    faixa: str
    score: int
    motivos: list[str]
    lead: Row | None
    retorno_em: datetime | None
    livre_em: datetime | None
    reservado: bool


@dataclass(frozen=True, slots=True)
class Page:
    itens: Sequence[Item]
    proximo: str | None


@dataclass(frozen=True, slots=True)
class _Position:
    """Where a page starts: as of which moment, in which segment, behind which row of it."""

    agora: datetime
    segmento: int = 0
    apos: str | int | None = None
    apos_id: int | None = None


def list_queue(caller: Principal, *, limite: int, cursor: str | None, cursor_key: bytes) -> Page:
    """One page: for a gestor of the equipe's queue, for a vendedor of their own leads and nobody's,
    with the promises that others have missed. Raises InvalidCursorGiven.

    Keyset, and all pages are of the moment of the first one: a promise that falls due meanwhile
    stays where it was.
    """
    view = f"fila {caller.equipe_id} {caller.usuario_id} {caller.gestor}"
    start = _read_cursor(cursor_key, view, cursor) if cursor else _Position(now())
    values = {
        **scope(caller),
        "agora": start.agora,
        "hoje": day_bounds(local_day(start.agora, caller.fuso), caller.fuso)[0],
        "limite": limite + 1,
        "apos": start.apos,
        "apos_id": start.apos_id,
    }
    query = page_query(caller.gestor, start.segmento, start.apos is not None)
    rows = fetch(query, values, equipe_id=caller.equipe_id)
    proximo = None
    if len(rows) > limite:
        proximo = encode_cursor(cursor_key, view, _end_of_page(caller, start, rows[limite - 1]))
    return Page([_item(caller, row) for row in rows[:limite]], proximo)


def _item(caller: Principal, row: Row) -> Item:
    placed = dict(zip(PLACED, row, strict=False))
    score, faixa, pontos, versao, *lead = row[len(PLACED) :]
    queued = {name: placed[name] for name in ("dono", "retorno_em", "tentativas")}
    place = Place(**queued, score=score, faixa=faixa, pontos=pontos, versao=versao)
    moment, leased = now(), placed["reservado_ate"]
    held = leased is not None and leased > moment
    rests = [placed[name] for name in ("livre_em", "nao_antes_de")]
    return Item(
        id=placed["lead_id"],
        meu=placed["dono"] == caller.usuario_id
        or (held and placed["reservado_por"] == caller.usuario_id),
        faixa=faixa,
        score=score,
        motivos=reasons(caller, place, moment),
        lead=tuple(lead) if lead[0] is not None else None,
        retorno_em=placed["retorno_em"],
        livre_em=max((each for each in rests if each and each > moment), default=None),
        reservado=held,
    )


def _end_of_page(caller: Principal, start: _Position, row: Row) -> list[str | int | None]:
    placed: dict[str, Any] = dict(zip(PLACED, row, strict=False))
    column = SEGMENTS[caller.gestor][placed["segmento"]].column
    value = placed[column]
    said = repr(value) if isinstance(value, float) else iso(value)
    return [iso(start.agora), placed["segmento"], said, placed["lead_id"]]


def _read_cursor(key: bytes, view: str, cursor: str) -> _Position:
    try:
        agora, segmento, apos, apos_id = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return _Position(parse_instant(str(agora)), int(segmento or 0), apos, int(apos_id or 0))
