"""Every figure of every view, held against the same counted plainly."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from sqlalchemy import Engine

from tests.metrics.plain import Plain
from tests.support.api import Api
from utils.clock import parse_instant
from utils.text import fold

_COUNTED = ("quantidade", "valor", "ganhos", "perdidos", "conversao", "valor_ganho")
_MOVED = ("novos", "ganhos", "perdidos", "valor_ganho")


def view(api: Api, name: str = "", **asked: Any) -> dict[str, Any]:
    query = urlencode({key: value for key, value in asked.items() if value is not None})
    path = f"/metrics/{name}" if name else "/metrics"
    reply = api.get(f"{path}?{query}" if query else path)
    assert reply.status == 200, reply.body
    data: dict[str, Any] = reply.data
    return data


class Checker:
    """Reads every view as one caller and compares it. `only`: the same filters for Plain."""

    def __init__(self, api: Api, sql: Engine, equipe_id: int, **only: Any) -> None:
        self._api, self._sql, self._equipe_id = api, sql, equipe_id
        self._only = only
        self._asked = {
            name: "nenhum" if name == "responsavel_id" and value is None else value
            for name, value in only.items()
        }

    def check(self) -> None:
        self.dashboard()
        self.funnel()
        self.cohorts()
        self.forecast()
        self.people()
        self.sources()
        self.series()
        self.times()

    def _read(self, name: str = "", **more: Any) -> tuple[dict[str, Any], Plain]:
        told = view(self._api, name, **self._asked, **more)
        now = parse_instant(told["gerado_em"])
        return told, Plain(self._sql, self._equipe_id, told["fuso"], now, **self._only)

    def dashboard(self, **days: Any) -> None:
        told, plain = self._read(**days)
        totals = plain.totals()
        assert {name: told[name] for name in totals} == totals
        de, ate = _days(told["periodo"])
        for name, length in (("hoje", 1), ("dias_7", 7), ("dias_30", 30)):
            first = plain.today - timedelta(days=length - 1)
            assert told[name] == plain.compared(first, plain.today), name
        period = {key: value for key, value in told["periodo"].items() if key not in ("de", "ate")}
        assert period == plain.compared(de, ate)
        _same_days(told["serie"], plain, de, ate)
        for field, name in (
            ("responsavel_id", "responsavel"),
            ("origem", "origem"),
            ("produto", "produto"),
            ("faixa", "faixa"),
        ):
            groups = {_key(group[field]): _of(group, _COUNTED) for group in told[f"por_{name}"]}
            assert groups == plain.groups(field), field
        stages = {each["etapa"]: (each["quantidade"], each["valor"]) for each in told["por_etapa"]}
        assert {key: value for key, value in stages.items() if value[0]} == plain.stages()
        won = plain.won_by(de, ate)
        ranked = {
            each["responsavel_id"]: (each["ganhos"], each["valor_ganho"])
            for each in told["ranking"]
            if each["ganhos"]
        }
        assert ranked == {key: value for key, value in won.items() if key is not None}
        assert told["tempo_ate_ganho"] == plain.until_won(de, ate)
        assert told["primeira_resposta"] == plain.first_response(de, ate)

    def funnel(self, **days: Any) -> None:
        told, plain = self._read("funnel", **days)
        found = {
            each["etapa"]: (each["entraram"], each["ganhos"], each["perdidos"])
            for each in told["etapas"]
            if each["entraram"] or each["perdidos"]
        }
        shown = {each["etapa"] for each in told["etapas"]}
        plainly = plain.funnel(*_days(told["coorte"]))
        assert found == {key: value for key, value in plainly.items() if key in shown}

    def cohorts(self) -> None:
        told, plain = self._read("cohorts", de=_long_ago(1), ate=_long_ago(0))
        found = {
            item["mes"]: (
                item["novos"],
                {each["n"]: each["ganhos"] for each in item["por_mes"] if each["ganhos"]},
            )
            for item in told["itens"]
            if item["novos"]
        }
        months = {item["mes"] for item in told["itens"]}
        plainly = {month: value for month, value in plain.cohorts().items() if month in months}
        assert found == plainly

    def forecast(self) -> None:
        told, plain = self._read("forecast")
        found = {
            item["mes"]: (item["quantidade"], item["esperado"], item["desvio"])
            for item in told["itens"]
        }
        assert found == plain.forecast()

    def people(self) -> None:
        told, plain = self._read("sellers")
        de, ate = _days(told["periodo"])
        for item in told["itens"]:
            alone = Plain(
                self._sql,
                self._equipe_id,
                told["fuso"],
                plain.now,
                **{**self._only, "responsavel_id": item["responsavel_id"]},
            )
            assert _of(item, _MOVED) == alone.movement(de, ate)
            assert item["abertos"] == len(alone.open())
            assert item["tempo_ate_ganho"] == alone.until_won(de, ate)
        assert sum(item["abertos"] for item in told["itens"]) == len(plain.open())

    def sources(self) -> None:
        told, plain = self._read("sources")
        de, ate = _days(told["periodo"])
        assert told["outros"] is None
        for item in told["itens"]:
            only = {**self._only, "origem": _key(item["origem"])}
            alone = Plain(self._sql, self._equipe_id, told["fuso"], plain.now, **only)
            assert _of(item, _MOVED) == alone.movement(de, ate)
            assert item["abertos"] == len(alone.open())
        assert sum(item["abertos"] for item in told["itens"]) == len(plain.open())

    def series(self) -> None:
        told, plain = self._read("series", de=_long_ago(1), ate=_long_ago(0))
        _same_days(told["itens"], plain, *_days(told["periodo"]))

    def times(self) -> None:
        told, plain = self._read("time-in-stage", de=_long_ago(1), ate=_long_ago(0))
        plainly = plain.time_in_stage(*_days(told["periodo"]))
        found = {item["etapa"]: _of(item, ("n", "mediana", "p90")) for item in told["itens"]}
        shown = {key: value for key, value in found.items() if value["n"]}
        assert shown == {key: value for key, value in plainly.items() if key in found}


def _same_days(items: list[dict[str, Any]], plain: Plain, de: date, ate: date) -> None:
    found = {date.fromisoformat(item["dia"]): _of(item, _MOVED) for item in items}
    assert list(found) == [de + timedelta(days=n) for n in range((ate - de).days + 1)]
    happened = {day: moved for day, moved in found.items() if any(list(moved.values())[:3])}
    for day in _busy(plain, de, ate) | set(happened):
        assert found[day] == plain.movement(day, day), day


def _busy(plain: Plain, de: date, ate: date) -> set[date]:
    moments = [lead.criado_em for lead in plain.leads]
    moments += [lead.fechado_em for lead in plain.leads if lead.fechado_em]
    return {day for day in map(plain.day, moments) if de <= day <= ate}


def _of(item: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: item[name] for name in names}


def _key(shown: Any) -> Any:
    return fold(shown) if isinstance(shown, str) else shown


def _days(period: dict[str, str]) -> tuple[date, date]:
    return date.fromisoformat(period["de"]), date.fromisoformat(period["ate"])


def _long_ago(years: int) -> str:
    return (date.today() + timedelta(days=2 - 700 * years)).isoformat()
