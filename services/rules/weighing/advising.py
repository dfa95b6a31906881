"""The linter with what a tenant tells it: its stages, and how many leads each rule holds of."""

from collections.abc import Collection, Sequence
from typing import Any

from models.db.messages.queries import Query, Row, compile_query
from models.db.statements import fetch, fetch_here
from models.db.transactions import is_open
from services.rules.definition import RuleSet
from services.rules.weighing.counting import count_held, most_counted
from services.rules.weighing.linting import Aviso, Held, lint

_STAGES = Query(
    "select chave from etapas where equipe_id = %(equipe_id)s and arquivada_em is null", {}
)


def advise(equipe_id: int, rules: RuleSet) -> list[Aviso]:
    """What is odd about rules of a tenant that can be applied."""
    return lint(rules, _stages(equipe_id), _held(equipe_id, rules))


def _stages(equipe_id: int) -> Collection[str]:
    return [chave for (chave,) in _read(_STAGES, equipe_id)]


def _held(equipe_id: int, rules: RuleSet) -> Held:
    most = most_counted(rules)
    ((leads, *counts),) = _read(compile_query(count_held(rules, most)), equipe_id)
    return Held(leads, counts, newest=leads == most)


def _read(query: Query, equipe_id: int) -> Sequence[Row]:
    values: dict[str, Any] = {"equipe_id": equipe_id}
    if is_open():
        return fetch_here(query, values)
    return fetch(query, values, equipe_id=equipe_id)
