"""A file of real outcomes as closed leads: what a tenant would have imported.

CSV with a header, gzipped or not; the last column says whether the lead was won. All others become
attributes, except what the product itself would never look at. The file has no full dates: rows are
taken to be in order and are spread evenly over 30 months.
"""

import csv
import gzip
import io
from collections import deque
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from services.model.learning import Sample
from services.rules.definition import Bands, Rule, RuleSet, to_json
from services.rules.fields import Lead

_FIRST = datetime(2023, 1, 2, tzinfo=UTC)
_SPAN = timedelta(days=912)
_WON = {"yes", "sim", "1", "true", "ganho", "won"}
_EMPTY = (
    "origem_chave produto_chave campanha cidade uf valor_centavos renda_centavos telefone email "
    "documento empresa id_externo responsavel_id proximo_contato_em ultimo_contato_em "
    "ultimo_resultado"
).split()
# What somebody who sells term deposits by telephone would write down before any outcome is known.
_RULES = tuple(
    Rule(f"atributos.{campo}", operador, valor, pontos, "Regra da equipe")
    for campo, operador, valor, pontos in (
        ("poutcome", "igual", "success", 20),
        ("contact", "igual", "cellular", 10),
        ("housing", "igual", "no", 8),
        ("job", "em", ("student", "retired"), 8),
        ("loan", "igual", "no", 6),
        ("education", "igual", "tertiary", 5),
        ("balance", "acima", 1_000, 5),
        ("campaign", "acima", 3, -5),
    )
)
# What such a team publishes. No lead's points are below 0 or above 100.
RULES = to_json(RuleSet(base=20, faixas=Bands(quente=60, morno=40), regras=_RULES))


def read(path: Path, latest: int | None = None) -> list[Sample]:
    """In the order of the file, without points of rules; all of them or the latest."""
    rows = deque(enumerate(_rows(path)), maxlen=latest)
    total = rows[-1][0] + 1
    return [_sample(number, row, total) for number, row in rows]


def _rows(path: Path) -> Iterator[Mapping[str, str]]:
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw).decode()
    mark = max(";,\t", key=text.partition("\n")[0].count)
    yield from csv.DictReader(io.StringIO(text), delimiter=mark)


def _sample(number: int, row: Mapping[str, str], rows: int) -> Sample:
    *names, outcome = row
    closed = _FIRST + _SPAN * number / rows
    lead = _lead({name: row[name] for name in names if row[name] not in ("", "NA")})
    return Sample(number, row[outcome].strip().lower() in _WON, closed, lead, None)


def _lead(attributes: dict[str, Any]) -> Lead:
    return {
        **dict.fromkeys(_EMPTY),
        **dict.fromkeys(("criado_em", "etapa_desde", "agora"), _FIRST),
        "etiquetas": [],
        "contatos": {},
        "atividades": 0,
        "tentativas": 0,
        "etapa": "",
        "atributos": attributes,
    }
