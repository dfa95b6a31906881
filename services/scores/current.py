"""By which rules and which model a tenant's leads are scored now.

Whoever writes leads holds the versions in force until its transaction ends, by a lock that all
writers share: its first statement, before any row is locked. Who puts other versions in force
takes it alone (services/scores/publishing). So nothing that was scored by an old version commits
after a new one is in force.
"""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, bindparam, select
from sqlalchemy.dialects.postgresql import array

from models.db import db
from models.db.locks import shared_lock, try_shared_lock
from models.db.messages.queries import Part, Query, Row
from models.db.statements import fetch, fetch_here, fetch_together
from models.db.transactions import is_open
from models.team_settings import SETTINGS
from services.rules.definition import RuleSet, from_json
from services.rules.standard import DEFAULT, DEFAULT_VERSION
from services.scores.card import Card
from services.scores.card import from_json as card_from
from services.scores.statement import Scoring, Versions

# Tenants' rules and models that a process keeps ready.
_KEPT = 256
_HELD = "scoring"
_IN_FORCE = Query(
    "select regras_versao, modelo_versao from configuracao where equipe_id = %(equipe_id)s", {}
)
_RULES = Query(
    "select definicao from regras where equipe_id = %(equipe_id)s and versao = %(versao)s", {}
)
_CARD = Query(
    "select cartao from modelos where equipe_id = %(equipe_id)s and versao = %(versao)s", {}
)
_FACTORY = Scoring.of(Versions(DEFAULT_VERSION, 0), DEFAULT, None)


def lock_name(equipe_id: int) -> str:
    return f"pontuacao:{equipe_id}"


def lock(equipe_id: int) -> Part:
    """What holds the versions in force; versions() is read behind it, for settle()."""
    return shared_lock(lock_name(equipe_id))


def versions() -> ColumnElement[Any]:
    """The versions in force. Parameter: equipe_id."""
    both = array([SETTINGS.c.regras_versao, SETTINGS.c.modelo_versao])
    ours = SETTINGS.c.equipe_id == bindparam("equipe_id")
    return select(both).where(ours).scalar_subquery()


def settle(equipe_id: int, found: Sequence[int]) -> None:
    """Score by these versions, which are held, until the transaction ends."""
    db.session().info[_HELD] = scoring_of(equipe_id, Versions(*found))


def hold(equipe_id: int) -> Scoring:
    """Both in a message of its own, for who writes many leads."""
    found = fetch_together([lock(equipe_id), (_IN_FORCE, {"equipe_id": equipe_id})])
    settle(equipe_id, found[0])
    return held()


def try_hold(equipe_id: int) -> bool:
    """The same for who must not wait: whether nobody is putting other versions in force."""
    free = try_shared_lock(lock_name(equipe_id))
    if free:
        hold(equipe_id)
    return free


def held() -> Scoring:
    """What this transaction scores by. Raises RuntimeError in a writer that holds nothing."""
    found: Scoring | None = db.session().info.get(_HELD)
    if found is None:
        raise RuntimeError("whoever writes leads begins with services.scores.current.hold()")
    return found


def in_force(equipe_id: int) -> Scoring:
    """What leads are scored by at this moment, for who only looks."""
    return scoring_of(equipe_id, Versions(*_read(_IN_FORCE, equipe_id=equipe_id)[0]))


def scoring_of(equipe_id: int, found: Versions) -> Scoring:
    """By these versions, which never change."""
    return _FACTORY if found == _FACTORY.versions else _scoring(equipe_id, found)


def rules_of(equipe_id: int, versao: int) -> RuleSet:
    """The rules of a version that was in force once."""
    return DEFAULT if versao == DEFAULT_VERSION else _rules(equipe_id, versao)


def card_of(equipe_id: int, versao: int) -> Card | None:
    """The card of a model, None where it has learned nothing."""
    return _card(equipe_id, versao) if versao else None


@lru_cache(maxsize=_KEPT)
def _scoring(equipe_id: int, found: Versions) -> Scoring:
    rules = rules_of(equipe_id, found.regras)
    return Scoring.of(found, rules, card_of(equipe_id, found.modelo))


@lru_cache(maxsize=_KEPT)
def _rules(equipe_id: int, versao: int) -> RuleSet:
    ((kept,),) = _read(_RULES, equipe_id=equipe_id, versao=versao)
    return from_json(kept)


@lru_cache(maxsize=_KEPT)
def _card(equipe_id: int, versao: int) -> Card | None:
    ((kept,),) = _read(_CARD, equipe_id=equipe_id, versao=versao)
    return card_from(kept) if kept else None


def _read(query: Query, **values: Any) -> Sequence[Row]:
    parameters: Mapping[str, Any] = values
    if is_open():
        return fetch_here(query, parameters)
    return fetch(query, parameters, equipe_id=values["equipe_id"])
