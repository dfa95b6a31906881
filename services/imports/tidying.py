"""What is left of imports that have ended, and of previews that are over."""

from typing import Any

from sqlalchemy import text

from models.db.statements import count_here
from services.imports import previews, runs, storage
from services.imports.reporting.lines import KEPT

_LINES = text(
    "delete from importacao_linhas where equipe_id = :equipe_id and (importacao_id, linha, n) in ("
    "select l.importacao_id, l.linha, l.n from importacoes i join importacao_linhas l "
    "on l.equipe_id = i.equipe_id and l.importacao_id = i.id where i.equipe_id = :equipe_id "
    "and i.concluida_em < now() - :kept limit :most)"
)
_KEYS = text(
    "delete from importacao_chaves where equipe_id = :equipe_id "
    "and (importacao_id, chave, lead_id) in (select k.importacao_id, k.chave, k.lead_id "
    "from importacoes i join importacao_chaves k on k.equipe_id = i.equipe_id "
    "and k.importacao_id = i.id where i.equipe_id = :equipe_id and i.concluida_em is not null "
    "limit :most)"
)


def tidy(equipe_id: int, most: int) -> int:
    """Delete what nobody needs any longer, so much of each kind; how much there was of the one of
    which there was most."""
    asked: dict[str, Any] = {"equipe_id": equipe_id, "kept": KEPT, "most": most}
    runs.end_left(equipe_id)
    files, over = storage.forget_left(most), previews.forget_expired(most)
    return max(files, over, count_here(_LINES, asked), count_here(_KEYS, asked))
