"""Column types and enums that several entities share."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from sqlalchemy import BigInteger, DateTime, Identity, String, func
from sqlalchemy.orm import mapped_column
from sqlalchemy.types import UserDefinedType

Key = Annotated[int, mapped_column(BigInteger, Identity(), primary_key=True)]
Instant = Annotated[datetime, mapped_column(DateTime(timezone=True))]
# A text as it is compared: utils.text.fold() of another column. Folding may lengthen it.
Folded = Annotated[str, mapped_column(String(320))]
CreatedAt = Annotated[datetime, mapped_column(DateTime(timezone=True), server_default=func.now())]


class Role(StrEnum):
    GESTOR = "gestor"
    VENDEDOR = "vendedor"


class StageKind(StrEnum):
    ABERTA = "aberta"
    GANHA = "ganha"
    PERDIDA = "perdida"


class TransactionId(UserDefinedType[str]):
    """PostgreSQL's 64-bit transaction id (`xid8`), which never wraps."""

    cache_ok = True

    def get_col_spec(self, **_: Any) -> str:
        return "xid8"
