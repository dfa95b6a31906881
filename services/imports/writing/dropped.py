"""What a line says that a lead in its stage cannot have, as a reason of loss of an open one.

It is left out, the line is taken all the same, and the report tells of it.
"""

from collections.abc import Iterable
from typing import Any

from models.imports.line import LineResult
from services.imports.writing.staging import MATCHED, NEW, STAGE, UNCHANGED, run
from services.leads.stages import (
    CLOSING_UNFITTING,
    PROMISE_UNFITTING,
    REASON_UNFITTING,
    closing_kept_sql,
    promise_kept_sql,
    reason_kept_sql,
)

_KEPT = {
    "motivo_perda": reason_kept_sql,
    "fechado_em": closing_kept_sql,
    "proximo_contato_em": promise_kept_sql,
}
# A new lead may be closed and have a promise.
_OF_NEW = ("motivo_perda", "fechado_em")


def _dropped(stage: str, names: Iterable[str], has: str = "null") -> str:
    """The names of what a line `t` says itself, and no default, and this stage does not take.
    `has`: what the lead has already, which is not taken from it."""
    cases = ", ".join(
        f"case when t.{name} is not null and t.{name} is distinct from {has.format(name)} "
        f"and {_KEPT[name](stage, f't.{name}')} is null "
        f"and not coalesce('{name}' = any(t.padroes), false) then '{name}' end"
        for name in names
    )
    return f"array_remove(array[{cases}], null)"


_SETS = ", ".join(f"{name} = {kept(STAGE, f't.{name}')}" for name, kept in _KEPT.items())
_SAID = " or ".join(f"t.{name} is not null" for name in _KEPT)
_DROP = (
    f"update linhas_importadas t set {_SETS}, caidos = {_dropped(STAGE, _KEPT, 'l.{}')} "
    f"from leads l where {MATCHED} and ({_SAID})"
)
_ERRORS = ", ".join(
    f"('{error.campo}', '{error.codigo}', '{error.mensagem}')"
    for error in (REASON_UNFITTING, CLOSING_UNFITTING, PROMISE_UNFITTING)
)
_TELL = f"""
insert into importacao_linhas
  (equipe_id, importacao_id, linha, n, resultado, lead_id, campo, codigo, mensagem)
select :equipe_id, :importacao_id, linha, n, resultado, lead_id, campo, codigo, mensagem
from (
  select linha, '{LineResult.CRIADA}' as resultado, null::bigint as lead_id,
    {_dropped("t.etapa", _OF_NEW)} as caidos
  from linhas_importadas t where {NEW}
  union all
  select linha, case when {UNCHANGED} then '{LineResult.IGUAL}' else '{LineResult.ATUALIZADA}' end,
    lead_id, caidos
  from linhas_importadas where motivo is null and caidos <> '{{}}'
) t cross join lateral unnest(caidos) with ordinality d(campo, n)
join (values {_ERRORS}) m(campo, codigo, mensagem) using (campo)
"""


def drop(parameters: dict[str, Any]) -> None:
    """Of the lines that are about a lead."""
    run(_DROP, **parameters)


def tell(parameters: dict[str, Any]) -> int:
    """Of all lines that are taken; how many values."""
    return run(_TELL, **parameters)
