"""What became of a file's lines, as the reply tells it."""

from dataclasses import asdict, dataclass

from models.imports.run import ImportRun

MAX_REPORTED = 100
COUNTS = ("linhas", "criados", "atualizados", "iguais", "pulados", "rejeitados")


@dataclass(slots=True)
class Counts:
    """How many lines were read, and what became of how many of them: these add up."""

    linhas: int = 0
    criados: int = 0
    atualizados: int = 0
    iguais: int = 0
    pulados: int = 0
    rejeitados: int = 0

    def add_to(self, run: ImportRun) -> None:
        """To what earlier batches have come to."""
        for name, value in asdict(self).items():
            setattr(run, name, getattr(run, name) + value)
