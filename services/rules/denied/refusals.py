"""Why a field is not learned from, in words for the gestor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Refusal:
    """`optional`: whether a gestor may opt in."""

    motivo: str
    optional: bool


PROTECTED = Refusal("Característica protegida da pessoa: o modelo nunca a usa.", optional=False)
PERSONAL = Refusal("Identifica a pessoa: o modelo nunca o usa.", optional=False)
FREE_TEXT = Refusal("Texto livre: o modelo não aprende com ele.", optional=False)
AGE = Refusal("Idade só entra se o gestor permitir, com o motivo.", optional=True)
PLACE = Refusal("Lugar detalhado só entra se o gestor permitir, com o motivo.", optional=True)
AFTERWARDS = Refusal(
    "Parece ser anotado depois do desfecho; só entra se o gestor permitir, com o motivo.",
    optional=True,
)
CALENDAR = Refusal("Campo de calendário: só entra com 24 meses de leads fechados.", optional=False)
