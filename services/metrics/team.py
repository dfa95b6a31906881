"""What figures are told with: the stages of a tenant and its people."""

from typing import NamedTuple

from models.db.messages.queries import Query
from models.db.statements import fetch
from models.types import Role
from services.principal import Principal

_STAGES = Query(
    "select chave, nome, tipo from etapas where equipe_id = %(equipe_id)s "
    "and arquivada_em is null order by ordem, id",
    {},
)
_PEOPLE = Query(
    "select id, nome, ativo, role from usuarios where equipe_id = %(equipe_id)s order by id", {}
)


class StageNamed(NamedTuple):
    chave: str
    nome: str
    tipo: str

    def told(self) -> dict[str, str]:
        return {"etapa": self.chave, "nome": self.nome, "tipo": self.tipo}


class Person(NamedTuple):
    id: int
    nome: str
    ativo: bool
    role: str

    @property
    def sells(self) -> bool:
        return self.ativo and self.role == Role.VENDEDOR


def stages(caller: Principal) -> list[StageNamed]:
    """Those of the funnel in their order."""
    rows = fetch(_STAGES, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
    return [StageNamed(*row) for row in rows]


def people(caller: Principal) -> dict[int, Person]:
    """The tenant's users by id; of a vendedor's tenant they alone."""
    rows = fetch(_PEOPLE, {"equipe_id": caller.equipe_id}, equipe_id=caller.equipe_id)
    found = (Person(*row) for row in rows)
    return {each.id: each for each in found if caller.gestor or each.id == caller.usuario_id}
