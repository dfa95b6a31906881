"""Activities and tasks on the wire."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from controllers.schemas.fields import INT64, CreatedAt, Id, NearInstant, PhoneOutput
from controllers.schemas.leads.leadFields import (
    Band,
    LeadId,
    Name,
    Reason,
    Score,
    Stage,
    StageOutput,
    UnwantedOutput,
)
from controllers.schemas.leads.leadSchema import LeadOutput
from controllers.schemas.ownershipSchema import person_or
from controllers.schemas.paging import Cursor, NextCursor, PageSize
from controllers.schemas.wire import Text, Wire, doc
from models.activity import MAX_TEXT, ActivityKind, Result
from models.db.messages.queries import Row
from services.activityService import Activity, Recorded, Tasks
from services.leads.fields import DEFAULT_PAGE

_SOON = "2030-08-01T14:30:00Z"
_THEN = "2026-08-01T14:30:00Z"
_KIND = doc("O que foi, ou será.", ActivityKind.LIGACAO)
_RESULT = doc("No que deu; uma nota não tem.", Result.ATENDEU)
_PROMISE = doc("Para quando ficou. Sem resultado nem concluida_em, está por fazer.", _SOON)
_DONE = doc("Quando foi, nunca no futuro; sem ela, agora, a menos que esteja por fazer.", _THEN)
_ENDED = doc("Se ficou para então e acabou sem que se fizesse: o lead fechou, por exemplo.", False)
_ID = doc("Número da atividade.", 907, **INT64)
_MAX_CONTACT = 320  # characters, before it is normalised

Kind = Annotated[ActivityKind, _KIND]
ResultField = Annotated[Result, _RESULT]
Words = Annotated[str, Text(MAX_TEXT, "O que se disse.", "Pediu para ligar depois das 18 h.")]
Promise = Annotated[NearInstant, _PROMISE]
Done = Annotated[NearInstant, _DONE]
Contact = Annotated[
    str,
    Text(
        _MAX_CONTACT,
        "Só com numero_errado: que contato não é da pessoa. Sem ele, o telefone principal, ou o "
        "e-mail principal se o tipo é email.",
        "+5511987654321",
    ),
]


class ActivityInput(Wire):
    """O que se fez ou se vai fazer. Com `etapa`, o lead também é movido.

    Com resultado e `prevista_para`, abre-se ao lado uma tarefa para então.
    """

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "tipo": "ligacao",
                    "resultado": "atendeu",
                    "texto": "Pediu para ligar depois das 18 h.",
                    "prevista_para": _SOON,
                }
            ]
        }
    )

    tipo: Kind
    resultado: ResultField | None = None
    texto: Words | None = None
    prevista_para: Promise | None = None
    concluida_em: Done | None = None
    etapa: Stage | None = None
    motivo_perda: Reason | None = None
    contato: Contact | None = None


class ActivityPatch(Wire):
    """O que muda; `null` esvazia um campo. Com resultado ou `concluida_em`, fica feita."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"resultado": "atendeu", "concluida_em": _THEN}]}
    )

    tipo: Kind = ActivityKind.NOTA
    resultado: ResultField | None = None
    texto: Words | None = None
    prevista_para: Promise | None = None
    concluida_em: Done | None = None
    etapa: Stage = ""
    motivo_perda: Reason = ""


class ActivityOutput(BaseModel):
    """Uma atividade."""

    id: Annotated[int, _ID]
    lead_id: LeadId
    usuario_id: (
        Annotated[int, doc("Quem a escreveu; nulo, veio do próximo contato.", 12, **INT64)] | None
    )
    tipo: Kind
    resultado: ResultField | None
    texto: Words | None
    prevista_para: Annotated[datetime, _PROMISE] | None
    concluida_em: Annotated[datetime, _DONE] | None
    encerrada: Annotated[bool, _ENDED]
    criado_em: CreatedAt
    atualizado_em: Annotated[datetime, doc("Última mudança.", _THEN)]


class ActivityRecorded(BaseModel):
    """A atividade e seu lead, depois de tudo."""

    atividade: Annotated[ActivityOutput, Field(description="A atividade.")]
    lead: Annotated[LeadOutput, Field(description="O lead.")]

    @staticmethod
    def of(recorded: Recorded) -> dict[str, Any]:
        lead = LeadOutput.of(recorded.lead.row)
        return {"atividade": recorded.activity._asdict(), "lead": lead}


class ActivityDeleted(BaseModel):
    """A atividade que havia."""

    id: Annotated[int, _ID]


class ActivityQuery(Wire):
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class ActivityPage(BaseModel):
    """Uma página das atividades de um lead."""

    itens: Annotated[
        list[ActivityOutput], Field(description="As atividades, a mais nova primeiro.")
    ]
    proximo: NextCursor


class TaskQuery(Wire):
    responsavel_id: (
        Annotated[
            Id | Literal["todos", "nenhum"],
            person_or("todos", "nenhum", digits=True),
            doc("De quem: um usuário, `todos` ou `nenhum`; sem ele, as próprias.", 12),
        ]
        | None
    ) = None
    limite: PageSize = DEFAULT_PAGE
    cursor: Cursor | None = None


class TaskLead(BaseModel):
    """O lead de uma tarefa."""

    id: LeadId
    nome: Name
    telefone: PhoneOutput | None
    etapa: StageOutput
    score: Score | None
    faixa: Band | None
    nao_contatar_em: UnwantedOutput | None


class TaskOutput(ActivityOutput):
    """Uma tarefa: uma atividade por fazer."""

    lead: Annotated[TaskLead, Field(description="Com quem.")]

    @staticmethod
    def of(activity: Activity, lead: Row) -> dict[str, Any]:
        names = [name for name in TaskLead.model_fields if name != "id"]
        shown = {"id": activity.lead_id, **dict(zip(names, lead, strict=True))}
        return activity._asdict() | {"lead": shown}


class TaskCounts(BaseModel):
    """Quantas tarefas há."""

    atrasadas: Annotated[int, doc("As que já deviam estar feitas.", 2)]
    hoje: Annotated[int, doc("As de agora até o fim do dia da equipe.", 3)]
    dias_7: Annotated[int, doc("As de agora até o fim do sétimo dia depois de hoje.", 8)]


class TaskPage(BaseModel):
    """Uma página das tarefas."""

    itens: Annotated[list[TaskOutput], Field(description="As tarefas, a mais antiga primeiro.")]
    proximo: NextCursor
    contagem: Annotated[TaskCounts, Field(description="Quantas há, em todas as páginas.")]

    @staticmethod
    def of(page: Tasks) -> dict[str, Any]:
        return {
            "itens": [TaskOutput.of(*task) for task in page.tasks],
            "proximo": page.proximo,
            "contagem": dict(zip(TaskCounts.model_fields, page.counts, strict=True)),
        }
