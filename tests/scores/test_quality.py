"""How good probabilities are, on real outcomes that the equipe was not told: what `python -m bench
quality` prints of the whole file, of the extract that the demonstration has."""

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import numpy as np
from flask import Flask

from config import ROOT
from services.model.numerics.quality import auc, ece
from tests.support.api import Api, Team
from tests.support.closed import train
from tests.support.leads import all_leads, imported

_DEMO: Path = ROOT / "demo"
_SEEN = 1_400
Row = dict[str, str]


def _rows() -> list[Row]:
    """In a chance order, each with its number."""
    with (_DEMO / "bank-2000.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    random.Random(6).shuffle(rows)
    return [{"n": str(n), **row} for n, row in enumerate(rows)]


def _bring(api: Api, rows: list[Row]) -> None:
    mapping: dict[str, Any] = json.loads((_DEMO / "mapping.json").read_text("utf-8"))
    mapping["colunas"]["n"] = "id_externo"
    written = io.StringIO()
    lines = csv.DictWriter(written, list(rows[0]))
    lines.writeheader()
    lines.writerows(rows)
    assert imported(api, written.getvalue(), mapping)["criados"] == len(rows)


def test_real_leads_are_ranked_and_what_is_said_of_them_comes_true(app: Flask, team: Team) -> None:
    api, rows = team.gestor.api, _rows()
    age = {"campo": "atributos.idade", "motivo": "O produto depende da idade."}
    assert api.patch("/equipe", {"campos_permitidos": [age]}).status == 200
    _bring(api, rows[:_SEEN])
    _bring(api, [{**row, "y": "novo"} for row in rows[_SEEN:]])
    assert train(app, api, janela=False, guarda_calendario=False)["estado"] == "em_uso"
    told = [
        (lead["probabilidade"], rows[int(lead["id_externo"])])
        for lead in all_leads(api, etapa="novo")
    ]
    assert len(told) == len(rows) - _SEEN
    chance = np.array([said for said, _ in told], dtype=float)
    won = np.array([row["y"] == "yes" for _, row in told], dtype=float)
    logits = np.log(chance / (1 - chance))
    assert auc(logits, won) >= 0.65
    assert ece(logits, won) <= 0.05
