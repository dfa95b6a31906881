"""What goes out comes in again as it was, in each format."""

import json
import re
from datetime import UTC, datetime
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, example, given, reject, settings
from hypothesis import strategies as st

from services.imports.mapping.targets import IMPORTABLE
from tests.support.activities import act
from tests.support.api import Api, Team, open_team
from tests.support.exports import FORMATS, export
from tests.support.leads import all_leads, cpf_of, upload
from utils.external_ids import normalize_external_id
from utils.text import clean_text

# What others would take for something else, alone or at the beginning of a text.
_HOSTILE = (
    "=1+1 +1 -1 @a ＝1 ﹢1 '=1 ''=1 '' ' \"=1 ‘=1 \u200b=1 \u2060-1 1.500 1,5 1.500,00 1,500.00 "
    "00123 123 -5 -0 0 1e5 N/A n/a NULL null nd - -- ? #N/D #REF! x X nenhum não true 12/01/2025 "
    "2026-08-01 R$5 R$1.500,00 5% +5511987654321 ; , | \" \"\" a;b a,b a|b a\tb '1.5 ''1.5 'N/A "
    '="00123" \'="1" =\'1 l:123 p:+5511987654321 _ ... null, {"a":1} [1] \\ \\N \\. a\\nb \'x'
).split(" ")
_WORDS = st.sampled_from(
    [*_HOSTILE, "não informado", "sem nome", "R$ 1.500", "a\nb", "a\r\nb", "'\n=1", "São João"]
)
_RAW = st.one_of(
    _WORDS,
    st.text(max_size=12),
    st.builds("{}{}".format, _WORDS, st.text(max_size=4)),
    st.builds("{} {}".format, _WORDS, _WORDS),
).map(lambda text: re.sub("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]", "", text))
_TEXT = _RAW.map(clean_text).filter(bool)
_TAG = _TEXT.filter(lambda text: len(text) <= 40 and not set(text) & set(",;|"))
_NUMBER = st.one_of(
    st.integers(-(2**63), 2**63 - 1),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0, -1, 1.5, -1.5, 1.234, 12.3456, 999.999, 1e-7, 1e300, 0.1 + 0.2, 10**15]),
    st.decimals(-1000, 1000, places=3).map(float),
)
_LEAF = st.one_of(_RAW, _NUMBER, st.booleans())
_INNER = st.one_of(_LEAF, st.none())
_VALUE = st.one_of(
    _LEAF,
    st.lists(_INNER, max_size=2),
    st.dictionaries(st.sampled_from(["a", "b"]), _INNER, max_size=2),
)
_KEYS = [
    "idade",
    "profissão",
    "x y",
    "=k",
    " k",
    "a,b",
    "a;b",
    "n\nm",
    "o,\np;q",
    '"q"',
    "atributos",
    "A",
    "a",
]
_EMAILS = "teste@teste.com.br a@a.com.br nao@tem.com.br +x@exemplo.com.br -x@exemplo.com.br".split()
_PHONES = "+5511999999999 +5511987654321 +551133334444 +12025550123".split()
_DOCUMENTS = ["12345678909", cpf_of("000000012"), cpf_of("110000001")]
_INSTANT = st.one_of(
    st.datetimes(datetime(1901, 1, 1), datetime(2199, 12, 31)),
    st.datetimes(datetime(1915, 1, 1), datetime(2199, 12, 31)).map(
        lambda t: t.replace(microsecond=0)
    ),
    # An hour that clocks in São Paulo showed twice, and the one before it.
    st.datetimes(datetime(2018, 2, 18, 1), datetime(2018, 2, 18, 3, 30)),
).map(lambda instant: instant.replace(tzinfo=UTC).isoformat())
_PAST = st.datetimes(datetime(1915, 1, 1), datetime(2025, 12, 31)).map(
    lambda instant: instant.replace(tzinfo=UTC).isoformat()
)


def _is_external_id(text: str) -> bool:
    try:
        return normalize_external_id(text) == text
    except ValueError:
        return False


# Others than the keys above, and so that no two leads of an example need to share one.
_CONTACT = st.one_of(
    # What a file says of nobody: from us it is what somebody has.
    st.builds(
        lambda n: {"tipo": "email", "valor": f"naotem{n}@exemplo.com.br"}, st.integers(0, 9**9)
    ),
    st.builds(
        lambda ddd: {"tipo": "telefone", "valor": f"+55{ddd}999999999"},
        st.sampled_from([21, 31, 41, 51, 61, 71, 81, 91]),
    ),
    st.builds(
        lambda n: {"tipo": "telefone", "valor": f"+55219{n}"}, st.integers(80_000_000, 90_000_000)
    ),
    st.builds(lambda n: {"tipo": "email", "valor": f"{n}@exemplo.com.br"}, st.integers(0, 9**9)),
    st.builds(
        lambda n: {"tipo": "whatsapp_id", "valor": f"BR.{n}"},
        st.uuids().map(lambda u: u.int % 10**12),
    ),
)
_STAGE = st.one_of(
    st.just({"etapa": "contatado"}),
    st.just({"etapa": "ganho"}),
    st.builds(lambda reason: {"etapa": "perdido", "motivo_perda": reason}, _TEXT),
)
_REST = st.fixed_dictionaries(
    {},
    optional={
        "empresa": _TEXT,
        "cidade": _TEXT,
        "uf": st.sampled_from(["SP", "RJ"]),
        "produto": _TEXT,
        "origem": _TEXT,
        "campanha": _TEXT,
        "valor": st.decimals(0, 999_999_999_999, places=2).map(str),
        "renda_mensal": st.decimals(0, 10_000, places=2).map(str),
        "etiquetas": st.lists(_TAG, unique=True, max_size=3),
        "previsto_para": st.dates(datetime(1901, 1, 1).date(), datetime(2199, 1, 1).date()).map(
            str
        ),
        "proximo_contato_em": _INSTANT,
        "ultimo_contato_em": _PAST,
        "atributos": st.dictionaries(st.sampled_from(_KEYS), _VALUE, max_size=4),
        "nao_contatar": st.just(True),
        "contatos": st.lists(_CONTACT, unique_by=lambda contact: contact["valor"], max_size=3),
    },
)
_LEAD = st.builds(lambda nome, rest, stage: {"nome": nome, **rest, **stage}, _TEXT, _REST, _STAGE)


@st.composite
def _leads(draw: Any) -> list[dict[str, Any]]:
    """A few leads, none of which is known by a key of another."""
    leads = draw(st.lists(_LEAD, min_size=1, max_size=4))
    for name, values in {
        "email": st.permutations(_EMAILS),
        "telefone": st.permutations(_PHONES),
        "documento": st.permutations(_DOCUMENTS),
        "id_externo": st.lists(_TEXT.filter(_is_external_id), unique=True, min_size=4, max_size=4),
    }.items():
        for lead, value in zip(leads, draw(values), strict=False):
            if draw(st.booleans()):
                lead[name] = value
    return leads


@pytest.fixture(scope="module")
def here(app: Flask) -> Team:
    return open_team(app)


@pytest.fixture(scope="module")
def there(app: Flask) -> Team:
    return open_team(app)


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(leads=_leads())
# Its row is written by Python, since an attribute moves.
@example(leads=[{"nome": "a\rb", "etapa": "novo", "atributos": {"idade": ""}}])
@example(
    leads=[
        {
            "nome": "Ana",
            "email": "ana@exemplo.com.br",
            "etapa": "novo",
            "contatos": [
                {"tipo": "email", "valor": "a@a.com"},
                {"tipo": "email", "valor": "joao@exemplo.com.br"},
                {"tipo": "telefone", "valor": "+5521999999999"},
            ],
        },
        {"nome": "Bia", "etapa": "novo", "contatos": [{"tipo": "email", "valor": "x@x.com"}]},
    ]
)
# A line of a text looks like a part of a row: the other one does not.
@example(leads=[{"nome": "0\n,", "etapa": "novo"}, {"nome": "a,b;c\nd", "etapa": "novo"}])
@pytest.mark.parametrize("formato", FORMATS)
def test_an_export_is_imported_as_it_was(
    here: Team, there: Team, formato: str, leads: list[dict[str, Any]]
) -> None:
    unwanted = [lead.pop("nao_contatar", False) for lead in leads]
    try:
        for lead, is_unwanted in zip(leads, unwanted, strict=True):
            reply = here.gestor.api.post("/leads", lead)
            if reply.status == 409:  # it has a contact of another one, and is no example
                reject()
            assert reply.status == 201, reply.body
            if is_unwanted:
                act(here.gestor.api, reply.data, resultado="nao_contatar")
        file = export(here.gestor.api, formato).raw
        reply = upload(there.gestor.api, file)
        assert reply.status == 200, reply.body
        assert (reply.data["criados"], reply.data["erros"]) == (len(leads), [])
        assert told(there.gestor.api) == told(here.gestor.api)
    finally:
        for api in (here.gestor.api, there.gestor.api):
            clear(api)


def told(api: Api) -> list[str]:
    """All that a file may say of each lead; as text, which tells 1 from true, but not from 1.0."""
    found = [api.get(f"/leads/{lead['id']}").raw for lead in all_leads(api)]
    leads = [json.loads(raw, parse_float=_number)["data"] for raw in found]
    names = (*IMPORTABLE, "atributos", "contatos")
    return sorted(json.dumps({n: lead[n] for n in names}, sort_keys=True) for lead in leads)


def _number(text: str) -> float:
    """To a workbook, as to JSON, 1.0 is 1."""
    return int(float(text)) if float(text).is_integer() else float(text)


def clear(api: Api) -> None:
    ids = [lead["id"] for lead in all_leads(api)]
    assert not ids or api.post("/leads/bulk", {"acao": "delete", "ids": ids}).status == 200
