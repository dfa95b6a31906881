"""What may be a goal, and what it is of."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from services.errors import Code, FieldError, Invalid
from utils.text import word_key

_TWICE = "Outra meta é da mesma pessoa e do mesmo produto."
_NOBODY = "Não há usuário com este id na equipe."


class Aim(NamedTuple):
    """Whose wins count, and of which produto, by its key; None for all."""

    responsavel_id: int | None
    produto: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """A goal. `valor`: in cents."""

    responsavel_id: int | None
    produto: str | None
    valor: int | None
    ganhos: int | None

    @property
    def aim(self) -> Aim:
        return Aim(self.responsavel_id, word_key(self.produto) if self.produto else None)


def require_goals(wanted: Sequence[Wanted], users: Collection[int]) -> None:
    """`users`: those of the tenant, whether they still work there or not. Raises Invalid with every
    error found."""
    if errors := [*_unknown(wanted, users), *_repeated(wanted)]:
        raise Invalid(fields=errors)


def _unknown(wanted: Iterable[Wanted], users: Collection[int]) -> Iterator[FieldError]:
    for n, goal in enumerate(wanted):
        owner = goal.responsavel_id
        if owner is not None and owner not in users:
            yield FieldError(f"metas.{n}.responsavel_id", Code.USUARIO_INEXISTENTE, _NOBODY)


def _repeated(wanted: Iterable[Wanted]) -> Iterator[FieldError]:
    seen: set[Aim] = set()
    for n, goal in enumerate(wanted):
        if goal.aim in seen:
            yield FieldError(f"metas.{n}", Code.REPETIDO, _TWICE)
        seen.add(goal.aim)
