"""What an import was asked to do with its file, as it is kept until a worker does it."""

from dataclasses import asdict, dataclass
from typing import Any

from models.imports.run import ImportRun
from services.imports.mapping.plan import ColumnMapping
from services.imports.writing.duplicates import Duplicates
from services.imports.writing.owners import Owners


@dataclass(frozen=True, slots=True)
class Asked:
    mapping: ColumnMapping
    duplicates: Duplicates
    owners: Owners | None = None

    def kept(self) -> dict[str, Any]:
        """As columns of an import."""
        options = asdict(self.duplicates) | {"owners": self.owners}
        return {"mapeamento": asdict(self.mapping), "opcoes": options}

    @classmethod
    def of(cls, run: ImportRun) -> "Asked":
        options = dict(run.opcoes or {})
        owners = options.pop("owners", None)
        people = tuple(owners) if isinstance(owners, list) else owners
        return cls(ColumnMapping(**(run.mapeamento or {})), Duplicates(**options), people)
