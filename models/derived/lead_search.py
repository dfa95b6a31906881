"""The text by which a lead is looked up: its name and company, folded.

The same text as in the lead's own row, in a table of its own because of row-level security: an
index on texts is used only where the policy itself compares them. Its SELECT policy shows the rows
that are like the setting `app.busca`; without that there are none. Derived rows, of deleted leads
too; without foreign keys.
"""

from typing import cast

from sqlalchemy import BigInteger, Index, Table, Text
from sqlalchemy.orm import Mapped, mapped_column

from models.db import Base, Tenant

# Before a query in its message: what it looks for. Parameter: palavra, a pattern of LIKE.
LOOKING_FOR = "set local app.busca = %(palavra)s; "


class LeadSearch(Tenant, Base):
    __tablename__ = "lead_busca"
    __table_args__ = (
        Index(
            None,
            "equipe_id",
            "busca",
            postgresql_using="gin",
            postgresql_ops={"busca": "gin_trgm_ops"},
            # Kilobytes that wait to be sorted in. Every search reads them, and the writer who fills
            # them sorts them in: four times as much would take a tenth of a second.
            postgresql_with={"gin_pending_list_limit": 1_024},
        ),
    )

    lead_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    busca: Mapped[str] = mapped_column(Text)


SEARCH_TEXTS = cast(Table, LeadSearch.__table__)
