"""An import as it is shown: what is kept of it, and what its job says.

A job that was cancelled, or that failed, ends its import; the sweep writes that down.
"""

from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from models.db.messages.queries import Query, Row
from models.imports.run import ImportRun, RunState
from models.job import ENDED
from utils.clock import now


@dataclass(frozen=True, slots=True)
class Seen:
    """`erro`: why it failed."""

    id: int
    usuario_id: int
    chave_id: int | None
    trabalho_id: int | None
    estado: RunState
    codificacao: str | None
    delimitador: str | None
    planilha: str | None
    outras_planilhas: list[str]
    colunas: list[dict[str, Any]]
    total: int | None
    linhas: int
    criados: int
    atualizados: int
    iguais: int
    pulados: int
    rejeitados: int
    erros: list[dict[str, Any]]
    linhas_puladas: list[dict[str, Any]]
    avisados: int
    avisos: list[dict[str, Any]]
    criado_em: datetime
    iniciada_em: datetime | None
    concluida_em: datetime | None
    erro: dict[str, Any] | None
    desfeito: dict[str, Any] | None

    @property
    def linhas_por_segundo(self) -> int | None:
        """While it is being done, and as it was done."""
        if self.iniciada_em is None or not self.linhas:
            return None
        return max(round(self.linhas / self._seconds), 1)

    @property
    def restante_s(self) -> int | None:
        """Seconds that it will take; None where nobody knows, or nothing is left."""
        if self.concluida_em or self.iniciada_em is None or not self.linhas or not self.total:
            return None
        return round((self.total - self.linhas) * self._seconds / self.linhas)

    @property
    def _seconds(self) -> float:
        until = self.concluida_em or now()
        began = self.iniciada_em or until
        return max((until - began).total_seconds(), 0.001)


_KEPT = [each.name for each in fields(Seen)]
_SELECT = (
    f"select {', '.join(f'i.{name}' for name in _KEPT)}, t.estado, t.concluida_em, t.erro "
    "from importacoes i left join trabalhos t on t.equipe_id = i.equipe_id "
    "and t.id = i.trabalho_id and i.concluida_em is null where i.equipe_id = %(equipe_id)s"
)
# Parameters: equipe_id and id.
ONE = Query(f"{_SELECT} and i.id = %(id)s", {})
# The newest ones below an id. Parameters: equipe_id, antes_de and limite.
PAGE = Query(
    f"{_SELECT} and i.id < %(antes_de)s order by i.id desc limit %(limite)s",
    {"antes_de": 2**63 - 1},
)


def seen(row: Row) -> Seen:
    """Of a row of ONE or PAGE."""
    *kept, job_state, job_end, error = row
    found = Seen(*kept)
    if job_state not in ENDED:
        return found
    return replace(found, estado=RunState(job_state), concluida_em=job_end, erro=error)


def seen_at_once(run: ImportRun) -> Seen:
    """One that is not kept, as after a dry run."""
    return Seen(*(getattr(run, name) for name in _KEPT))
