"""What an import was asked to do with its file, as it is kept until a worker does it."""

from dataclasses import asdict, dataclass
from typing import Any

from models.import_run import ImportRun
from services.imports.mapping import ColumnMapping
from services.imports.writing.duplicates import Duplicates


@dataclass(frozen=True, slots=True)
class Asked:
    mapping: ColumnMapping
    duplicates: Duplicates

    def kept(self) -> dict[str, Any]:
        """As columns of an import."""
        return {"mapeamento": asdict(self.mapping), "opcoes": asdict(self.duplicates)}

    @classmethod
    def of(cls, run: ImportRun) -> "Asked":
        return cls(ColumnMapping(**(run.mapeamento or {})), Duplicates(**(run.opcoes or {})))
