"""`q` finds what a plain look at every name finds, page by page in every order."""

import csv
import io
import random
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine

from services.leads.fields import ORDER_NAMES
from services.leads.reading import finding, shapes
from tests.support.api import Api, Member, Team, open_team
from tests.support.leads import all_leads, create, imported, rows, tie
from utils.text import APOSTROPHES, clean_text, fold, fold_name

WORDS = ["Maria", "D'Ávila", "d’ávila", "José", "JOSE", "da", "Silva", "O`Neill", "100%", "a_b"]
WORDS += ["c\\d", "x", "Łukasz", "São", "Joãozinho", "%", "_", "\\", "Анна", "ana-maria", "a'b'c"]
ALPHABET = "abçéÁã %_\\'’`´-.&9Я"
WORD = st.sampled_from(WORDS) | st.text(st.sampled_from(ALPHABET.replace(" ", "")), max_size=6)
TEXT = st.lists(WORD, min_size=1, max_size=4).map(" ".join)
NAME = TEXT.filter(lambda text: bool(clean_text(text)))


@pytest.fixture(autouse=True, params=["whole", "in parts"])
def near(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """How far a search walks: past all leads of a test, or past a few, so that the index is asked;
    and that may find too many."""
    if request.param == "in parts":
        shapes.near_query.cache_clear()
        monkeypatch.setattr(shapes, "NEAR", 3)
        monkeypatch.setattr("services.leads.reading.listing.NEAR", 3)
        monkeypatch.setattr(finding, "MOST", 12)
        finding._query.cache_clear()
    yield
    monkeypatch.undo()
    shapes.near_query.cache_clear()
    finding._query.cache_clear()


def plain(lead: dict[str, Any], q: str) -> bool:
    """Whether every word is somewhere in the name or the company, by Python alone."""
    text = without(f"{lead['nome']} {lead['empresa'] or ''}")
    return all(word in text for word in without(q).split())


def without(text: str) -> str:
    """Folded, without apostrophes; said in another way than the product says it."""
    kept = "".join(char for char in text if char not in APOSTROPHES)
    return fold(kept)


def table(named: list[tuple[str, str | None]]) -> str:
    file = io.StringIO()
    csv.writer(file, quoting=csv.QUOTE_ALL).writerows([("nome", "empresa"), *named])
    return file.getvalue()


def found(api: Api, q: str, **query: Any) -> list[int]:
    return [lead["id"] for lead in all_leads(api, q=q, **query)]


class TestWhatIsFound:
    @pytest.mark.parametrize("q", ["davila", "D'AVILA", "d’ávila", "d`avila", "d avila", "vil"])
    def test_apostrophes_are_alike_and_may_be_left_out(self, team: Team, q: str) -> None:
        names = ["D'Ávila", "Dona D’Ávila", "DAVILA", "d´avila"]
        ids = [create(team.gestor.api, nome=name)["id"] for name in names]
        create(team.gestor.api, nome="Silva")
        assert found(team.gestor.api, q) == ids

    def test_a_word_is_found_by_its_beginning_its_middle_and_its_end(self, team: Team) -> None:
        lead = create(team.gestor.api, nome="Aparecida", empresa="Mecânica Roncador")
        for q in ("apar", "areci", "cida", "roncador mec", "ncad apa", "a", "ro"):
            assert found(team.gestor.api, q) == [lead["id"]], q
        assert found(team.gestor.api, "aparecidaa") == []

    @settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
    @given(st.lists(st.tuples(NAME, st.none() | NAME), min_size=1, max_size=12), st.lists(TEXT))
    def test_a_search_finds_what_a_plain_look_finds(
        self, team: Team, named: list[tuple[str, str | None]], asked: list[str]
    ) -> None:
        """Leads of one example stay for the next ones, so that there are more and more."""
        api = team.gestor.api
        imported(api, table(named))
        leads = all_leads(api)
        pieces = [
            nome[start : start + 4] for nome, _ in named[:3] for start in (0, 1, len(nome) // 2)
        ]
        for q in [*asked[:6], *pieces]:
            if not fold_name(q):
                continue
            expected = [lead["id"] for lead in leads if plain(lead, q)]
            assert found(api, q) == expected, q
            total = api.get("/leads", query_string={"q": q, "total": 1, "limite": 1}).data["total"]
            assert total == len(expected), q

    @pytest.mark.parametrize("q", ["'", "’ `", "´", "\u0301"])
    def test_what_has_no_letter_is_refused(self, team: Team, q: str) -> None:
        for reply in (
            team.gestor.api.get("/leads", query_string={"q": q}),
            team.gestor.api.post("/leads/search", {"q": q}),
        ):
            assert (reply.status, reply.campos) == (422, {"q": "VALOR_INVALIDO"})


@pytest.fixture(scope="module")
def sixty(app: Flask, sql: Engine) -> Team:
    """Leads with ties and gaps in every order, and with words of every frequency."""
    team = open_team(app)
    dice = random.Random(7)
    lines = ["nome,empresa,valor,proximo_contato_em,origem,etapa,responsavel_id"]
    for n in range(60):
        words = [
            word for word, every in (("comum", 2), ("raro", 25), ("médio", 6)) if n % every == 0
        ]
        company = "Água D'Ouro" if n % 5 == 0 else ""
        value = "" if n % 4 == 0 else str(n % 5)
        promise = "" if n % 3 else f"2031-01-0{n % 7 + 1}"
        stage = ("novo", "contatado")[n % 2]
        owner = team.vendedor.id if dice.random() < 0.5 else ""
        lines.append(
            f"L{n:02} {' '.join(words)},{company},{value},{promise},{('site', 'lista')[n % 2]},"
            f"{stage},{owner}"
        )
    assert imported(team.gestor.api, "\n".join(lines))["criados"] == 60
    tie(sql, team.equipe_id)
    return team


QS = ["comum", "raro", "d'ouro comum", "nenhum", "co ra"]
FILTERS: list[dict[str, Any]] = [{}, {"origem": "site"}, {"etapa": "contatado"}]


@pytest.mark.parametrize("order", ORDER_NAMES)
@pytest.mark.parametrize("role", ["gestor", "vendedor"])
def test_pages_of_a_search_are_those_of_a_plain_look(sixty: Team, order: str, role: str) -> None:
    """The same leads in the same order, none twice and none left out."""
    member: Member = getattr(sixty, role)
    for filters in FILTERS:
        whole = all_leads(member.api, ordenar=order, **filters)
        for q in QS:
            expected = [lead["id"] for lead in whole if plain(lead, q)]
            got = found(member.api, q, ordenar=order, limite=5, **filters)
            assert got == expected, (q, filters)


def test_by_person_and_of_nobody(sixty: Team) -> None:
    for owner in (sixty.vendedor.id, sixty.colleague.id, "nenhum"):
        for order in ("-criado_em", "score", "-valor"):
            whole = all_leads(sixty.gestor.api, ordenar=order, responsavel_id=owner)
            for q in QS:
                expected = [lead["id"] for lead in whole if plain(lead, q)]
                asked = {"ordenar": order, "responsavel_id": owner, "limite": 7}
                assert found(sixty.gestor.api, q, **asked) == expected, (q, owner)


def test_a_search_in_the_body_pages_like_the_list(sixty: Team) -> None:
    for q in QS:
        asked: dict[str, Any] = {"q": q, "ordenar": "-valor", "limite": 6, "total": True}
        expected = found(sixty.gestor.api, q, ordenar="-valor")
        got = []
        while True:
            data = sixty.gestor.api.post("/leads/search", asked).data
            got += [lead["id"] for lead in data["itens"]]
            assert data["total"] == len(expected)
            if data["proximo"] is None:
                break
            asked["cursor"] = data["proximo"]
        assert got == expected


class TestWhoIsLookedFor:
    def test_deleted_leads_are_found_among_the_deleted_ones(self, team: Team) -> None:
        api = team.gestor.api
        ids = [create(api, nome=f"Beatriz {n}")["id"] for n in range(6)]
        for lead_id in ids[:4]:
            assert api.delete(f"/leads/{lead_id}").status == 200
        assert found(api, "beatriz") == ids[4:]
        assert found(api, "beatriz", excluidos=1) == ids[:4]
        assert found(api, "beatriz", excluidos=1, ordenar="-score", limite=2) == ids[3::-1]
        assert api.post(f"/leads/{ids[0]}/restore").status == 200
        assert found(api, "beatriz") == [ids[0], *ids[4:]]
        assert found(api, "beatriz", excluidos=1) == ids[1:4]

    def test_another_equipe_is_never_found(self, team: Team, other_team: Team) -> None:
        for n in range(8):
            create(other_team.gestor.api, nome=f"Genoveva {n}")
        mine = create(team.gestor.api, nome="Genoveva")
        assert found(team.gestor.api, "genoveva") == [mine["id"]]
        reply = team.gestor.api.get("/leads?q=genoveva&total=1")
        assert reply.data["total"] == 1

    def test_a_vendedor_finds_their_own(self, team: Team) -> None:
        for n in range(8):
            create(team.gestor.api, nome=f"Zulmira {n}")
        mine = create(team.vendedor.api, nome="Zulmira")
        assert found(team.vendedor.api, "zulmira") == [mine["id"]]


def texts(sql: Engine, team: Team) -> dict[int, str]:
    return dict(
        rows(sql, "select lead_id, busca from lead_busca where equipe_id = :e", e=team.equipe_id)
    )


class TestWrites:
    def test_every_writer_keeps_the_texts(self, team: Team, sql: Engine) -> None:
        api = team.gestor.api
        lead = create(api, nome="D'Ávila", empresa="Antes")
        path = f"/leads/{lead['id']}"
        assert texts(sql, team) == {lead["id"]: "davila antes"}
        assert api.patch(path, {"empresa": "Depois"}).status == 200
        assert texts(sql, team) == {lead["id"]: "davila depois"}
        assert api.patch(path, {"empresa": None}).status == 200
        assert texts(sql, team) == {lead["id"]: "davila"}
        api.delete(path)
        assert texts(sql, team) == {lead["id"]: "davila"}
        api.post(f"{path}/restore")
        assert imported(api, "nome,email\nJoão,lead@exemplo.com.br\n")["criados"] == 1
        again = "nome,email\nJoão D’Ouro,lead@exemplo.com.br\n"
        assert imported(api, again, duplicados="atualizar")["atualizados"] == 1
        assert sorted(texts(sql, team).values()) == ["davila", "joao douro"]
