"""Who is asking."""

from dataclasses import dataclass

from models.types import Role


@dataclass(frozen=True, slots=True)
class Principal:
    """An authenticated user, as the database knew him when this request began."""

    usuario_id: int
    equipe_id: int
    sessao_id: int
    role: str
    fuso: str

    @property
    def gestor(self) -> bool:
        return self.role == Role.GESTOR
