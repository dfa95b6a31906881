"""How a list comes in pages: their size, where one begins, and where the next one does."""

from typing import Annotated

from controllers.schemas.fields import DIGITS
from controllers.schemas.wire import doc
from services.leads.fields import DEFAULT_PAGE

_CURSOR = "WzQ3MTFd.Qk5kVZ3x"

PageSize = Annotated[
    int, doc(f"Quantos por página. Sem ele, {DEFAULT_PAGE}.", 20, ge=1, le=100), DIGITS
]
Cursor = Annotated[str, doc("O `proximo` da página anterior.", _CURSOR, max_length=1_024)]
NextCursor = Annotated[str | None, doc("O cursor da página seguinte; nulo na última.", _CURSOR)]
