"""The dashboard: stocks as they are now, movements of the period and of the days before today."""

from collections.abc import Iterable, Iterator
from datetime import timedelta
from typing import Any

from services.metrics import durations, people, promises, team
from services.metrics.movements import Movements
from services.metrics.movements import parts as movement_parts
from services.metrics.people import Won
from services.metrics.reading.asked import USUAL, Days
from services.metrics.reading.cells import Row
from services.metrics.reading.statement import NAMES, OUTSIDE, Part
from services.metrics.reading.view import View
from services.metrics.sums import Outcome, by
from services.metrics.words import Words, ranked, words
from utils.calendars import number_of
from utils.money import to_money

_STOCKS = (
    Part("etapa", ("tipo",)),
    Part("etapa", ("chave",)),
    Part("etapa", ("tipo", "responsavel_id")),
    Part("etapa", ("tipo", "origem")),
    Part("etapa", ("tipo", "produto")),
    Part("faixa", ("tipo", "chave")),
    Part(NAMES),
    Part(OUTSIDE),
)
_FLOWS = (
    Part("ganho", ("responsavel_id",), "periodo"),
    Part("ate_ganho", ("balde",), "meses"),
    Part("resposta", ("balde",), "meses"),
)
_RECENT = 2 * USUAL


def dashboard(view: View) -> dict[str, Any]:
    days, recent = view.asked.days(view.today), _last(view, _RECENT)
    moves = [*movement_parts("dias"), *movement_parts("recentes")]
    parts = [*_STOCKS, *_FLOWS, *promises.PARTS, *moves]
    spans = promises.spans(view.instant) | {
        "periodo": days.numbers,
        "meses": days.months,
        "dias": (number_of(days.before.de), number_of(days.ate)),
        "recentes": recent.numbers,
    }
    rows = iter(view.read(parts, spans, promises.this_hour(view.instant)))
    return {
        **view.head(),
        **_stocks(view, rows),
        **_flows(view, rows),
        "promessas_vencidas": promises.count(next(rows) for _ in promises.PARTS),
        **_moves(view, Movements(list(rows)), days),
    }


def _last(view: View, count: int) -> Days:
    return Days(view.today - timedelta(days=count - 1), view.today)


def _stocks(view: View, rows: Iterator[list[Row]]) -> dict[str, Any]:
    total = Outcome.of(next(rows))
    stages = {row.chave: row for row in next(rows)}
    owners, sources, products, bands, names, outside = (next(rows) for _ in range(6))
    return {
        **_totals(total),
        "por_etapa": [
            stage.told() | _stage(stages.get(stage.chave)) for stage in team.stages(view.caller)
        ],
        "por_responsavel": _owners(view, owners),
        **_words(sources, words("origem", view.asked, names, outside), "origem"),
        **_words(products, words("produto", view.asked, names, outside), "produto"),
        "por_faixa": [
            {"faixa": band or None, **outcome.told()}
            for band, outcome in _largest(by(bands, lambda row: row.chave))
        ],
    }


def _totals(total: Outcome) -> dict[str, Any]:
    told = total.told()
    return {
        "total": total.quantidade,
        "abertos": total.abertos,
        "valor_aberto": to_money(total.valor_aberto),
        "valor_ponderado": total.expected(),
        **{name: told[name] for name in ("ganhos", "perdidos", "conversao", "valor_ganho")},
    }


def _stage(row: Row | None) -> dict[str, Any]:
    """Empty ones are there, too."""
    if row is None:
        return {"quantidade": 0, "valor": to_money(0)}
    return {"quantidade": row.n, "valor": to_money(row.valor)}


def _owners(view: View, rows: Iterable[Row]) -> list[dict[str, Any]]:
    known = team.people(view.caller)
    found = _largest(by(rows, lambda row: row.responsavel_id or 0))
    return [people.named(known, owner) | outcome.told() for owner, outcome in found]


def _largest[Key](groups: dict[Key, Outcome]) -> list[tuple[Key, Outcome]]:
    return sorted(groups.items(), key=lambda group: (-group[1].quantidade, str(group[0])))


def _words(rows: Iterable[Row], known: Words, field: str) -> dict[str, Any]:
    groups: dict[str, Outcome] = by(rows, lambda row: getattr(row, field))
    sizes = {key: outcome.quantidade for key, outcome in groups.items()}
    found = ranked(groups, sizes, known)
    rest = _sum(found.rest)
    return {
        f"por_{field}": [
            {field: known.text(key), **outcome.told()} for key, outcome in found.named
        ],
        f"por_{field}_outros": rest and {"grupos": found.grupos, **rest.told()},
    }


def _sum(outcomes: list[Outcome]) -> Outcome | None:
    if not outcomes:
        return None
    total = Outcome()
    for each in outcomes:
        total.merge(each)
    return total


def _flows(view: View, rows: Iterator[list[Row]]) -> dict[str, Any]:
    won = {row.responsavel_id or 0: Won(row.n, row.valor) for row in next(rows)}
    until, response = next(rows), next(rows)
    return {
        "ranking": _ranking(view, won),
        "tempo_ate_ganho": durations.told({row.balde or 0: row.n for row in until}),
        "primeira_resposta": durations.told({row.balde or 0: row.n for row in response}),
    }


def _ranking(view: View, won: dict[int, Won]) -> list[dict[str, Any]]:
    known = team.people(view.caller)
    active = [person for person, what in won.items() if what.ganhos]
    ids = people.listed(known, view.asked, active)
    return [
        people.named(known, person)
        | {
            "posicao": place,
            "ativo": known[person].ativo,
            "ganhos": won.get(person, Won()).ganhos,
            "valor_ganho": to_money(won.get(person, Won()).valor),
        }
        for place, person in people.placed(ids, view.asked, won)
    ]


def _moves(view: View, moves: Movements, days: Days) -> dict[str, Any]:
    return {
        "hoje": moves.compared(_last(view, 1)),
        "dias_7": moves.compared(_last(view, 7)),
        "dias_30": moves.compared(_last(view, 30)),
        "periodo": {"de": days.de, "ate": days.ate, **moves.compared(days)},
        "serie": moves.series(days),
    }
