"""Sets of rules to start from, for what Brazilian sales teams sell; a draft is begun as a copy."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from services.rules.definition import RuleSet, from_json
from services.rules.standard import DEFAULT

_FILE = Path(__file__).with_name("ready_sets.json")


@dataclass(frozen=True, slots=True)
class ReadySet:
    nome: str
    titulo: str
    descricao: str
    regras: RuleSet


@cache
def ready_sets() -> tuple[ReadySet, ...]:
    return tuple(
        ReadySet(each["nome"], each["titulo"], each["descricao"], from_json(each["definicao"]))
        for each in json.loads(_FILE.read_text(encoding="utf-8"))
    )


def find_ready(nome: str) -> ReadySet | None:
    """The set of this name, if there is one."""
    return next((each for each in ready_sets() if each.nome == nome), None)


def is_of_the_team(rules: RuleSet) -> bool:
    """Whether somebody wrote these rules: they are neither those of every tenant nor a ready set's
    as it came."""
    given = [DEFAULT, *(each.regras for each in ready_sets())]
    return all(rules.regras != each.regras for each in given)
