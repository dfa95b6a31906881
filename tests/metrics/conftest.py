"""A team whose figures can be worked out by hand."""

import pytest
from flask import Flask
from sqlalchemy import Engine

from tests.metrics.past import at, move, past
from tests.support.activities import act
from tests.support.api import Team, open_team
from tests.support.leads import run


@pytest.fixture
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of 20 March 2026, a Friday, in São Paulo."""
    at(monkeypatch, "2026-03-20T15:00:00Z")


@pytest.fixture(scope="module")
def march(app: Flask, sql: Engine) -> Team:
    """Six leads, which no test changes; all moments are noon UTC unless it says otherwise. V is the
    vendedor, K the colleague.

           origem  produto  valor  created        moved to                now
    A   V  Site    Seguro   1000   2 March        contatado 3, ganho 4    won after 2 days
    B   V  SITE             500    2 March        proposta 5, perdido 12  lost from proposta
    C   K  Feira            2000   10 February    ganho 10 March          won after 28 days
    D   V  Feira            800    9 March        proposta 11             open, p = 1/4, April
    E                       200    20 March, 14h                          open, p = 1/2, no month
    F   K  site             none   16 March       contatado 17            open, no p, April

    A was answered an hour after it came. D was promised a call for 19 March, F one for the 21st.
    """
    team = open_team(app)
    api, v, k = team.gestor.api, team.vendedor.id, team.colleague.id

    def noon(day: int) -> str:
        return f"2026-03-{day:02}T12:00:00Z"

    site, feira = {"origem": "Site"}, {"origem": "Feira"}
    a = past(api, noon(2), responsavel_id=v, valor="1000.00", produto="Seguro", **site)
    act(api, a, resultado="atendeu", concluida_em="2026-03-02T13:00:00Z")
    move(api, a, "contatado", noon(3))
    move(api, a, "ganho", noon(4))
    lost = (("proposta", noon(5)), ("perdido", noon(12)))
    past(api, noon(2), *lost, responsavel_id=v, valor="500.00", origem="SITE")
    won = ("ganho", noon(10))
    past(api, "2026-02-10T12:00:00Z", won, responsavel_id=k, valor="2000.00", **feira)
    april = {"previsto_para": "2026-04-15"}
    d = past(
        api, noon(9), ("proposta", noon(11)), responsavel_id=v, valor="800.00", **feira, **april
    )
    e = past(api, "2026-03-20T14:00:00Z", valor="200.00")
    f = past(api, noon(16), ("contatado", noon(17)), responsavel_id=k, origem="site", **april)
    for lead, day in ((d, 19), (f, 21)):
        body = {"proximo_contato_em": noon(day)}
        assert api.patch(f"/leads/{lead}", body).status == 200
    for lead, chance in ((d, 0.25), (e, 0.5)):
        learned = "update lead_pontuacao set probabilidade = :p where lead_id = :id"
        run(sql, learned, p=chance, id=lead)
    return team
