"""What became of a file's lines, as the reply tells it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from services.errors import FieldError

MAX_REPORTED = 100


class LineErrors(NamedTuple):
    """How many lines, and the first of them with what is to be said of each."""

    lines: int
    first: Sequence[tuple[int, FieldError]]


@dataclass(slots=True)
class Report:
    """Counts of lines, by what became of them. Of lines that are not taken only the first are told,
    all are counted."""

    linhas: int = 0
    criados: int = 0
    atualizados: int = 0
    pulados: int = 0
    rejeitados: int = 0
    erros: list[dict[str, Any]] = field(default_factory=list)
    linhas_puladas: list[dict[str, Any]] = field(default_factory=list)
    colunas: list[dict[str, str | None]] = field(default_factory=list)

    def reject(self, linha: int, errors: Sequence[FieldError]) -> None:
        """Count a line that is not taken, and keep its errors while there is room."""
        self.rejeitados += 1
        _tell(self.erros, ((linha, error) for error in errors))

    def reject_all(self, errors: LineErrors) -> None:
        """The same of many lines with an error each."""
        self.rejeitados += errors.lines
        _tell(self.erros, errors.first)

    def skip_all(self, errors: LineErrors) -> None:
        """Count lines that are left aside because nothing is to be done for them."""
        self.pulados += errors.lines
        _tell(self.linhas_puladas, errors.first)


def _tell(told: list[dict[str, Any]], errors: Iterable[tuple[int, FieldError]]) -> None:
    for linha, error in errors:
        if len(told) == MAX_REPORTED:
            return
        told.append({"linha": linha, **error.shown()})
