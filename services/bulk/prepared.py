"""What an action has found out before it meets the leads."""

from collections.abc import Callable
from typing import NamedTuple

from services.leads.writing.many import Row

# Changes the columns of a lead in place. Raises AppError for a lead that cannot take it.
Rule = Callable[[Row], None]
# The columns of a lead that its stage is told by, and what a move changes beside them.
STAGE = (
    "etapa",
    "motivo_perda",
    "fechado_em",
    "etapa_desde",
    "etapa_informada",
    "proximo_contato_em",
)


class Prepared(NamedTuple):
    """`writes`: the columns that the rule changes; `beside`: what else it looks at (many.Row)."""

    rule: Rule
    writes: tuple[str, ...]
    beside: tuple[str, ...] = ()
