"""The linter with what a tenant tells it: its stages, how many leads each rule holds of, and what
its model may not be told."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

import orjson

from models.db.messages.queries import Query, Row, compile_query
from models.db.statements import fetch, fetch_here
from models.db.transactions import is_open
from services.rules.definition import RuleSet
from services.rules.evaluating import Sight
from services.rules.weighing.counting import count_held, most_counted
from services.rules.weighing.linting import Aviso, Held, lint

_STAGES = Query(
    "select chave from etapas where equipe_id = %(equipe_id)s and arquivada_em is null", {}
)
# What the model in use left out, and what the gestor has opted in to since.
_SIGHT = Query(
    """
    select cast(m.cartao->'vista' as text), array(select jsonb_object_keys(c.campos_permitidos))
    from configuracao c
    left join modelos m on m.equipe_id = c.equipe_id and m.versao = c.modelo_versao
    where c.equipe_id = %(equipe_id)s
    """,
    {},
)


def advise(equipe_id: int, rules: RuleSet) -> list[Aviso]:
    """What is odd about rules of a tenant that can be applied."""
    return lint(rules, _stages(equipe_id), _held(equipe_id, rules), _sight(equipe_id))


def _stages(equipe_id: int) -> Collection[str]:
    return [chave for (chave,) in _read(_STAGES, equipe_id)]


def _sight(equipe_id: int) -> Sight:
    ((kept, permitted),) = _read(_SIGHT, equipe_id)
    known = orjson.loads(kept) if kept else None
    found = Sight.of(known) if known else Sight()
    return replace(found, permitidos=tuple(permitted))


def _held(equipe_id: int, rules: RuleSet) -> Held:
    most = most_counted(rules)
    ((leads, *counts),) = _read(compile_query(count_held(rules, most)), equipe_id)
    return Held(leads, counts, newest=leads == most)


def _read(query: Query, equipe_id: int) -> Sequence[Row]:
    values: dict[str, Any] = {"equipe_id": equipe_id}
    if is_open():
        return fetch_here(query, values)
    return fetch(query, values, equipe_id=equipe_id)
