"""Who is asking."""

from dataclasses import dataclass

from models.types import Role

NO_ONE = 0  # no user has this id


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated user, as the database knew them when this request began."""

    usuario_id: int
    equipe_id: int
    # None for a machine client, which has a key and no session.
    sessao_id: int | None
    role: str
    fuso: str
    chave_id: int | None = None
    # The job in which they do it, None in a request.
    trabalho_id: int | None = None

    @property
    def machine(self) -> bool:
        return self.sessao_id is None

    @property
    def gestor(self) -> bool:
        return self.role == Role.GESTOR


def the_server(equipe_id: int, fuso: str) -> Principal:
    """What the server does by itself for a tenant, such as a job that its operator asked for: all
    of the tenant's rows, in the name of no one."""
    return Principal(
        usuario_id=NO_ONE, equipe_id=equipe_id, sessao_id=None, role=Role.GESTOR, fuso=fuso
    )
