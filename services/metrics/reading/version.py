"""What figures depend on, asked in one statement that reads no figure: their ETag says it."""

from collections.abc import Iterable
from datetime import date, datetime
from hashlib import blake2b
from typing import Any, NamedTuple

from models.db.epochs import CURRENT
from models.db.messages.queries import Query
from models.db.statements import fetch
from services.principal import Principal
from utils.clock import local_day

# How many changes there were, folded or not: they only ever join until a backup is restored, so an
# equal count of one epoch is an equal set. A promise falls due without any.
COUNTED = (
    "(select coalesce(max(dobrados), 0) from metricas_base where equipe_id = %(equipe_id)s) + "
    "(select count(*) from metricas_delta where equipe_id = %(equipe_id)s)"
)
_VERSION = Query(
    "select p.n, coalesce(b.dobrados, 0) + p.n, "  # noqa: S608 - text of ours
    "coalesce(b.fuso, e.fuso), "
    "coalesce(b.lei, (select max(f.lei) from fusos_dias f where f.fuso = e.fuso)), "
    f"c.regras_versao, c.modelo_versao, c.funil_versao, {CURRENT}, "
    "(select md5(string_agg(concat_ws('/', u.id, u.nome, u.ativo, u.role), ',' order by u.id)) "
    "from usuarios u where u.equipe_id = e.id), "
    "(select max(l.proximo_contato_em) from leads l where l.equipe_id = %(equipe_id)s "
    "and l.excluido_em is null and l.proximo_contato_em <= %(agora)s) "
    "from equipes e join configuracao c on c.equipe_id = e.id "
    "left join metricas_base b on b.equipe_id = e.id cross join (select count(*) as n "
    "from metricas_delta where equipe_id = %(equipe_id)s) p where e.id = %(equipe_id)s",
    {},
    hot=True,
)


class Version(NamedTuple):
    """`pendentes`: how many of the changes are not folded. `fuso` and `lei`: the calendar that the
    cells are counted by; `vencida`: when the last promise fell due."""

    pendentes: int
    mudancas: int
    fuso: str
    lei: int
    regras: int
    modelo: int
    funil: int
    epoca: int
    pessoas: str
    vencida: datetime | None

    def today(self, instant: datetime) -> date:
        return local_day(instant, self.fuso)


def version(caller: Principal, instant: datetime) -> Version:
    values = {"equipe_id": caller.equipe_id, "agora": instant}
    return Version(*fetch(_VERSION, values, equipe_id=caller.equipe_id)[0])


def etag(told: Version, today: date, view: str, *asked: Any) -> str:
    """A new one for whatever makes another reply."""
    parts: Iterable[object] = (*told[1:], today, view, *asked)  # a fold changes no figure
    mark = blake2b("\n".join(map(repr, parts)).encode(), digest_size=12)
    return f'"{mark.hexdigest()}"'
