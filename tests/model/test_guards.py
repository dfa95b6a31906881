"""What is never learned from, and what only if people say so: each is named, with its reason."""

import random
from datetime import timedelta
from typing import Any

import pytest

from services.model.learning import learn
from services.rules import denied
from tests.model.closed import NOW, Attributes, closed, options


def _excluded(more: Attributes | None, n: int = 150, **changes: Any) -> dict[str, str]:
    """Reasons by field; what is excluded has no points."""
    days = changes.pop("days", 200)
    learned = learn(closed(n, more, days=days), options(**changes))
    assert learned.card is not None
    found = {each["campo"]: each["motivo"] for each in learned.relatorio["excluidos"]}
    assert set(found).isdisjoint(each.campo for each in learned.card.campos)
    assert "atributos.canal" not in found
    return found


def test_ordinary_fields_stay() -> None:
    assert _excluded(None) == {}


@pytest.mark.parametrize("n", [60, 600])
def test_a_field_that_gives_the_outcome_away_is_named(n: int) -> None:
    def gives_away(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        sure = won if dice.random() < 0.98 else not won
        return {"situacao": "assinou" if sure else "sumiu", "nivel": 90 + number % 9 if won else 10}

    found = _excluded(gives_away, n)
    assert set(found) == {"atributos.situacao", "atributos.nivel"}
    assert (
        "depois do desfecho" in found["atributos.nivel"]
        or "depois dele" in found["atributos.nivel"]
    )
    allowed = frozenset(found)
    assert _excluded(gives_away, n, permitidos=allowed) == {}


@pytest.mark.parametrize("outcome", [True, False])
def test_a_field_that_is_filled_after_one_outcome_is_named(outcome: bool) -> None:
    def filled(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        often = 0.4 if won is outcome else 0.03
        return {"contrato": dice.choice("xyz")} if dice.random() < often else {}

    assert "Preenchido" in _excluded(filled)["atributos.contrato"]


def test_a_field_that_appears_later_is_named_with_its_day() -> None:
    def later(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        return {"plano": dice.choice("abc")} if number >= 100 else {}

    day = f"{NOW - timedelta(days=200) * (1 / 3):%d/%m/%Y}"
    assert day in _excluded(later)["atributos.plano"]
    # Of leads that closed at one moment nobody can tell.
    assert _excluded(later, days=0) == {}


def test_constants_and_countless_values_are_named() -> None:
    def odd(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        return {"pais": "BR", "codigo": f"id-{number}"}

    found = _excluded(odd)
    assert "mesmo valor" in found["atributos.pais"]
    assert "demais" in found["atributos.codigo"]


def test_a_hundred_thousand_categories_are_too_many() -> None:
    def countless(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        return {f"c{place}": f"{number}-{place}" for place in range(25)}

    assert len(_excluded(countless, 4_000, janela=False)) == 25


PROTECTED = ["sexo", "Gênero", "gender", "raça", "cor_da_pele", "race", "etnia", "religião"]
PROTECTED += ["religion", "estado_civil", "EstadoCivil", "marital", "marital-status", "saude"]
PROTECTED += ["orientação sexual", "nacionalidade", "filiacao", "health_status", "CPF", "nome"]
PROTECTED += [
    "personal_status",
    "foreign_worker",
    "nomeCompleto",
    "e-mail",
    "telefone2",
    "observações",
    "cliente.sexo",
    "dados.cpf",
]


@pytest.mark.parametrize("name", PROTECTED)
def test_protected_fields_are_never_learned_from(name: str) -> None:
    campo = f"atributos.{name}"
    refused = denied.by_name(campo)
    assert refused is not None
    assert not refused.optional
    group, _, inner = name.partition(".")

    def protected(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        value = dice.choice("ab")
        return {group: {inner: value}} if inner else {name: value}

    assert set(_excluded(protected, permitidos=frozenset({campo}))) == {campo}


OPTIONAL = ["idade", "age", "faixa_etaria", "data_nascimento", "birthDate", "cep", "bairro"]
OPTIONAL += ["zip_code", "neighborhood", "endereco", "motivo_perda", "duration", "duracao_chamada"]


@pytest.mark.parametrize("name", OPTIONAL)
def test_age_fine_place_and_afterthoughts_only_by_opting_in(name: str) -> None:
    def optional(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        return {name: dice.choice("ab")}

    campo = f"atributos.{name}"
    assert set(_excluded(optional)) == {campo}
    assert _excluded(optional, permitidos=frozenset({campo})) == {}


FREE = ["profissao", "job", "produto", "nome_produto", "valor_credito", "canal", "balance", "loan"]
FREE += [
    "ano_do_veiculo",
    "dia_vencimento",
    "education",
    "default",
    "poutcome",
    "corretora",
    "cidade",
]
FREE += ["Vehicle_Age", "Do Not Email", "status_da_conta", "ganho_mensal", "construcao_civil"]
FREE += ["parcelas", "page_views", "contact", "previous", "storage", "segmento", "genericos"]


@pytest.mark.parametrize("name", FREE)
def test_names_that_only_look_alike_are_free(name: str) -> None:
    assert denied.by_name(f"atributos.{name}") is None


@pytest.mark.parametrize(
    "values",
    [
        ["M", "F"],
        ["Masculino", "Feminino", "outro"],
        ["casado", "solteira", "divorciado"],
        ["branca", "parda", "preta"],
        ["male single", "female div/dep/mar", "male mar/wid"],
        ["católico", "evangélica", "nenhuma"],
        ["123.456.789-09", "987.654.321-00"],
        ["a@b.com.br", "c@d.com"],
    ],
)
def test_what_values_mean_counts_however_the_field_is_named(values: list[str]) -> None:
    def hidden(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
        return {"campo7": values[number % len(values)]}

    found = _excluded(hidden, permitidos=frozenset({"atributos.campo7"}))
    assert set(found) == {"atributos.campo7"}


def _calendar(number: int, won: bool, dice: random.Random) -> dict[str, Any]:
    return {
        "month": dice.choice(["jan", "feb", "mar", "dec"]),
        "campo7": dice.choice(["segunda", "terça", "sexta", "sábado"]),
        "dia": str(number % 9),
        "prazo": dice.choice(["2024-01-05", "2024-03-09", "2025-11-30"]),
    }


def test_calendar_fields_wait_for_two_years() -> None:
    names = {"atributos.month", "atributos.campo7", "atributos.dia", "atributos.prazo"}
    assert set(_excluded(_calendar)) == names
    assert _excluded(_calendar, guarda_calendario=False) == {}
    assert _excluded(_calendar, janela=False, days=800) == {}
