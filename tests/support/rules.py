"""Rules in force for a test's equipe, without a job: written where publishing writes them."""

import json
from typing import Any

from sqlalchemy import Engine

from services.rules.definition import RuleSet, to_json
from tests.support.leads import rows, run


def put_in_force(sql: Engine, equipe_id: int, rules: RuleSet) -> int:
    """The version that leads written from now on are scored by."""
    last = "select coalesce(max(versao), 0) + 1 from regras where equipe_id = :e"
    ((versao,),) = rows(sql, last, e=equipe_id)
    run(
        sql,
        "insert into regras (equipe_id, versao, estado, definicao) "
        "values (:e, :v, 'publicada', cast(:d as jsonb))",
        e=equipe_id,
        v=versao,
        d=json.dumps(to_json(rules)),
    )
    flip = "update configuracao set regras_versao = :v where equipe_id = :e"
    run(sql, flip, v=versao, e=equipe_id)
    return versao


def model_in_use(sql: Engine, equipe_id: int, card: dict[str, Any] | None) -> None:
    """A model of version 1, whole: the next training compares itself with it."""
    run(
        sql,
        "insert into modelos (equipe_id, versao, estado, treinado_em, n, ganhos, parametros, "
        "cartao, relatorio) values (:e, 1, 'em_uso', now(), 300, 90, cast(:p as jsonb), "
        "cast(:c as jsonb), '{}')",
        e=equipe_id,
        p=json.dumps({"permitidos": [], "maior_id": 0, "perdas": {}}),
        c=None if card is None else json.dumps(card),
    )


def learned(sql: Engine, equipe_id: int, card: dict[str, Any]) -> None:
    """A model in force that has learned this."""
    model_in_use(sql, equipe_id, card)
    run(sql, "update configuracao set modelo_versao = 1 where equipe_id = :e", e=equipe_id)
