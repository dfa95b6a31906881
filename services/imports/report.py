"""What became of a file's lines."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from services.errors import Code, FieldError, Invalid

MAX_REPORTED = 100


class UnreadableFile(Invalid):
    """No line of it can be taken."""

    code = Code.ARQUIVO_INVALIDO
    message = "O arquivo não pôde ser lido."


@dataclass(slots=True)
class Report:
    """What became of the lines so far. Only the first errors are kept, all are counted."""

    linhas: int = 0
    criados: int = 0
    atualizados: int = 0
    pulados: int = 0
    rejeitados: int = 0
    erros: list[dict[str, Any]] = field(default_factory=list)
    buckets: set[int] = field(default_factory=set)

    def reject(self, linha: int, faults: Sequence[FieldError]) -> None:
        self.rejeitados += 1
        room = MAX_REPORTED - len(self.erros)
        for fault in faults[: max(room, 0)]:
            self.erros.append(
                {
                    "linha": linha,
                    "campo": fault.campo,
                    "codigo": fault.codigo.value,
                    "mensagem": fault.mensagem,
                }
            )
