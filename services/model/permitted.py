"""Fields that a tenant decides to learn from although the product would not: with a reason, by whom
and since when."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.errors import Code, FieldError, Invalid
from services.rules.denied import by_name
from services.scores.features import find_feature
from utils.clock import iso

Permitted = Mapping[str, Mapping[str, Any]]
MAX_PERMITTED = 50
MAX_REASON = 500  # characters
_UNKNOWN = "O modelo não conhece este campo."
_TWICE = "O campo aparece duas vezes."


def permitted(
    kept: Permitted, asked: Sequence[Mapping[str, str]], by: int, at: datetime
) -> dict[str, dict[str, Any]]:
    """What is kept of the fields that are asked for, all of them: one whose reason has not changed
    stays as it is. Raises Invalid."""
    if errors := list(_errors(asked)):
        raise Invalid(fields=errors)
    told: dict[str, dict[str, Any]] = {}
    for each in asked:
        campo, motivo = each["campo"], each["motivo"]
        old = kept.get(campo)
        same = old is not None and old["motivo"] == motivo
        told[campo] = dict(old) if old and same else {"motivo": motivo, "por": by, "em": iso(at)}
    return told


def listed(kept: Permitted) -> list[dict[str, Any]]:
    return [{"campo": campo, **kept[campo]} for campo in sorted(kept)]


def _errors(asked: Sequence[Mapping[str, str]]) -> Iterator[FieldError]:
    seen = set()
    for n, each in enumerate(asked):
        campo, refused = each["campo"], by_name(each["campo"])
        named = f"campos_permitidos.{n}.campo"
        if find_feature(campo) is None:
            yield FieldError(named, Code.VALOR_INVALIDO, _UNKNOWN)
        elif refused and not refused.optional:
            yield FieldError(named, Code.VALOR_INVALIDO, refused.motivo)
        elif campo in seen:
            yield FieldError(named, Code.REPETIDO, _TWICE)
        seen.add(campo)
