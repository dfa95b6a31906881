"""What a file was proposed to be read as, until somebody imports it so or otherwise.

The file itself is importacao_arquivos' and may be gone before: there is no foreign key.
"""

from typing import Any

from sqlalchemy import BigInteger, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant, team_fk
from models.types import CreatedAt, Instant, Key


class ImportPreview(Tenant, Base):
    __tablename__ = "importacao_previas"
    __table_args__ = (*team_fk(), Index(None, "equipe_id", "expira_em"))

    id: Mapped[Key]
    usuario_id: Mapped[int] = mapped_column(BigInteger)
    arquivo_id: Mapped[int] = mapped_column(BigInteger)
    # The proposed mapping. It may name people: emptied when the file is imported.
    mapeamento: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    criado_em: Mapped[CreatedAt]
    expira_em: Mapped[Instant]
    # The import that took the file.
    importacao_id: Mapped[int | None] = mapped_column(BigInteger)
