"""Lists that are paged by their ids, the newest first: where a page begins, and where the next."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from services.errors import InvalidCursorGiven
from utils.wire.cursors import InvalidCursor, decode_cursor, encode_cursor


@dataclass(frozen=True, slots=True)
class Page[Item]:
    """Some of a list, and the cursor of what comes behind."""

    itens: Sequence[Item]
    proximo: str | None


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of a list is asked for. `view` names the list and what it was narrowed to: a
    cursor is good for no other."""

    view: str
    limite: int
    cursor: str | None
    key: bytes

    def after(self) -> list[int] | None:
        """Behind what the page begins; None at the beginning. Raises InvalidCursorGiven."""
        if self.cursor is None:
            return None
        try:
            return [int(part or 0) for part in decode_cursor(self.key, self.view, self.cursor)]
        except InvalidCursor as error:
            raise InvalidCursorGiven() from error

    def page[Item](self, found: Sequence[Item], place: Callable[[Item], list[int]]) -> Page[Item]:
        """`found`: as many as there are, up to one more than a page has; `place`: where one
        stands in the list."""
        itens, more = found[: self.limite], len(found) > self.limite
        proximo = encode_cursor(self.key, self.view, place(itens[-1])) if more else None
        return Page(itens, proximo)
