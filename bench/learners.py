"""A tenant that learns from outcomes and reads what it is told of others: all of it over HTTP."""

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from typing import Any
from urllib.parse import quote

import numpy as np

from bench import asking, people
from bench.errors import BenchFailed
from bench.people import Team
from bench.site import Site
from services.model.learning import Sample
from services.model.numerics.columns import Floats
from utils.clock import iso

_LINES = 12_000  # of one file, so that any has room in one call
_PAGE = 100
_NUMBERS = count()
# The fields of a lead that a file has beside its attributes.
_FIELDS = ("id_externo", "etapa", "motivo_perda", "criado_em", "fechado_em")


class Learner:
    """A tenant of its own, with these rules in force from the beginning."""

    def __init__(self, site: Site, rules: dict[str, Any] | None = None) -> None:
        self.site = site
        self.team: Team = people.open_team(site, f"aprendiz{next(_NUMBERS)}")
        if rules is not None:
            asking.publish(site, self.team, rules)

    def permit(self, fields: Iterable[str]) -> None:
        opened = [{"campo": campo, "motivo": "O produto depende da idade."} for campo in fields]
        asking.data(self.site, "PATCH", "/equipe", self.team, {"campos_permitidos": opened})

    def bring(self, samples: Sequence[Sample], *, closed: bool, dated: bool = False) -> None:
        """Import them. What has closed comes as leads of their own, beside the open ones that were
        scored."""
        for first in range(0, len(samples), _LINES):
            part = samples[first : first + _LINES]
            asked = quote(json.dumps({"colunas": _columns(part)}))
            file = _file(part, closed, dated)
            told = people.import_csv(self.site, self.team, file, f"?mapeamento={asked}")
            if told["criados"] != len(part):
                raise BenchFailed(f"not all of {len(part)} leads were taken: {told}")

    def train(self, **asked: bool) -> dict[str, Any]:
        """The model card of what was learned."""
        job = asking.data(self.site, "POST", "/scores/model/train", self.team, asked)
        asking.wait(self.site, self.team, job)
        return asking.data(self.site, "GET", "/scores/model", self.team)

    def read(self, samples: Sequence[Sample]) -> tuple[Floats, Floats]:
        """Of these leads, which are the open ones: the logits of `probabilidade`, and `score`."""
        found = {lead["id_externo"]: lead for lead in self._open()}
        leads = [found[_key(each, closed=False)] for each in samples]
        if any(lead["probabilidade"] is None for lead in leads):
            raise BenchFailed("leads have no probability")
        chance = np.array([lead["probabilidade"] for lead in leads], dtype=float)
        return np.log(chance / (1 - chance)), np.array([lead["score"] for lead in leads], float)

    def _open(self) -> Iterator[dict[str, Any]]:
        place: str | None = ""
        while place is not None:
            path = f"/leads?etapa=novo&limite={_PAGE}" + (
                f"&cursor={quote(place)}" if place else ""
            )
            page = asking.data(self.site, "GET", path, self.team)
            yield from page["itens"]
            place = page["proximo"]


def _names(samples: Sequence[Sample]) -> list[str]:
    """Of all attributes, in the order of their appearance."""
    return list(dict.fromkeys(name for each in samples for name in each.lead["atributos"]))


def _columns(samples: Sequence[Sample]) -> dict[str, str]:
    """What a file's columns become. No attribute is taken for a field that is called alike."""
    own = {f"a_{name}": f"atributos.{name}" for name in _names(samples)}
    return {**{name: name for name in _FIELDS}, **own}


def _file(samples: Sequence[Sample], closed: bool, dated: bool) -> bytes:
    names, written = _names(samples), io.StringIO()
    lines = csv.writer(written)
    lines.writerow(_columns(samples))
    for each in samples:
        attributes = [each.lead["atributos"].get(name, "") for name in names]
        lines.writerow([*_fields(each, closed, dated), *attributes])
    return written.getvalue().encode()


def _key(sample: Sample, closed: bool) -> str:
    return f"{'fechado' if closed else 'aberto'}-{sample.lead_id}"


def _fields(sample: Sample, closed: bool, dated: bool) -> list[str]:
    """Without dates a lead came, and closed if it has, when the file was brought."""
    when = iso(sample.registrado_em) if dated else ""
    lost = "não informado" if closed and not sample.ganho else ""
    stage = ("ganho" if sample.ganho else "perdido") if closed else "novo"
    return [_key(sample, closed), stage, lost, when, when if closed else ""]
