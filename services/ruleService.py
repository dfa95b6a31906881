"""The rules of a tenant: what is in force, what is drafted, and how a draft comes into force.

What is in force never changes: another version follows it. From the commit of a publication on
every writer scores by it; a job scores the leads that nobody writes. The gestor is held last, as by
all who wait for writers of leads (docs/decisions/0016).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from models.db import db
from models.event import EventKind
from models.job import Job
from models.scoring.rule_version import RulesState, RuleVersion
from services import history, jobService, scoreService
from services.auth.authority import hold_gestor
from services.errors import Code, Conflict, Invalid, NotFound, invalid_field
from services.principal import Principal
from services.rules import versions
from services.rules.checking import errors_of
from services.rules.conditions import OPERATORS
from services.rules.definition import MAX_GROUPS as MAX_GROUPS
from services.rules.definition import MAX_POINTS as MAX_POINTS
from services.rules.definition import MAX_RULES as MAX_RULES
from services.rules.definition import MAX_VALUES as MAX_VALUES
from services.rules.definition import Bands as Bands
from services.rules.definition import Group as Group
from services.rules.definition import Rule as Rule
from services.rules.definition import RuleSet as RuleSet
from services.rules.definition import to_json
from services.rules.ready import ReadySet, find_ready, ready_sets
from services.rules.versions import Listed as Listed
from services.rules.weighing.advising import advise
from services.rules.weighing.linting import Aviso as Aviso
from services.rules.weighing.linting import Oddity as Oddity
from services.scores.publishing import put_in_force
from utils.clock import now

OPERATOR_NAMES = tuple(OPERATORS)
_NOT_THERE = "Não há versão publicada com este número, nem conjunto pronto com este nome."


class InForce(Conflict):
    code = Code.REGRAS_EM_USO
    message = "Os leads já são pontuados por esta versão."


@dataclass(frozen=True, slots=True)
class RulesView:
    """A version that is or was in force, beside what else there is."""

    publicada: Listed
    regras: RuleSet
    historico: list[Listed]
    rascunhos: list[Listed]
    conjuntos: tuple[ReadySet, ...]


@dataclass(frozen=True, slots=True)
class Draft:
    n: int
    regras: RuleSet
    avisos: Sequence[Aviso]


def get_rules(caller: Principal, versao: int | None = None) -> RulesView:
    """What is in force, or another version that was. Drafts are shown to gestores alone. Raises
    NotFound."""
    equipe_id = caller.equipe_id
    asked = versions.in_force(equipe_id) if versao is None else versao
    rules, listed = versions.published(equipe_id, asked), versions.history(equipe_id)
    shown = next((each for each in listed if each.versao == asked), None)
    drafts = versions.drafts(equipe_id) if caller.gestor else []
    return RulesView(shown or _old(asked, rules), rules, listed, drafts, ready_sets())


def _old(versao: int, rules: RuleSet) -> Listed:
    """Of a version that is too old to be listed."""
    return Listed(versao, RulesState.SUBSTITUIDA, None, len(rules.regras), *[None] * 5)


def create_draft(caller: Principal, source: int | str | None, changes: Mapping[str, Any]) -> Draft:
    """A new draft: a copy of a version that was published or of a ready set, by default of what is
    in force, with these parts instead of its own. Raises Forbidden, Invalid, TooManyDrafts."""
    settings = versions.hold_settings()
    versions.require_room()
    origem, rules = _source(settings.regras_versao if source is None else source)
    rules = replace(rules, **changes)
    _check(rules)
    added = versions.add(caller, rules, origem).versao
    hold_gestor(caller)
    return _shown(caller, added, rules)


def _source(source: int | str) -> tuple[int | None, RuleSet]:
    if isinstance(source, str):
        found = find_ready(source)
        if found is not None:
            return None, found.regras
    else:
        try:
            return source, versions.published_here(source)
        except NotFound:
            pass
    raise invalid_field("a_partir_de", Code.VALOR_INVALIDO, _NOT_THERE)


def get_draft(caller: Principal, n: int) -> Draft:
    """Raises NotFound, AlreadyPublished."""
    return _shown(caller, n, versions.drafted(caller.equipe_id, n))


def replace_draft(caller: Principal, n: int, rules: RuleSet) -> Draft:
    """Raises Forbidden, NotFound, AlreadyPublished, Invalid."""
    row = versions.hold_draft(n)
    _check(rules)
    row.definicao, row.atualizado_em = to_json(rules), now()
    db.session.flush()
    hold_gestor(caller)
    return _shown(caller, n, rules)


def delete_draft(caller: Principal, n: int) -> None:
    """Raises Forbidden, NotFound, AlreadyPublished."""
    db.session.delete(versions.hold_draft(n))
    db.session.flush()
    hold_gestor(caller)


def publish(caller: Principal, n: int) -> Job:
    """Put a draft in force, and ask for the job that scores all leads by it. Raises Forbidden,
    NotFound, AlreadyPublished, QueueFull, LongWrite."""
    versions.hold_settings()
    return _put_in_force(caller, versions.hold_draft(n), EventKind.REGRAS_PUBLICADAS)


def roll_back(caller: Principal, versao: int) -> Job:
    """Put a copy of a version that was in force before in force, as a version of its own. Raises
    Forbidden, NotFound, InForce, QueueFull, LongWrite."""
    if versions.hold_settings().regras_versao == versao:
        raise InForce()
    copy = versions.add(caller, versions.published_here(versao), versao)
    return _put_in_force(caller, copy, EventKind.REGRAS_REVERTIDAS)


def _put_in_force(caller: Principal, row: RuleVersion, kind: EventKind) -> Job:
    """The settings are held."""
    before = versions.hold_settings().regras_versao
    if (old := versions.row_of(before)) is not None:
        old.estado = RulesState.SUBSTITUIDA
    row.estado = RulesState.PUBLICADA
    row.publicada_em, row.publicada_por = now(), caller.usuario_id
    told = {"versao": row.versao, "origem_versao": row.origem_versao}
    history.record(kind, usuario_id=caller.usuario_id, dados=told)
    job = jobService.enqueue(caller, scoreService.PUBLISH, {"versao": row.versao})
    db.session.flush()
    put_in_force(caller.equipe_id, regras_versao=row.versao)
    hold_gestor(caller)
    return job


def _check(rules: RuleSet) -> None:
    if errors := errors_of(rules):
        raise Invalid(fields=errors)


def _shown(caller: Principal, n: int, rules: RuleSet) -> Draft:
    return Draft(n, rules, advise(caller.equipe_id, rules))
