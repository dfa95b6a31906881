"""How long a list may take, and what is answered when it takes longer: which filter it lacks.

A list that no index gives may have to read all leads of an equipe. All its messages have the time
of one read together. Waiting for locks is no fault of the list, so that ends before.
"""

import time
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy.exc import DBAPIError

from models.db import transactions
from models.db.errors import is_cancelled
from models.db.messages.queries import Query, Row
from models.db.statements import fetch
from services.errors import FieldError, FilterNeeded

_LIMITED = "set local statement_timeout = %(prazo)s; set local lock_timeout = %(espera)s; "
# What makes a list short, the surest first: rows of a period are found by an index in every order.
_HELPFUL = ("criado_de", "responsavel_id", "etapa")
_SHORTER = "Escolha um período mais curto."


@dataclass(frozen=True, slots=True)
class Patience:
    """`filters`: those that the caller has given; `gestor`: whether others than the caller may be
    asked for."""

    equipe_id: int
    gestor: bool
    filters: Collection[str]
    until: float = field(default_factory=lambda: time.monotonic() + _limit())

    def fetch(self, query: Query, values: Mapping[str, Any]) -> Sequence[Row]:
        """Rows in what is left of the time. Raises FilterNeeded."""
        left = max(int((self.until - time.monotonic()) * 1_000), 0) + 1
        limits = {"prazo": left, "espera": left // 2 + 1}
        limited = replace(query, sql=_LIMITED + query.sql)
        try:
            return fetch(limited, {**values, **limits}, equipe_id=self.equipe_id)
        except DBAPIError as error:
            # Also an operator may have cancelled it, and then there was time left.
            if is_cancelled(error) and time.monotonic() >= self.until:
                raise FilterNeeded(self._lacking()) from error
            raise

    def _lacking(self) -> FieldError:
        for name in _HELPFUL:
            if name not in self.filters and (self.gestor or name != "responsavel_id"):
                return replace(FilterNeeded.lacking, campo=name)
        return replace(FilterNeeded.lacking, mensagem=_SHORTER)


def _limit() -> float:
    """Seconds."""
    return transactions.READ_TIMEOUT / 1_000
