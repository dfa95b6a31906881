"""Which converter the cells of each field have."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from models.types import StageKind
from services.imports.converting import cells, codes, contactCells
from services.imports.converting.cells import Converter
from services.imports.converting.usage import FitsOf, Usage, fits_of_day, fits_of_number
from services.imports.mapping.targets import OBJECT, SURNAME
from services.leads import fields
from services.leads.fields import HISTORY, TEXT_LIMITS
from services.leads.stages import UNKNOWN_REASON, UNKNOWN_STAGE
from services.leads.unknown import NOT_A_MEMBER
from utils.text import fold

_NO_OWNER = replace(NOT_A_MEMBER, mensagem="Não há usuário ativo com este id ou e-mail na equipe.")
_TEXTS = "nome empresa cidade produto origem campanha motivo_perda".split()


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What cells are checked against: the tenant's stages in their order (kind by key, and key by
    what a cell may call it, folded), its members' e-mails by their ids, reasons of loss (None: any)
    and time zone."""

    stages: dict[str, str]
    stage_names: dict[str, str]
    members: Mapping[int, str]
    reasons: list[str] | None
    fuso: str

    @property
    def first(self) -> str:
        """The first open stage; a tenant has one."""
        return next(chave for chave, kind in self.stages.items() if kind == StageKind.ABERTA)


@dataclass(frozen=True, slots=True)
class ByUsage:
    """Converters of cells that can be meant in two ways."""

    fits: FitsOf
    converters: Mapping[Usage, Converter]


def converters(team: TeamFacts) -> dict[str, Converter | ByUsage]:
    """How the cells of each field are converted; those of attributes are by ATTRIBUTE_CELLS."""
    members = {
        said: str(member)
        for member, email in sorted(team.members.items())
        for said in (str(member), email)
    }
    instants = {usage: cells.instant_in(team.fuso, usage) for usage in _TWO}
    near = {usage: cells.near(instant) for usage, instant in instants.items()}
    past = {usage: cells.past(instant) for usage, instant in near.items()}
    return {
        **{name: cells.text_of(TEXT_LIMITS[name]) for name in _TEXTS},
        SURNAME: cells.text_of(TEXT_LIMITS["nome"]),
        **contactCells.CELLS,
        "documento": codes.document,
        "uf": cells.formatted(fields.STATE),
        OBJECT: cells.attribute_object,
        "id_externo": cells.text_of(TEXT_LIMITS["id_externo"], fields.EXTERNAL_ID),
        "valor": _MONEY,
        "renda_mensal": _MONEY,
        "etiquetas": cells.tags,
        "etapa": cells.one_of(team.stage_names, UNKNOWN_STAGE),
        **_reasons(team.reasons),
        "responsavel_id": cells.one_of(members, _NO_OWNER, near=False),
        "proximo_contato_em": ByUsage(fits_of_day, near),
        "previsto_para": ByUsage(fits_of_day, {u: cells.day_in(team.fuso, u) for u in _TWO}),
        **dict.fromkeys([*HISTORY, "nao_contatar_em"], ByUsage(fits_of_day, past)),
    }


def _reasons(reasons: list[str] | None) -> dict[str, Converter]:
    if reasons is None:
        return {}
    spelt = {fold(reason): reason for reason in reasons}
    return {"motivo_perda": cells.one_of(spelt, UNKNOWN_REASON)}


def _numbers(converter: Callable[[Usage], Converter], *usages: Usage) -> ByUsage:
    return ByUsage(fits_of_number, {usage: converter(usage) for usage in usages})


_TWO = (Usage.BRAZILIAN, Usage.AMERICAN)
_MONEY = _numbers(cells.money_in, *_TWO)
ATTRIBUTE_CELLS = _numbers(cells.attribute_in, *Usage)
