"""What undoing an import has come to, as it is kept with the import while it is being done and
after: it goes on from there, whatever was killed."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, NamedTuple

from models.imports.run import ImportRun

MOST_TOLD = 100


class WhyKept(StrEnum):
    """`motivo`: why a lead stays as it is."""

    EXCLUIDO = "excluido"
    ALTERADO = "alterado"
    ATIVIDADE = "atividade"
    FILA = "fila"
    SCORE = "score"
    RESERVADO = "reservado"
    SEM_VALORES = "sem_valores"
    ETAPA = "etapa"
    RESPONSAVEL = "responsavel"
    DUPLICADO = "duplicado"


class Kept(NamedTuple):
    lead_id: int
    motivo: WhyKept


@dataclass(frozen=True, slots=True)
class Outcome:
    """`mantidos`: the first of those that stay as they are. It goes on behind the line `linha`, and
    once these are done behind the lead `depois`, as far as `ate`."""

    excluidos: int = 0
    restaurados: int = 0
    mantidos: list[dict[str, Any]] = field(default_factory=list)
    mantidos_total: int = 0
    linha: int = 0
    depois: int = 0
    ate: int | None = None

    @classmethod
    def of(cls, run: ImportRun) -> "Outcome":
        return cls(**(run.desfeito or {}))

    def keep(self, run: ImportRun) -> None:
        run.desfeito = asdict(self)

    @property
    def done(self) -> int:
        return self.excluidos + self.restaurados + self.mantidos_total

    def and_kept(self, kept: Iterable[Kept], **more: int) -> "Outcome":
        """With leads that stay; `more`: what else has changed."""
        new = [each._asdict() for each in kept]
        told = [*self.mantidos, *new][:MOST_TOLD]
        total = self.mantidos_total + len(new)
        return replace(self, mantidos=told, mantidos_total=total, **more)
