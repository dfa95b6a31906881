"""The users of the team, and the team itself, on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field

from controllers.schemas.fields import (
    INT64,
    WHOLE,
    CreatedAt,
    Email,
    Id,
    Instant,
    Password,
    RoleField,
    Zone,
)
from controllers.schemas.ownershipSchema import person_or
from controllers.schemas.queueSettingsSchema import QueueSettingsInput, QueueSettingsOutput
from controllers.schemas.wire import Text, Wire, doc
from models import team, user
from models.job import JobState
from services.teamService import MAX_PERMITTED, MAX_REASON
from services.userService import Changed

PersonName = Annotated[str, Text(user.MAX_NAME, "Nome da pessoa.", "Gestora Exemplo")]
TeamName = Annotated[str, Text(team.MAX_NAME, "Nome da equipe.", "Consórcios Paulista")]
UserId = Annotated[int, doc("Número do usuário.", 12, **INT64)]
ActivationCode = Annotated[
    str,
    doc("Código de uso único para escolher a senha; vale 24 horas.", "13.Jx0w3vQmT1bYc5rZkN8sLq"),
]
PermittedName = Annotated[
    str, doc("O campo, como o modelo o chama.", "atributos.idade", min_length=1, max_length=200)
]
PermittedReason = Annotated[
    str, Text(MAX_REASON, "Por que se permite.", "O produto tem limite de idade por lei.")
]
_RATE = doc(
    "A parte dos leads que a equipe diz ganhar, para as probabilidades até haver leads fechados "
    "que bastem; nula, não diz.",
    0.25,
)
_PERMITTED = Field(
    description="Campos de que o modelo só aprende por decisão da equipe: idade, lugar detalhado, "
    "os que parecem entregar o desfecho. A lista enviada substitui a que havia."
)
_QUEUE = Field(description="Como a fila funciona.")
_ACTIVE = "Se a pessoa pode entrar."
MAX_CAPACITY = 100_000
_CAPACITY = doc("Quantos leads abertos a pessoa recebe por auto; nulo, sem limite.", 200)
_AWAY = doc("Até quando está ausente e não recebe leads por auto.", None)


class MeInput(Wire):
    """O que muda na própria conta."""

    nome: PersonName | None = None
    senha: Password | None = None
    senha_atual: (
        Annotated[
            str,
            doc("Senha atual, pedida com uma nova.", "minha-senha-de-hoje", max_length=1_024),
        ]
        | None
    ) = None


class UserInput(Wire):
    """O que muda em um usuário."""

    nome: PersonName | None = None
    role: RoleField | None = None
    ativo: Annotated[bool, doc(_ACTIVE, True, strict=True)] | None = None
    capacidade: (
        Annotated[int, _CAPACITY, Field(strict=True, ge=0, le=MAX_CAPACITY), WHOLE] | None
    ) = None
    ausente_ate: Annotated[Instant, _AWAY] | None = None
    leads: (
        Annotated[
            Id | Literal["manter", "liberar", "auto"],
            person_or("manter", "liberar", "auto"),
            doc(
                "O que fazer dos leads abertos da pessoa: manter (o padrão), liberar (ficam sem "
                "responsável), auto (distribuir entre os outros; os que ninguém pode receber "
                "ficam sem responsável), ou o número de quem os recebe.",
                "auto",
            ),
        ]
        | None
    ) = None

    def changes(self) -> dict[str, Any]:
        """What is to change of the user. Two of the fields are emptied by null."""
        sent = self.model_dump(exclude_unset=True, exclude={"leads"})
        return {
            name: value
            for name, value in sent.items()
            if value is not None or name in ("capacidade", "ausente_ate")
        }


class PermittedInput(Wire):
    """Um campo com que o modelo pode aprender, por decisão da equipe."""

    campo: PermittedName
    motivo: PermittedReason


class TeamInput(Wire):
    """O que muda na equipe."""

    nome: TeamName | None = None
    fuso: Zone | None = None
    fila: Annotated[QueueSettingsInput | None, _QUEUE] = None
    taxa_ganho: Annotated[float, _RATE, Field(strict=True, gt=0, lt=1)] | None = None
    campos_permitidos: (
        Annotated[list[PermittedInput], Field(max_length=MAX_PERMITTED), _PERMITTED] | None
    ) = None

    def learning(self) -> dict[str, Any]:
        """What the model goes by, of what was sent; the rate is emptied by null."""
        said = self.model_dump(include={"taxa_ganho", "campos_permitidos"}, exclude_unset=True)
        return {
            name: value for name, value in said.items() if value is not None or name == "taxa_ganho"
        }


class UserBrief(BaseModel):
    """Uma pessoa, em resumo."""

    id: UserId
    nome: PersonName
    email: Email
    role: RoleField


class Person(UserBrief):
    """Uma pessoa, com sua situação."""

    ativo: Annotated[bool, doc(_ACTIVE, True)]
    criado_em: CreatedAt


class UserOutput(Person):
    """Uma pessoa da equipe."""

    capacidade: Annotated[int | None, _CAPACITY]
    ausente_ate: Annotated[datetime | None, _AWAY]


class StartedJob(BaseModel):
    """Um trabalho que começou; `GET /jobs/{id}` diz até onde chegou."""

    id: Annotated[int, doc("Número do trabalho.", 17, **INT64)]
    estado: Annotated[JobState, doc("Em que pé está.", JobState.NA_FILA)]


class ChangedUser(UserOutput):
    """Uma pessoa da equipe, depois da mudança."""

    trabalho: Annotated[
        StartedJob | None,
        Field(
            description="O que ainda passa leads adiante; nulo, se está tudo feito.",
            examples=[None],
        ),
    ]

    @staticmethod
    def of(changed: Changed) -> dict[str, Any]:
        job, user = changed.job, changed.user
        shown = {name: getattr(user, name) for name in UserOutput.model_fields}
        return shown | {"trabalho": job and {"id": job.id, "estado": job.estado}}


class MeOutput(Person):
    """A própria conta."""

    equipe_id: Annotated[int, doc("Número da equipe.", 3, **INT64)]
    equipe: TeamName
    fuso: Zone


class UserList(BaseModel):
    """Todas as pessoas da equipe."""

    itens: Annotated[list[UserOutput], Field(description="As pessoas.")]
    proximo: Annotated[None, doc("Sempre nulo: a lista vem inteira.", None)]


class CodeOutput(BaseModel):
    """Um código para escolher uma senha nova; aparece só nesta resposta."""

    id: UserId
    codigo_ativacao: ActivationCode
    expira_em: Annotated[datetime, doc("Até quando o código vale.", "2026-08-02T14:30:00Z")]


class PermittedOutput(BaseModel):
    """Um campo com que o modelo pode aprender, e quem decidiu."""

    campo: PermittedName
    motivo: PermittedReason
    por: UserId
    em: Annotated[datetime, doc("Desde quando.", "2026-08-01T14:30:00Z")]


class TeamOutput(BaseModel):
    """A equipe."""

    id: Annotated[int, doc("Número da equipe.", 3, **INT64)]
    nome: TeamName
    fuso: Zone
    fila: Annotated[QueueSettingsOutput, _QUEUE]
    taxa_ganho: Annotated[float | None, _RATE]
    campos_permitidos: Annotated[list[PermittedOutput], _PERMITTED]
    criado_em: CreatedAt
