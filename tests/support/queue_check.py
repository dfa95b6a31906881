"""The queue of an equipe, computed again from its leads, their scores and attempts."""

import math
from typing import Any

from sqlalchemy import Engine

from tests.support.leads import rows

_DAY = 86_400


def check_queue(sql: Engine, equipe_id: int, *, exact: bool = True) -> None:
    """Fail if a lead is not in it that should be, or is elsewhere than it should.

    `exact`: also where leads without a value are. While others change what is typical, a lead may
    be placed by what was typical a moment before.
    """
    kept = {row["lead_id"]: row for row in _all(sql, "fila", equipe_id)}
    expected = _expected(sql, equipe_id)
    assert set(kept) == set(expected)
    for lead_id, (dono, ordem, retorno_em, valued) in expected.items():
        row = kept[lead_id]
        assert (row["dono"], row["retorno_em"]) == (dono, retorno_em), (lead_id, row)
        if exact or valued:
            assert math.isclose(row["ordem"], ordem, rel_tol=1e-12), (lead_id, row, ordem)
    _check_leases(sql, equipe_id, list(kept.values()))


def _check_leases(sql: Engine, equipe_id: int, entries: list[dict[str, Any]]) -> None:
    """Each live lease is of one person of the equipe, and each of them has one at most."""
    query = (
        "select f.reservado_por, f.lead_id, r.lead_id, u.equipe_id from fila f "
        "left join usuarios u on u.id = f.reservado_por left join reservas r "
        "on r.equipe_id = f.equipe_id and r.usuario_id = f.reservado_por "
        "where f.equipe_id = :e and f.reservado_ate > now()"
    )
    live = rows(sql, query, e=equipe_id)
    assert len({holder for holder, *_ in live}) == len(live), live
    assert all((lead, equipe_id) == (last, team) for _, lead, last, team in live), live
    for row in entries:
        assert (row["reservado_por"] is None) == (row["reservado_ate"] is None), row


def _all(sql: Engine, table: str, equipe_id: int) -> list[dict[str, Any]]:
    found = rows(sql, f"select to_jsonb(t) from {table} t where equipe_id = :e", e=equipe_id)
    return [row for (row,) in found]


def _expected(sql: Engine, equipe_id: int) -> dict[int, tuple[Any, ...]]:
    open_stages = {
        row["chave"] for row in _all(sql, "etapas", equipe_id) if row["tipo"] == "aberta"
    }
    scores = {row["lead_id"]: row for row in _all(sql, "lead_pontuacao", equipe_id)}
    typical = {
        row["produto_chave"]: row["valor_centavos"]
        for row in _all(sql, "valores_tipicos", equipe_id)
    }
    ((settings,),) = rows(sql, "select fila from configuracao where equipe_id = :e", e=equipe_id)
    lost, tried = _unreachable(sql, equipe_id), _tried_in_vain(sql, equipe_id)
    seconds = dict(
        rows(
            sql,
            "select id, extract(epoch from etapa_desde)::float8 from leads where equipe_id = :e",
            e=equipe_id,
        )
    )
    expected = {}
    for lead in _all(sql, "leads", equipe_id):
        promised = lead["proximo_contato_em"]
        out = (
            lead["excluido_em"] is not None
            or lead["nao_contatar_em"] is not None
            or lead["etapa"] not in open_stages
            or lead["id"] in lost
            or (promised is None and tried.get(lead["id"], 0) >= settings["tentativas"])
        )
        if out:
            continue
        ordem = _order(lead, scores[lead["id"]], typical, settings["gama"], seconds[lead["id"]])
        valued = lead["valor_centavos"] is not None
        expected[lead["id"]] = (lead["responsavel_id"] or 0, ordem, promised, valued)
    return expected


def _order(
    lead: dict[str, Any], score: dict[str, Any], typical: dict[str, int], gama: float, since: float
) -> float:
    chance = score["probabilidade"]
    if chance is None:
        chance = 1 / (1 + math.exp(-0.8 * (score["score"] - 50) / 25))
    cents = lead["valor_centavos"]
    if cents is None:
        cents = typical.get(lead["produto_chave"] or "", typical.get("", 100))
    worth = math.log(max(chance, 0.001)) + gama * math.log(max(cents / 100, 1))
    return worth + since / (7 * _DAY)


def _unreachable(sql: Engine, equipe_id: int) -> set[int]:
    query = (
        "select lead_id from lead_contatos where equipe_id = :e group by lead_id "
        "having bool_and(retirado_em is not null)"
    )
    return {lead_id for (lead_id,) in rows(sql, query, e=equipe_id)}


def _tried_in_vain(sql: Engine, equipe_id: int) -> dict[int, int]:
    """How often nobody has answered since somebody did."""
    query = (
        "select lead_id, count(*) from atividades a where equipe_id = :e "
        "and resultado = 'nao_atendeu' and concluida_em > coalesce((select max(concluida_em) "
        "from atividades b where b.equipe_id = a.equipe_id and b.lead_id = a.lead_id "
        "and b.resultado <> 'nao_atendeu'), '-infinity') group by lead_id"
    )
    return dict(rows(sql, query, e=equipe_id))
