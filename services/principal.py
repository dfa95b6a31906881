"""Who is asking."""

from dataclasses import dataclass

from models.types import Role


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

    @property
    def machine(self) -> bool:
        return self.sessao_id is None

    @property
    def gestor(self) -> bool:
        return self.role == Role.GESTOR
