"""Everything that follows from an equipe's leads, computed again from what it follows from."""

from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from sqlalchemy import Engine, text

from models.lead import CENTS, FOLDED, MAX_SEARCH
from services.rules.definition import Rule
from services.rules.standard import DEFAULT
from tests.support import activities, stays
from tests.support.leads import rows
from tests.support.queue_check import check_queue
from utils.brazil.phones import phone_match_key
from utils.text import fold, fold_name

# The columns that rules name otherwise.
_COLUMN = {**CENTS, **{name: name for name in FOLDED}}
_MOST_CONTACTS = 10


@dataclass(frozen=True)
class Tables:
    """An equipe's rows, each as a dict, as the superuser sees them; of contacts those in use."""

    leads: list[dict[str, Any]]
    contacts: dict[int, dict[int, dict[str, Any]]]
    scores: dict[int, dict[str, Any]]
    events: dict[int, list[dict[str, Any]]]
    stages: dict[str, dict[str, Any]]
    texts: dict[int, str]

    @classmethod
    def of(cls, sql: Engine, equipe_id: int) -> "Tables":
        contacts: dict[int, dict[int, dict[str, Any]]] = {}
        for row in _rows(sql, equipe_id, "lead_contatos", "lead_id, ordem"):
            assert (row["ordem"] < 0) is (row["retirado_em"] is not None), row
            if row["retirado_em"] is None:
                contacts.setdefault(row["lead_id"], {})[row["ordem"]] = row
        events: dict[int, list[dict[str, Any]]] = {}
        gone = {lead_id for (lead_id,) in rows(sql, stays.GONE, e=equipe_id)}
        for row in _rows(sql, equipe_id, "eventos", "id"):
            if row["lead_id"] in gone:
                continue
            # One without a version is of what was done about a lead, and changes nothing of it.
            if row["lead_id"] is not None and row["versao"] is not None:
                events.setdefault(row["lead_id"], []).append(row)
        return cls(
            _rows(sql, equipe_id, "leads", "id"),
            contacts,
            {row["lead_id"]: row for row in _rows(sql, equipe_id, "lead_pontuacao", "lead_id")},
            events,
            {row["chave"]: row for row in _rows(sql, equipe_id, "etapas", "id")},
            {
                row["lead_id"]: row["busca"]
                for row in _rows(sql, equipe_id, "lead_busca", "lead_id")
            },
        )


def check(sql: Engine, equipe_id: int) -> Tables:
    """Fail if anything is not what it follows from; the rows that were looked at."""
    tables = Tables.of(sql, equipe_id)
    ids = {lead["id"] for lead in tables.leads}
    for lead in tables.leads:
        _check_columns(lead)
        _check_stage(lead, tables.stages)
        _check_contacts(lead, tables.contacts.get(lead["id"], {}))
        _check_history(lead, tables.events[lead["id"]])
        kept = tables.scores.get(lead["id"])
        assert (kept and _score_kept(kept)) == _score(lead), _shown(lead, kept)
    assert set(tables.contacts) | set(tables.scores) <= ids
    assert set(tables.events) == set(tables.texts) == ids
    assert tables.texts == {lead["id"]: _search_text(lead) for lead in tables.leads}
    _check_stays(sql, equipe_id, tables.leads)
    check_queue(sql, equipe_id, exact=False)
    activities.kept(sql, equipe_id)
    assert counted(sql, equipe_id) == _owned(tables.leads)
    activities.told(sql, equipe_id)
    return tables


def counted(sql: Engine, equipe_id: int) -> Counter[tuple[int, str]]:
    """How many leads of each stage each person has, as it is counted."""
    found: Counter[tuple[int, str]] = Counter()
    for table in ("cargas", "cargas_delta"):
        for row in _rows(sql, equipe_id, table, "1"):
            found[row["usuario_id"], row["etapa"]] += row["n"]
    return Counter({key: n for key, n in found.items() if n})


def _owned(leads: list[dict[str, Any]]) -> Counter[tuple[int, str]]:
    return Counter(
        (lead["responsavel_id"], lead["etapa"])
        for lead in leads
        if lead["responsavel_id"] is not None and lead["excluido_em"] is None
    )


def _rows(sql: Engine, equipe_id: int, table: str, order: str) -> list[dict[str, Any]]:
    statement = text(f"select * from {table} where equipe_id = :e order by {order}")
    with sql.connect() as connection:
        return [dict(row) for row in connection.execute(statement, {"e": equipe_id}).mappings()]


def _shown(lead: dict[str, Any], *more: Any) -> str:
    return f"lead {lead['id']}: {lead} {more}"


def _check_columns(lead: dict[str, Any]) -> None:
    """Those of the lead's own columns that follow from others."""
    phone = lead["telefone"]
    expected = {
        "telefone_chave": phone and phone_match_key(phone),
        "busca": _search_text(lead),
        **{column: lead[name] and fold(lead[name]) for name, column in FOLDED.items()},
    }
    assert {name: lead[name] for name in expected} == expected, _shown(lead)


def _search_text(lead: dict[str, Any]) -> str:
    return fold_name(f"{lead['nome']} {lead['empresa'] or ''}")[:MAX_SEARCH]


def _check_stage(lead: dict[str, Any], stages: dict[str, dict[str, Any]]) -> None:
    stage = stages[lead["etapa"]]
    assert lead["excluido_em"] or stage["arquivada_em"] is None, _shown(lead)
    if stage["arquivada_em"] is None and lead["excluido_em"] is None:
        assert bool(lead["motivo_perda"]) is (stage["tipo"] == "perdida"), _shown(lead)
        assert bool(lead["fechado_em"]) is (stage["tipo"] != "aberta"), _shown(lead)


def _check_contacts(lead: dict[str, Any], kept: dict[int, dict[str, Any]]) -> None:
    """The principal ones are the lead's columns, the others are others."""
    principal = {0: ("telefone", lead["telefone"]), 1: ("email", lead["email"])}
    expected = {n: (tipo, valor) for n, (tipo, valor) in principal.items() if valor is not None}
    found = {n: (row["tipo"], row["valor"]) for n, row in kept.items() if n < 2}
    assert found == expected, _shown(lead, kept)
    for row in kept.values():
        chave = phone_match_key(row["valor"]) if row["tipo"] == "telefone" else row["valor"]
        final = chave[::-1] if row["tipo"] == "telefone" else None
        assert (row["chave"], row["final"], row["retirado_em"]) == (chave, final, None), row
    assert len({(row["tipo"], row["chave"]) for row in kept.values()}) == len(kept), kept
    assert len(kept) <= _MOST_CONTACTS, _shown(lead, kept)


def _check_history(lead: dict[str, Any], events: list[dict[str, Any]]) -> None:
    """One event for each version, from its creation to what it is now."""
    # What was done about a lead is no version of it.
    events = [event for event in events if not event["tipo"].startswith("atividade_")]
    told = [(event["tipo"], event["versao"]) for event in events]
    assert [versao for _, versao in told] == list(range(1, lead["versao"] + 1)), _shown(lead, told)
    live, etapa = False, None
    for event in events:
        live = _followed(live, event["tipo"])
        if event["para_etapa"]:
            assert event["de_etapa"] == etapa, _shown(lead, events)
            etapa = event["para_etapa"]
        assert event["campos"] == sorted(set(event["campos"])), event
    assert (live, etapa) == (lead["excluido_em"] is None, lead["etapa"]), _shown(lead, events)


def _followed(live: bool, tipo: str) -> bool:
    """Whether a lead is live after an event of this kind."""
    begins = tipo in ("lead_criado", "lead_restaurado")
    assert live is not begins, tipo
    return tipo != "lead_excluido"


def _score(lead: dict[str, Any]) -> tuple[Any, ...] | None:
    if lead["excluido_em"] is not None:
        return None
    points = [rule.pontos if _holds(rule, lead) else 0 for rule in DEFAULT.regras]
    score = min(100, max(0, DEFAULT.base + sum(points)))
    bands = {"quente": DEFAULT.faixas.quente, "morno": DEFAULT.faixas.morno, "frio": 0}
    faixa = next(faixa for faixa, least in bands.items() if score >= least)
    return score, faixa, points, lead["responsavel_id"], lead["etapa"]


def _score_kept(row: dict[str, Any]) -> tuple[Any, ...]:
    return row["score"], row["faixa"], row["pontos"], row["responsavel_id"], row["etapa"]


def _holds(rule: Rule, lead: dict[str, Any]) -> bool:
    value = lead[_COLUMN.get(rule.campo, rule.campo)]
    if value is None or rule.operador == "preenchido":
        return value is not None
    if rule.operador == "minimo":
        assert isinstance(rule.valor, int)
        return bool(value >= rule.valor * 100)
    assert isinstance(rule.valor, tuple)
    return fold(value) in {fold(str(each)) for each in rule.valor}


def _check_stays(sql: Engine, equipe_id: int, leads: list[dict[str, Any]]) -> None:
    kept, told = stays.kept(sql, equipe_id), stays.recomputed(sql, equipe_id)
    assert set(kept) == set(told)
    for lead in leads:
        assert kept[lead["id"]] == told[lead["id"]], _shown(lead, kept[lead["id"]])
        *before, last = kept[lead["id"]]
        now = (lead["etapa"], lead["etapa_desde"], None, lead["etapa_informada"])
        assert (last.etapa, last.entrou_em, last.saiu_em, last.informada) == now, _shown(lead, last)
        for stay, following in pairwise([*before, last]):
            assert stay.saiu_em is not None
            assert stay.entrou_em <= stay.saiu_em == following.entrou_em, _shown(lead, stay)
