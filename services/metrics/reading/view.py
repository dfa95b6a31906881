"""What every view of the figures is made from: who asks for what, when, and what was read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from services.metrics.reading import cells
from services.metrics.reading.asked import Asked
from services.metrics.reading.cells import Found
from services.metrics.reading.statement import Part
from services.metrics.reading.version import Version
from services.principal import Principal


@dataclass(slots=True)
class View:
    """`found`: what read() gave, for the version that the reply is of."""

    caller: Principal
    asked: Asked
    told: Version
    instant: datetime
    found: Found | None = field(default=None, init=False)

    @property
    def today(self) -> date:
        return self.told.today(self.instant)

    def head(self) -> dict[str, Any]:
        return {"gerado_em": self.instant, "fuso": self.told.fuso}

    def read(
        self,
        parts: Sequence[Part],
        spans: Mapping[str, tuple[int, int]],
        due: tuple[datetime, datetime] | None = None,
    ) -> list[list[cells.Row]]:
        """The rows of each part, all of one moment."""
        equipe_id = self.caller.equipe_id
        self.found = cells.read(equipe_id, self.asked, parts, self.told, spans, due)
        return self.found.parts
