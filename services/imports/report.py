"""What became of a file's lines, as the reply tells it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any

from services.errors import FieldError

_MAX_REPORTED = 100


@dataclass(slots=True)
class Report:
    """Counts of lines, by what became of them. Only the first errors are kept, all are counted."""

    linhas: int = 0
    criados: int = 0
    atualizados: int = 0
    pulados: int = 0
    rejeitados: int = 0
    erros: list[dict[str, Any]] = field(default_factory=list)

    def reject(self, linha: int, errors: Sequence[FieldError]) -> None:
        """Count a line that is not taken, and keep its errors while there is room."""
        self.rejeitados += 1
        room = _MAX_REPORTED - len(self.erros)
        self.erros += [{"linha": linha, **asdict(error)} for error in errors[:room]]
