"""What the texts of a column are to be mapped to: stages as other systems call them, people by
their names.

A name is no proof of who is meant, so it is proposed only where one active person alone has it.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from models.types import StageKind
from services.imports.converting.converters import TeamFacts
from services.imports.proposing.sources import COMMON, Source, bare
from utils.text import fold, is_clean

# Distinct texts of one column.
_MOST = 100
_NO_REASON = "Não informado"


@dataclass(frozen=True, slots=True)
class Known:
    """What a tenant's own values are: its stages, and its active people by their folded names."""

    team: TeamFacts
    people: Mapping[str, int]


def propose_values(
    campo: str, cells: Iterable[str], source: Source | None, known: Known
) -> dict[str, str]:
    """A value for each text that the field would not take as it is, where one is known. A text that
    no database keeps can be no part of a mapping."""
    found: dict[str, str] = {}
    for text in filter(is_clean, dict.fromkeys(cells)):
        value = _value(campo, text, source, known)
        if value is not None and len(found) < _MOST:
            found[text] = value
    return found


def propose_reason(texts: Iterable[str], valores: Mapping[str, str], team: TeamFacts) -> str | None:
    """A reason for the lost leads of a file that tells none, if it has such leads and the tenant
    takes any reason. `texts` of its stages, with what they are mapped to."""
    if team.reasons is not None:
        return None
    stages = {valores.get(text) or team.stage_names.get(fold(text), "") for text in set(texts)}
    lost = any(team.stages.get(stage) == StageKind.PERDIDA for stage in stages)
    return _NO_REASON if lost else None


def _value(campo: str, text: str, source: Source | None, known: Known) -> str | None:
    if campo == "responsavel_id":
        person = known.people.get(fold(text))
        return str(person) if person else None
    for each in (source, COMMON):
        value = each.values.get(campo, {}).get(bare(text)) if each else None
        if value is not None and (campo != "etapa" or _is_needed(text, value, known.team)):
            return value
    return None


def _is_needed(text: str, stage: str, team: TeamFacts) -> bool:
    return fold(text) not in team.stage_names and stage in team.stages
