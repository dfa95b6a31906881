"""Whether a set of rules can be applied, beyond what each of its fields must be by itself."""

import json
from collections import Counter
from collections.abc import Iterator

from services.errors import Code, FieldError
from services.rules.conditions import OPERATORS, Unfit, check
from services.rules.definition import Rule, RuleSet, to_json
from services.rules.fields import FIELDS, find

# Of the whole set as JSON: what is compared with stands in the statement of every write.
MAX_BYTES = 65_536
_TOO_LONG = FieldError(
    "regras", Code.LONGO_DEMAIS, f"As regras juntas passam de {MAX_BYTES // 1024} KB."
)
_UNKNOWN = "Este campo não existe."
_NO_OPERATOR = "Este operador não existe."
_NO_GROUP = "Este grupo não está em grupos."
_TWICE = "Há dois grupos com este nome."
_UPSIDE_DOWN = "O mínimo do grupo passa do máximo."
_BANDS = "A faixa quente começa acima da morna."


def errors_of(rules: RuleSet) -> list[FieldError]:
    """All that is wrong, each with its place on the wire."""
    errors = [*_bands(rules), *_groups(rules), *_rules(rules)]
    if len(json.dumps(to_json(rules), ensure_ascii=False).encode()) > MAX_BYTES:
        errors.append(_TOO_LONG)
    return errors


def _bands(rules: RuleSet) -> Iterator[FieldError]:
    if rules.faixas.quente <= rules.faixas.morno:
        yield FieldError("faixas.quente", Code.VALOR_INVALIDO, _BANDS)


def _groups(rules: RuleSet) -> Iterator[FieldError]:
    count = Counter(group.nome for group in rules.grupos)
    for place, group in enumerate(rules.grupos):
        if count[group.nome] > 1:
            yield FieldError(f"grupos.{place}.nome", Code.REPETIDO, _TWICE)
        if None not in (group.minimo, group.maximo) and (group.minimo or 0) > (group.maximo or 0):
            yield FieldError(f"grupos.{place}.minimo", Code.VALOR_INVALIDO, _UPSIDE_DOWN)


def _rules(rules: RuleSet) -> Iterator[FieldError]:
    groups = [group.nome for group in rules.grupos]
    for place, rule in enumerate(rules.regras):
        if found := _unfit(rule):
            yield _at(place, found)
        if rule.grupo is not None and rule.grupo not in groups:
            unknown = FieldError("grupo", Code.VALOR_INVALIDO, _NO_GROUP)
            yield _at(place, unknown.among(rule.grupo, groups))


def _unfit(rule: Rule) -> FieldError | None:
    if find(rule.campo) is None:
        return FieldError("campo", Code.VALOR_INVALIDO, _UNKNOWN).among(rule.campo, FIELDS)
    if rule.operador not in OPERATORS:
        error = FieldError("operador", Code.VALOR_INVALIDO, _NO_OPERATOR)
        return error.among(rule.operador, OPERATORS)
    try:
        check(rule)
    except Unfit as error:
        return FieldError(error.part, Code.VALOR_INVALIDO, str(error))
    return None


def _at(place: int, error: FieldError) -> FieldError:
    return FieldError(
        f"regras.{place}.{error.campo}", error.codigo, error.mensagem, error.opcoes, error.parecido
    )
