"""The timeline of a lead: what happened and what was done about it, told in sentences."""

from dataclasses import dataclass
from typing import Any

from services.errors import InvalidCursorGiven
from services.principal import Principal
from services.timeline.reading import EVENT, Position, Told, read
from services.timeline.sentences import sentence
from utils.clock import iso
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor

_OF_EVENT = "campos de_etapa para_etapa versao chave_id importacao_id trabalho_id".split()
_OF_ACTIVITY = (
    "id usuario_id tipo resultado texto prevista_para concluida_em encerrada atualizado_em"
).split()


@dataclass(frozen=True, slots=True)
class Item:
    """What happened when, told and as data. `origem` says whether it is an event or an activity;
    ids are those of its kind."""

    origem: str
    id: int
    tipo: str
    quando: Any
    usuario_id: int | None
    frase: str
    dados: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    itens: list[Item]
    proximo: str | None


def get_timeline(
    caller: Principal, lead_id: int, *, limite: int, cursor: str | None, cursor_key: bytes
) -> Page:
    """One page, the newest first, of a live lead that the caller sees. Raises NotFound,
    InvalidCursorGiven."""
    view = f"timeline {caller.equipe_id} {lead_id}"
    position = _read_cursor(cursor_key, view, cursor) if cursor else Position()
    found = read(caller, lead_id, position, limite + 1)
    proximo = None
    if len(found) > limite:
        last = found[limite - 1]
        proximo = encode_cursor(cursor_key, view, [iso(last.quando), last.origem, last.id])
    return Page([_item(told, caller.fuso, lead_id) for told in found[:limite]], proximo)


def _item(told: Told, zone: str, lead_id: int) -> Item:
    return Item(
        told.origem,
        told.id,
        told.tipo,
        told.quando,
        told.usuario_id,
        sentence(told, zone),
        _data(told, lead_id),
    )


def _data(told: Told, lead_id: int) -> dict[str, Any]:
    """The fields of an activity as they are everywhere else; of an event, what it was about."""
    if told.origem == EVENT:
        return {name: getattr(told, name) for name in _OF_EVENT} | (told.dados or {})
    own = {name: getattr(told, name) for name in _OF_ACTIVITY}
    return own | {"lead_id": lead_id, "criado_em": told.quando}


def _read_cursor(key: bytes, view: str, cursor: str) -> Position:
    try:
        quando, origem, item_id = decode_cursor(key, view, cursor)
    except InvalidCursor as error:
        raise InvalidCursorGiven() from error
    return Position(str(quando), str(origem), int(item_id or 0))
